"""A-05: the ways in which row security is known to be on and yet to hold nobody back."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors
from psycopg.sql import SQL, Identifier

from projections.access import BRANCH
from projections.catalogue import PROJECTIONS as ALL
from projections.people import RELATIONSHIP
from projections.projection import ForEverybody
from readmodels.builds import begin, followed
from readmodels.guards import reader_role
from readmodels.reading import reading
from readmodels.scope import COMPANY, NOTHING, Scope
from runtime.store.migrate import migrate
from runtime.store.postgres import connection_pool
from tests.access.ledgers import PROJECTIONS, opened, told
from tests.access.reference import sees
from tests.access.world import TODAY, made

pytestmark = pytest.mark.postgres

Connection = psycopg.Connection[Any]

WORLD: Final = made(11)
GUARDED: Final = [
    table
    for projection in PROJECTIONS
    for table in projection.tables
    if not isinstance(table.guard, ForEverybody)
]
LEDGER: Final = "traps"


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    with told(database_url, LEDGER, WORLD):
        return database_url


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with opened(url, LEDGER) as found:
        yield found


def seen_by(me: str, *, manages: bool = False) -> set[str]:
    """The ids of the opportunities that ``me`` sees, as the reference has it."""
    return {
        record.removeprefix("opportunity-")
        for record in WORLD.places
        if record.startswith("opportunity-") and sees(WORLD, me, record, manages=manages)
    }


SELLERS: Final = sorted(WORLD.people, key=lambda one: len(seen_by(one)))
FEW: Final = SELLERS[0]
MANY: Final = SELLERS[-1]


def rep(me: str) -> Scope:
    return Scope("rep", me, TODAY)


def opportunities(connection: Connection, query: str = "SELECT {id} FROM {table}") -> set[str]:
    text = query.format(id="opportunity_id", table="opportunity")
    return {one for (one,) in connection.execute(text.encode()).fetchall()}


def counted(connection: Connection, table: str) -> int:
    row = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


def as_reader(connection: Connection) -> None:
    """Take the reader's role and find the tables, as a careless hand might."""
    schemas = [f"{LEDGER}_{one.name}_1" for one in PROJECTIONS]
    path = SQL(", ").join(map(Identifier, [LEDGER, *schemas]))
    connection.execute(SQL("SET LOCAL search_path TO {}").format(path))
    connection.execute(SQL("SET LOCAL ROLE {}").format(Identifier(reader_role(LEDGER))))


def test_the_sellers_see_something_and_not_the_same() -> None:
    """Else none of these tests could fail."""
    assert seen_by(FEW) < set(opportunity_ids())
    assert len(seen_by(MANY)) > len(seen_by(FEW))


def opportunity_ids() -> list[str]:
    return [one.removeprefix("opportunity-") for one in WORLD.places if one.startswith("oppo")]


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.name)
def test_without_a_scope_no_row_is_seen(connection: Connection, table: Any) -> None:
    with connection.transaction():
        as_reader(connection)
        assert counted(connection, table.name) == 0
    with reading(connection, NOTHING):
        assert counted(connection, table.name) == 0
    with reading(connection, COMPANY):
        assert counted(connection, table.name) > 0 or table is RELATIONSHIP


def test_without_a_scope_not_even_what_everybody_sees(connection: Connection) -> None:
    with connection.transaction():
        as_reader(connection)
        assert counted(connection, BRANCH.name) == 0


def test_a_pooled_connection_keeps_nothing_of_the_question_before(url: str) -> None:
    with connection_pool(url, LEDGER, size=1) as pool:
        for scope, expected in (
            (COMPANY, set(opportunity_ids())),
            (rep(FEW), seen_by(FEW)),
            (rep(MANY), seen_by(MANY)),
            (NOTHING, set()),
        ):
            with pool.connection() as one:
                with reading(one, scope):
                    assert opportunities(one) == expected
                left = one.execute(
                    "SELECT current_user = session_user, current_setting('keyledger.scope', true)"
                ).fetchone()
                assert left == (True, "")


def test_an_error_in_the_middle_leaves_nothing_behind(url: str) -> None:
    with connection_pool(url, LEDGER, size=1) as pool:
        with (
            pytest.raises(errors.DivisionByZero),
            pool.connection() as one,
            reading(one, COMPANY),
        ):
            one.execute("SELECT 1 / 0")
        with pool.connection() as one, one.transaction():
            as_reader(one)
            assert opportunities(one) == set()


def test_a_statement_prepared_for_one_is_not_another_ones(connection: Connection) -> None:
    """Executed often enough for a plan that is made once and for all."""
    query = b"SELECT opportunity_id FROM opportunity"
    for scope, expected in (
        (COMPANY, set(opportunity_ids())),
        (rep(FEW), seen_by(FEW)),
        (rep(MANY), seen_by(MANY)),
    ):
        for _ in range(8):
            with reading(connection, scope):
                rows = connection.execute(query, prepare=True).fetchall()
            assert {one for (one,) in rows} == expected


def test_there_is_no_view_and_none_can_be_made(connection: Connection) -> None:
    row = connection.execute(
        "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE relkind IN ('v', 'm') AND nspname LIKE %s",
        [f"{LEDGER}%"],
    ).fetchone()
    assert row == (0,)
    for made_as in ("CREATE VIEW", "CREATE TEMP VIEW", "CREATE TABLE"):
        with pytest.raises(psycopg.Error), reading(connection, rep(FEW)):
            connection.execute(f"{made_as} v AS SELECT * FROM opportunity".encode())


