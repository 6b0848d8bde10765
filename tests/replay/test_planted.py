"""Every table of every read model is verified: what is planted in a row is found and named."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any, Final

import psycopg
import pytest

from events.event import Event
from events.recorded import Recorded
from projections.catalogue import PROJECTIONS
from projections.projection import Projection, Table
from readmodels import tables
from replay.verify import Watch, verify
from runtime.read_models import Answering, answering, whole_store
from tests.access.past import facts
from tests.examples.cast import NOON
from tests.readmodels.conftest import Fact, Told
from tests.runtime.store.ledgers import Ledger

pytestmark = pytest.mark.postgres

Planted = tuple[str, str]
"""Where, and what is to be said of it."""


@pytest.fixture(scope="module")
def held(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A ledger that holds facts of every kind, and its read models."""
    told = Told(Ledger(database_url, "planted"))
    told.tell(
        *(
            (
                one.envelope.occurred_at.replace(tzinfo=None).isoformat(),
                one.envelope.stream,
                one.event,
            )
            for one in facts()
        )
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET search_path TO planted")
        yield connection


def _told(fact: Recorded[Event]) -> Fact:
    envelope = fact.envelope
    return envelope.occurred_at.replace(tzinfo=None).isoformat(), envelope.stream, fact.event


def change(held: psycopg.Connection[Any], schema: str, table: Table, row: Any) -> Planted:
    """Every column but those of the key."""
    others = [name for name in row._fields if name not in table.key]
    changed = row._replace(**{name: _other(table, name, getattr(row, name)) for name in others})
    tables.replace(held, schema, table, [_key(table, row)], [changed], stream=False)
    return _named(table, row), f"not what the facts say: {', '.join(others)}"


def remove(held: psycopg.Connection[Any], schema: str, table: Table, row: Any) -> Planted:
    tables.replace(held, schema, table, [_key(table, row)], [], stream=False)
    return _named(table, row), "a row is missing"


def add(held: psycopg.Connection[Any], schema: str, table: Table, row: Any) -> Planted:
    more = row._replace(**{table.key[0]: _other(table, table.key[0], getattr(row, table.key[0]))})
    tables.replace(held, schema, table, [], [more], stream=False)
    return _named(table, more), "a row is there that no fact says"


_ANOTHER: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": lambda value: f"{value}~",
    "bigint": lambda value: (value or 0) + 1_000_000,
    "boolean": lambda value: not value,
    "timestamptz": lambda value: (value or NOON) + timedelta(microseconds=1),
    "jsonb": lambda value: {"planted": value},
    "text[]": lambda value: (*(value or ()), "planted"),
}
"""By the type of a column: another value than the one it has, or than none."""

PLANTS: Final = (change, remove, add)
CASES: Final = [
    pytest.param(projection, table, plant, id=f"{table.name}-{plant.__name__}")
    for projection in PROJECTIONS
    for table, plant in product(projection.tables, PLANTS)
    if plant is not change or set(table.row._fields) != set(table.key)
]


@pytest.mark.parametrize(("projection", "table", "plant"), CASES)
def test_what_is_planted_in_one_row_is_found_and_named(
    held: psycopg.Connection[Any],
    projection: Projection,
    table: Table,
    plant: Callable[[psycopg.Connection[Any], str, Table, Any], Planted],
) -> None:
    with held.transaction(force_rollback=True):
        (model,) = answering(held, [projection])
        rows = list(model.rows(table))
        assert rows, "nothing is told of it: tests/access/past.py has to"
        where, detail = plant(held, model.build.schema, table, rows[len(rows) // 2])
        assert differences(held, model) == [(where, detail)]


def test_without_anything_planted_there_is_no_difference(held: psycopg.Connection[Any]) -> None:
    with held.transaction():
        assert differences(held, *answering(held, PROJECTIONS)) == []


def differences(held: psycopg.Connection[Any], *models: Answering) -> list[Planted]:
    report = verify(whole_store(held), models, "UTC", Watch(lambda _: None))
    assert report is not None
    return [(one.where, one.detail) for one in report.differences]


def _other(table: Table, name: str, value: Any) -> Any:
    """Another value that the column takes."""
    (column,) = (one for one in tables.columns(table) if one.name == name)
    return _ANOTHER[column.kind.sql](value)


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in table.key)


def _named(table: Table, row: Any) -> str:
    return f"{table.name} {'/'.join(str(part) for part in _key(table, row))}"
