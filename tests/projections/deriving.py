"""What is derived from rows that were folded in memory."""

from collections.abc import Mapping
from typing import Any

from projections.derivation import InMemory, unframed
from projections.projection import Key, Projection, Rows, Table


def by_table(rows: Rows) -> dict[Table, list[Any]]:
    """Rows by their tables."""
    found: dict[Table, list[Any]] = {}
    for (table, _), row in rows.items():
        found.setdefault(table, []).append(row)
    return found


def derived_rows(projection: Projection, rows: Mapping[Key, Any], zone: str) -> dict[Key, Any]:
    """Every row that is derived from ``rows``, which are all there are, under its key."""
    if projection.derive is None:
        return {}
    held = by_table(rows)
    return {
        (derived.table, derived.table.key_of(row)): row
        for derived in projection.derive(InMemory(held, zone), held)
        for row in unframed(derived.table, derived.rows)
    }
