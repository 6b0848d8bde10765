"""Rows that are computed from the other rows of a projection, many at a time, as frames."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Final, Protocol, get_args, get_origin, get_type_hints

import polars as pl

from projections.projection import Table

New = Mapping[Table, Iterable[Any]]
"""Rows that facts have just written, by table."""


class Held(Protocol):
    """The rows of a projection as they are after some fact."""

    @property
    def zone(self) -> str:
        """The ledger's zone, in which a date means a whole day."""

    def frame(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        account_ids: Collection[str] | None = None,
        since: datetime | None = None,
    ) -> pl.DataFrame:
        """These columns of the rows of ``table``, in no order.

        Of these accounts, where they are given, and of what occurred at ``since`` or later. JSON
        is text.
        """


@dataclass(frozen=True, slots=True)
class Derived:
    """Rows that stand in place of others from now on."""

    table: Table
    instead_of: Mapping[str, Sequence[str]]
    """Which others: those that have one of the values in each of these columns."""
    rows: pl.DataFrame
    """With all columns of the table; JSON is text."""


_KINDS: Final[Mapping[type, pl.DataType]] = {
    str: pl.String(),
    int: pl.Int64(),
    bool: pl.Boolean(),
    datetime: pl.Datetime("us", "UTC"),
    dict: pl.String(),
}


@cache
def schema(table: Table) -> pl.Schema:
    """The columns of a frame of rows of ``table``."""
    return pl.Schema({name: _KINDS[kind] for name, kind in _kinds(table).items()})


def _kinds(table: Table) -> Mapping[str, type]:
    hints = get_type_hints(table.row)
    return {name: _kind(hints[name]) for name in table.row._fields}


def _kind(hint: Any) -> type:
    first = get_args(hint)[0] if get_origin(hint) is UnionType else hint
    found: type = get_origin(first) or first
    return found


@cache
def _documents(table: Table) -> tuple[int, ...]:
    """The places of its columns that are JSON."""
    return tuple(place for place, kind in enumerate(_kinds(table).values()) if kind is dict)


def framed(table: Table, rows: Iterable[Any]) -> pl.DataFrame:
    """``rows`` of ``table`` as a frame."""
    documents = _documents(table)
    written = [
        [json.dumps(value) if place in documents else value for place, value in enumerate(row)]
        if documents
        else row
        for row in rows
    ]
    return pl.DataFrame(written, schema=schema(table), orient="row")


def unframed(table: Table, frame: pl.DataFrame) -> Iterator[Any]:
    """The rows of ``frame``, which has all columns of ``table``."""
    documents = _documents(table)
    for values in frame.iter_rows():
        row = list(values)
        for place in documents:
            row[place] = json.loads(row[place])
        yield table.row._make(row)


@dataclass(frozen=True, slots=True)
class InMemory:
    """The rows of a projection that were folded in memory."""

    rows: New
    zone: str

    def frame(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        account_ids: Collection[str] | None = None,
        since: datetime | None = None,
    ) -> pl.DataFrame:
        """See :meth:`Held.frame`."""
        found = framed(table, self.rows.get(table, ()))
        if account_ids is not None:
            found = found.filter(pl.col("account_id").is_in(list(account_ids)))
        if since is not None:
            found = found.filter(pl.col("occurred_at") >= since)
        return found.select(columns)
