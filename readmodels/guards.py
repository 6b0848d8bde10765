"""Row security: what a table's guard is in PostgreSQL."""

from typing import Any, Final, assert_never

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from projections.access import PLACED
from projections.projection import (
    ByAccount,
    ByEmployee,
    ByFact,
    ByKind,
    ByRecord,
    CompanyWide,
    ForEverybody,
    Guard,
    Table,
)

# As a subquery it is looked up once for each statement, not for each row.
_SCOPE: Final = SQL("(SELECT current_setting('keyledger.scope', true))")

_ACTOR: Final = SQL("actor = 'employee-' || current_setting('keyledger.employee', true)")


def reader_role(ledger: str) -> str:
    """The database role that questions to the ledger in the schema ``ledger`` are asked as."""
    return f"keyledger_{ledger}_reader"


def sees(guard: Guard) -> Composable:
    """The condition under which a row may be read, in the scope that is set; none: no row."""
    match guard:
        case ForEverybody():
            return SQL("{} <> ''").format(_SCOPE)
        case CompanyWide():
            return SQL("{} = 'company'").format(_SCOPE)
        case ByAccount(column):
            rest: Composable = SQL("{} IN (SELECT visible_accounts())").format(Identifier(column))
        case ByRecord(kind, column):
            rest = SQL("{} IN (SELECT visible_records({}))").format(
                Identifier(column), Literal(kind)
            )
        case ByKind(kind_column, column):
            rest = SQL(
                "CASE WHEN {kind} = ANY ({placed})"
                " THEN {kind} || '-' || {record} IN (SELECT visible_streams())"
                " ELSE account_id IN (SELECT visible_accounts()) END"
            ).format(
                kind=Identifier(kind_column),
                record=Identifier(column),
                placed=Literal(sorted(PLACED)),
            )
        case ByEmployee(column):
            rest = SQL("{} IN (SELECT own_people())").format(Identifier(column))
        case ByFact():
            rest = SQL(
                "CASE WHEN split_part(record, '-', 1) = ANY ({placed})"
                " THEN record IN (SELECT visible_streams())"
                " WHEN account_id IS NOT NULL THEN account_id IN (SELECT visible_accounts())"
                " ELSE {actor} END"
            ).format(placed=Literal(sorted(PLACED)), actor=_ACTOR)
        case unknown:
            assert_never(unknown)
    return SQL("{} = 'company' OR {}").format(_SCOPE, rest)


def protect(connection: Connection[Any], ledger: str, schema: str, table: Table) -> None:
    """Have ``table`` in ``schema`` guarded as it says; nothing where it is.

    Its owner is not bound: to an owner who is bound, and is no superuser, PostgreSQL refuses the
    COPY that rows are put in with. ``connection`` is the ledger's, in whatever state.
    """
    named, reader = Identifier(schema, table.name), Identifier(reader_role(ledger))
    policy = SQL("CREATE POLICY reader ON {} FOR SELECT TO {} USING ({})").format(
        named, reader, sees(table.guard)
    )
    text = policy.as_string(connection)
    found = connection.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", [named.as_string(connection)]
    ).fetchone()
    if found == (text,):
        return
    with connection.transaction():
        connection.execute(SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(named))
        connection.execute(SQL("GRANT SELECT ON {} TO {}").format(named, reader))
        connection.execute(SQL("DROP POLICY IF EXISTS reader ON {}").format(named))
        connection.execute(policy)
        connection.execute(SQL("COMMENT ON TABLE {} IS {}").format(named, Literal(text)))
