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

from projections.projection import Table

_FETCH: Final = 5_000
"""How many rows of a whole table are held at a time."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one type of column is kept: its SQL type, and how a value travels there and back."""

    sql: LiteralString
    sent_as: LiteralString
    """The type of a column's values on their way in."""
    arriving: LiteralString = "{}"
    """What makes the column's value of them."""
    send: Callable[[Any], Any] | None = None
    read: Callable[[Any], Any] | None = None


_TEXTS: Final[LiteralString] = "ARRAY(SELECT jsonb_array_elements_text({}))"
_KINDS: Final[Mapping[Any, Kind]] = types.MappingProxyType(
    {
        str: Kind("text", "text"),
        int: Kind("bigint", "bigint"),
        bool: Kind("boolean", "boolean"),
        datetime: Kind("timestamptz", "timestamptz"),
        dict: Kind("jsonb", "text", "{}::jsonb", send=json.dumps),
        # An array of arrays would be taken apart on its way in.
        tuple: Kind("text[]", "jsonb", _TEXTS, send=json.dumps, read=tuple),
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
        SQL("{} {} {}").format(
            Identifier(column.name),
            SQL(column.kind.sql),
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


def store(connection: Connection[Any], schema: str, table: Table, rows: Sequence[Any]) -> None:
    """Write ``rows``, each in place of the one with its key, if there is one."""
    if not rows:
        return
    sent = [
        [None if value is None else column.kind.send(value) for value in values]
        if column.kind.send
        else list(values)
        for column, values in zip(columns(table), zip(*rows, strict=True), strict=True)
    ]
    connection.execute(_store(schema, table), sent, prepare=True)


def whole(connection: Connection[Any], schema: str, table: Table) -> Iterator[Any]:
    """Every row of ``table`` in order of its key, a part in memory at a time.

    ``connection`` is in a transaction.
    """
    order = SQL(", ").join(
        SQL('{} COLLATE "C"').format(Identifier(name)) if kind is str else Identifier(name)
        for name, kind in _key_types(table)
    )
    with connection.cursor(name=f"{schema} {table.name}", binary=True) as cursor:
        cursor.itersize = _FETCH
        cursor.execute(
            SQL("SELECT {} FROM {} ORDER BY {}").format(
                _names(table.row._fields), Identifier(schema, table.name), order
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


@cache
def _load(schema: str, table: Table) -> Composed:
    kinds = {column.name: column.kind for column in columns(table)}
    wanted = SQL(", ").join(SQL("%b::{}[]").format(SQL(kinds[name].sql)) for name in table.key)
    return SQL("SELECT {} FROM unnest({}) AS wanted ({}) JOIN {} USING ({})").format(
        _names(table.row._fields),
        wanted,
        _names(table.key),
        Identifier(schema, table.name),
        _names(table.key),
    )


@cache
def _store(schema: str, table: Table) -> Composed:
    sent = SQL(", ").join(SQL("%b::{}[]").format(SQL(one.kind.sent_as)) for one in columns(table))
    arriving = SQL(", ").join(
        SQL(one.kind.arriving).format(Identifier(one.name)) for one in columns(table)
    )
    changed = [name for name in table.row._fields if name not in table.key]
    return SQL(
        "INSERT INTO {table} SELECT {arriving} FROM unnest({sent}) AS arrived ({names})"
        " ON CONFLICT ({key}) DO UPDATE SET {changes}"
    ).format(
        table=Identifier(schema, table.name),
        arriving=arriving,
        sent=sent,
        names=_names(table.row._fields),
        key=_names(table.key),
        changes=SQL(", ").join(
            SQL("{0} = excluded.{0}").format(Identifier(name)) for name in changed
        ),
    )


def _key_types(table: Table) -> list[tuple[str, Any]]:
    hints = get_type_hints(table.row)
    return [(name, hints[name]) for name in table.key]


@cache
def _places(table: Table) -> tuple[int, ...]:
    return tuple(table.row._fields.index(name) for name in table.key)


def _names(names: Sequence[str]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in names)
