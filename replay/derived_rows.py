"""What is derived from the rows that the facts say, put beside them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

import polars as pl

from projections.derivation import InMemory, schema, unframed
from projections.projection import Projection, Table
from replay.expected_rows import ExpectedRows

_PART: Final = 5_000
"""How many rows are held before they are put into a frame."""


def derived_into(rows: ExpectedRows, projection: Projection, zone: str) -> Iterator[int]:
    """Put what ``projection`` derives from ``rows`` beside them; tells how many, part by part."""
    if projection.derive is None:
        return
    told = {table: _OfTable(rows, table) for table in projection.tables if any(rows.of(table))}
    for derived in projection.derive(_Held(rows, zone), told):
        for row in unframed(derived.table, derived.rows):
            rows[derived.table, derived.table.key_of(row)] = row
        yield len(derived.rows)


@dataclass(frozen=True, slots=True)
class _OfTable(Iterable[Any]):
    """The rows of one table, none of them in memory."""

    rows: ExpectedRows
    table: Table

    def __iter__(self) -> Iterator[Any]:
        return self.rows.of(self.table)


@dataclass(frozen=True, slots=True)
class _Held:
    """`projections.derivation.Held` of rows that are not in memory."""

    rows: ExpectedRows
    zone: str

    def frame(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        account_ids: Collection[str] | None = None,
        since: datetime | None = None,
    ) -> pl.DataFrame:
        """See :meth:`projections.derivation.Held.frame`."""
        told, found = self.rows.of(table), [schema(table).to_frame().select(columns)]
        while part := list(islice(told, _PART)):
            held = InMemory({table: part}, self.zone)
            found.append(held.frame(table, columns, account_ids=account_ids, since=since))
        return pl.concat(found)
