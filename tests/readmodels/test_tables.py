"""What goes into a table comes out of it, whatever is in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.projection import ForEverybody, Table
from readmodels.tables import create, load, replace, whole

pytestmark = pytest.mark.postgres

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
HOSTILE: Final = st.sampled_from(
    ["", "\\N", "\\", "\t", "\n", "\r", '"', "{}", "NULL", "a\\tb", ","]
)
WORDS: Final = TEXT | HOSTILE
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


class Row(NamedTuple):
    """A column of every kind, with and without a value."""

    word: str
    number: int
    maybe_word: str | None
    maybe_number: int | None
    truth: bool
    at: datetime
    maybe_at: datetime | None
    document: dict[str, Any]
    words: tuple[str, ...]


TABLE: Final = Table(
    "everything", Row, guard=ForEverybody(), key=("word", "number"), indexes=(("at",),)
)
INSTANT: Final = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is added below
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
)
ROWS: Final = st.lists(
    st.builds(
        Row,
        WORDS,
        st.integers(-(2**53), 2**53),
        st.none() | WORDS,
        st.none() | st.integers(-(2**53), 2**53),
        st.booleans(),
        INSTANT,
        st.none() | INSTANT,
        st.dictionaries(WORDS, JSON, max_size=3),
        st.lists(WORDS, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row[:2],
)


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA test_tables")
        create(connection, "test_tables", TABLE)
        yield connection


STREAM: Final = pytest.mark.parametrize("stream", [True, False], ids=["stream", "statements"])


@STREAM
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS)
def test_rows_come_out_as_they_went_in(
    connection: psycopg.Connection[Any], stream: bool, rows: list[Row]
) -> None:
    keys = [row[:2] for row in rows]
    with connection.transaction(force_rollback=True):
        replace(connection, "test_tables", TABLE, [], rows, stream=stream)
        assert load(connection, "test_tables", TABLE, keys) == dict(zip(keys, rows, strict=True))
        assert list(whole(connection, "test_tables", TABLE)) == sorted(
            rows, key=lambda row: (row.word.encode(), row.number)
        )


@STREAM
def test_a_row_is_put_in_the_place_of_the_one_that_is_taken_away(
    connection: psycopg.Connection[Any], stream: bool
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    one = Row("a", 1, None, None, False, now, None, {}, ())
    two, changed = one._replace(number=2), one._replace(words=("x", "y"))
    with connection.transaction(force_rollback=True):
        replace(connection, "test_tables", TABLE, [], [one, two], stream=stream)
        replace(connection, "test_tables", TABLE, [one[:2]], [changed], stream=stream)
        assert list(whole(connection, "test_tables", TABLE)) == [changed, two]


@STREAM
def test_a_row_that_was_not_taken_away_is_never_overwritten(
    connection: psycopg.Connection[Any], stream: bool
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    one = Row("a", 1, None, None, False, now, None, {}, ())
    with connection.transaction(force_rollback=True):
        replace(connection, "test_tables", TABLE, [], [one], stream=stream)
        with pytest.raises(psycopg.errors.UniqueViolation):
            replace(connection, "test_tables", TABLE, [], [one], stream=stream)
