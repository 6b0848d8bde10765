"""Tables made of row types: their DDL, and rows in and out of them, many at a time."""

import hashlib
import json
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, LiteralString, get_args, get_origin, get_type_hints

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb

from projections.projection import Table
from readmodels import copying

_FETCH: Final = 5_000
"""How many rows of a whole table are held at a time."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one type of column is kept: its SQL type, and how its values travel there and back."""

    sql: LiteralString
    write: Callable[[Any], Sequence[str]]
    """A column of many rows, as text to be copied in."""
    adapt: Callable[[Any], Any] | None = None
    """One value, as a parameter; ``None``: as it stands."""
    read: Callable[[Any], Any] | None = None
    collate: LiteralString = ""


_KINDS: Final[Mapping[Any, Kind]] = types.MappingProxyType(
    {
        # Compared byte by byte: faster than any language's order, and the same everywhere.
        str: Kind("text", copying.texts, collate='COLLATE "C"'),
        int: Kind("bigint", copying.integers),
        bool: Kind("boolean", copying.booleans),
        datetime: Kind("timestamptz", copying.instants),
        dict: Kind("jsonb", copying.documents, adapt=Jsonb),
        tuple: Kind("text[]", copying.lists, adapt=list, read=tuple),
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    optional: bool


@cache
def columns(table: Table) -> tuple[Column, ...]:
    """The columns of ``table``, in order, as its row type has them."""
    hints = get_type_hints(table.row)
    return tuple(_column(name, hints[name]) for name in table.row._fields)


def _column(name: str, hint: Any) -> Column:
    parts = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    (only,) = [part for part in parts if part is not types.NoneType]
    origin = get_origin(only) or only
    # A literal type is kept as the type of its words.
    kind = _KINDS.get(origin) or _KINDS[type(get_args(only)[0])]
    return Column(name, kind, types.NoneType in parts)


def create(connection: Connection[Any], schema: str, table: Table) -> None:
    """Make ``table`` and its indexes in ``schema``."""
    definitions = [
        SQL("{} {} {} {}").format(
            Identifier(column.name),
            SQL(column.kind.sql),
            SQL(column.kind.collate),
            SQL("" if column.optional else "NOT NULL"),
        )
        for column in columns(table)
    ]
    connection.execute(
        SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(
            Identifier(schema, table.name), SQL(", ").join(definitions), _names(table.key)
        )
    )
    for index in table.indexes:
        connection.execute(
            SQL("CREATE INDEX ON {} ({})").format(Identifier(schema, table.name), _names(index))
        )


def load(
    connection: Connection[Any], schema: str, table: Table, keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Any]:
    """The rows of ``table`` with one of ``keys``, by key; keys without a row are left out."""
    if not keys:
        return {}
    values = [list(column) for column in zip(*keys, strict=True)]
    with connection.cursor(binary=True) as cursor:
        cursor.execute(_load(schema, table), values, prepare=True)
        rows = [_row(table, values) for values in cursor.fetchall()]
    places = _places(table)
    return {tuple(row[place] for place in places): row for row in rows}


def replace(
    connection: Connection[Any],
    schema: str,
    table: Table,
    gone: Sequence[tuple[Any, ...]],
    rows: Sequence[Any],
    *,
    stream: bool,
) -> None:
    """Take away the rows with the keys ``gone``, then put ``rows`` in; none of them is there.

    Putting in what was taken away is how a row changes: to PostgreSQL it is the same work as an
    update. ``stream`` is many times cheaper for many rows; for a few, statements that travel
    together in a pipeline are.
    """
    if gone:
        values = [list(column) for column in zip(*gone, strict=True)]
        connection.execute(_remove(schema, table), values, prepare=True)
    with connection.cursor() as cursor:
        if stream:
            writers = [column.kind.write for column in columns(table)]
            with cursor.copy(_copy(schema, table)) as copy:
                copy.write(copying.lines(rows, writers))
        else:
            cursor.executemany(_insert(schema, table), [_parameters(table, row) for row in rows])


def whole(connection: Connection[Any], schema: str, table: Table) -> Iterator[Any]:
    """Every row of ``table`` in order of its key, a part in memory at a time.

    ``connection`` is in a transaction.
    """
    with connection.cursor(name=f"{schema} {table.name}", binary=True) as cursor:
        cursor.itersize = _FETCH
        cursor.execute(
            SQL("SELECT {} FROM {} ORDER BY {}").format(
                _names(table.row._fields), Identifier(schema, table.name), _names(table.key)
            )
        )
        for values in cursor:
            yield _row(table, values)


def digest(connection: Connection[Any], schema: str, tables: Sequence[Table]) -> str:
    """SHA-256 over all rows of ``tables`` in order of their keys, in hexadecimal.

    ``connection`` is in a transaction.
    """
    state = hashlib.sha256()
    for table in tables:
        state.update(f"{table.name}\n".encode())
        for row in whole(connection, schema, table):
            state.update(json.dumps(row, default=str, sort_keys=True).encode() + b"\n")
    return state.hexdigest()


def _row(table: Table, values: Sequence[Any]) -> Any:
    return table.row._make(
        column.kind.read(value) if column.kind.read and value is not None else value
        for column, value in zip(columns(table), values, strict=True)
    )


def _parameters(table: Table, row: Any) -> list[Any]:
    return [
        column.kind.adapt(value) if column.kind.adapt and value is not None else value
        for column, value in zip(columns(table), row, strict=True)
    ]


@cache
def _load(schema: str, table: Table) -> bytes:
    query = SQL("SELECT {} FROM {} JOIN {} USING ({})").format(
        _names(table.row._fields), _wanted(table), Identifier(schema, table.name), _names(table.key)
    )
    return query.as_bytes()


@cache
def _remove(schema: str, table: Table) -> bytes:
    same = SQL(" AND ").join(
        SQL("kept.{0} = wanted.{0}").format(Identifier(name)) for name in table.key
    )
    query = SQL("DELETE FROM {} AS kept USING {} WHERE {}").format(
        Identifier(schema, table.name), _wanted(table), same
    )
    return query.as_bytes()


@cache
def _insert(schema: str, table: Table) -> bytes:
    values = SQL(", ").join(SQL("%b") for _ in table.row._fields)
    query = SQL("INSERT INTO {} ({}) VALUES ({})").format(
        Identifier(schema, table.name), _names(table.row._fields), values
    )
    return query.as_bytes()


@cache
def _copy(schema: str, table: Table) -> bytes:
    query = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(schema, table.name), _names(table.row._fields)
    )
    return query.as_bytes()


def _wanted(table: Table) -> Composed:
    kinds = {column.name: column.kind for column in columns(table)}
    keys = SQL(", ").join(SQL("%b::{}[]").format(SQL(kinds[name].sql)) for name in table.key)
    return SQL("unnest({}) AS wanted ({})").format(keys, _names(table.key))


@cache
def _places(table: Table) -> tuple[int, ...]:
    return tuple(table.row._fields.index(name) for name in table.key)


def _names(names: Sequence[str]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in names)