def test_no_function_runs_with_its_makers_rights(connection: Connection) -> None:
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE prosecdef) FROM pg_proc"
        " JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE nspname = %s",
        [LEDGER],
    ).fetchone()
    assert row is not None
    assert row[0] > 5
    assert row[1] == 0
    with connection.transaction():
        as_reader(connection)
        for name in ("visible_accounts()", "visible_streams()", "own_regions()", "own_people()"):
            assert connection.execute(f"SELECT {name}".encode()).fetchall() == []


@pytest.mark.parametrize(
    "query", ["COPY {table} TO STDOUT", "COPY (SELECT {id} FROM {table}) TO STDOUT"]
)
def test_a_copy_holds_what_may_be_seen(connection: Connection, query: str) -> None:
    text = query.format(id="opportunity_id", table="opportunity").encode()
    with reading(connection, rep(FEW)), connection.cursor().copy(text) as copy:
        rows = b"".join(bytes(part) for part in copy).decode().splitlines()
    assert {row.split("\t")[0] for row in rows} == seen_by(FEW)


def test_a_cursor_on_the_server_holds_what_may_be_seen(connection: Connection) -> None:
    with reading(connection, rep(FEW)), connection.cursor(name="page") as cursor:
        rows = cursor.execute("SELECT opportunity_id FROM opportunity").fetchall()
    assert {one for (one,) in rows} == seen_by(FEW)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT {id} FROM (SELECT * FROM {table} OFFSET 0) AS o",
        "WITH o AS MATERIALIZED (SELECT * FROM {table}) SELECT {id} FROM o",
        "SELECT {id} FROM {table} UNION SELECT {id} FROM {table}",
        "SELECT o.{id} FROM {table} AS o LEFT JOIN {table} AS p ON p.version <> o.version",
        "SELECT {id} FROM {table} WHERE valid_to IS NULL OR valid_to IS NOT NULL FOR READ ONLY",
    ],
)
def test_no_way_of_asking_goes_round_it(connection: Connection, query: str) -> None:
    with reading(connection, rep(FEW)):
        assert opportunities(connection, query) == seen_by(FEW)


@pytest.mark.parametrize("table", ["events", "receipts", "person_key", "person_index", "relay"])
def test_the_reader_reads_answers_and_nothing_else(connection: Connection, table: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege), reading(connection, COMPANY):
        counted(connection, table)


def test_the_reader_writes_nothing(connection: Connection) -> None:
    with connection.transaction(force_rollback=True):
        as_reader(connection)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("DELETE FROM opportunity")


def test_the_readers_role_is_bound_by_the_rules(connection: Connection) -> None:
    role = connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s",
        [reader_role(LEDGER)],
    ).fetchone()
    assert role == (False, False, False)


def test_every_table_of_every_read_model_is_guarded(url: str) -> None:
    """Also those that nobody has thought of here."""
    migrate(url, "traps_all", "UTC")
    with opened(url, "traps_all") as one:
        for projection in ALL:
            begin(one, projection, "current")
        bare = one.execute(
            "SELECT relname FROM pg_class JOIN read_model"
            " ON tables = relnamespace::regnamespace::text"
            " WHERE relkind = 'r' AND NOT (relrowsecurity"
            " AND (SELECT count(*) FROM pg_policy WHERE polrelid = pg_class.oid) = 1)"
        ).fetchall()
        guarded = one.execute("SELECT count(DISTINCT polrelid) FROM pg_policy").fetchone()
    assert bare == []
    assert guarded is not None
    assert guarded[0] >= sum(len(projection.tables) for projection in ALL)


@pytest.fixture(scope="module")
def keeper_url(database_url: str) -> str:
    """The database as an owner who is no superuser sees it."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEROLE")
        connection.execute("GRANT CREATE ON DATABASE postgres TO keeper")
    parts = urlsplit(database_url)
    return parts._replace(netloc="keeper:@").geturl()


def test_an_owner_who_is_no_superuser_folds_and_is_held_back_in_a_question(keeper_url: str) -> None:
    with told(keeper_url, "kept", WORLD) as connection:
        for scope, expected in (
            (COMPANY, set(opportunity_ids())),
            (rep(FEW), seen_by(FEW)),
            (NOTHING, set()),
        ):
            with reading(connection, scope):
                assert opportunities(connection) == expected
                user = connection.execute("SELECT current_user").fetchone()
                assert user == (reader_role("kept"),)


def test_who_goes_past_a_question_finds_no_table(connection: Connection) -> None:
    """The owner is not bound by the rules: a door that forgets to ask as the reader must fail."""
    with pytest.raises(errors.UndefinedTable):
        opportunities(connection)


def test_read_models_of_an_earlier_release_are_guarded_when_they_are_followed(url: str) -> None:
    with told(url, "earlier", WORLD) as connection:
        forget_guards(connection)
        migrate(url, "earlier", "UTC")
        with reading(connection, COMPANY):
            assert opportunities(connection) == set(opportunity_ids())
        with reading(connection, rep(MANY)):
            assert opportunities(connection) == set()
        for projection in PROJECTIONS:
            followed(connection, projection)
        with reading(connection, rep(MANY)):
            assert opportunities(connection) == seen_by(MANY)


def forget_guards(connection: Connection) -> None:
    """Bring the ledger to where a release without row security left it."""
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables JOIN read_model ON tables = schemaname"
    ).fetchall()
    for name in tables:
        for statement in (
            "DROP POLICY reader ON {}",
            "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
            "COMMENT ON TABLE {} IS NULL",
        ):
            connection.execute(SQL(statement).format(Identifier(*name)))
    for (function,) in connection.execute(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'"
        " AND proname <> 'refuse_change'"
    ).fetchall():
        connection.execute(f"DROP FUNCTION {function}".encode())
    connection.execute("DELETE FROM migration WHERE name = '0006_access.sql'")
