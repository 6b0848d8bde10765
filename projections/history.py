"""Rows that remember: one for each version of a record, valid from one fact to the next.

Each such row is keyed by the record's id and version and ends with the columns ``valid_from``,
``valid_to``, ``known_from`` and ``known_to``: from when it was true, until when (``None``: still),
when we knew of it, and when we knew of its end. A record's facts never go back in time, so a fact
of version v writes row v and closes row v - 1; both keys follow from the fact alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.recorded import Recorded
from projections.projection import Key, Rows, Table

Interval = tuple[datetime, None, datetime, None]


def interval(recorded: Recorded[Any]) -> Interval:
    """The last four columns of a row that a fact begins."""
    return recorded.envelope.occurred_at, None, recorded.envelope.recorded_at, None


def row_before(table: Table, identity: str, recorded: Recorded[Any]) -> tuple[Key, ...]:
    """The row that was valid until this fact; none before the first fact of a record."""
    version = recorded.envelope.version
    return () if version == 1 else ((table, (identity, version - 1)),)


def begin(table: Table, row: Any) -> Rows:
    """The first row of a record."""
    return {(table, row[:2]): row}


def succeed(rows: Rows, recorded: Recorded[Any], changes: Mapping[str, Any]) -> Rows:
    """The one row in ``rows`` closed, and the next one: the same but for ``changes``."""
    ((key, last),) = rows.items()
    table, (identity, _) = key
    at, known_at = recorded.envelope.occurred_at, recorded.envelope.recorded_at
    version = recorded.envelope.version
    # Put together by place: naming every column would cost as much as all the rest of a fold.
    closed = last._make((*last[:-3], at, last.known_from, known_at))
    changed = last._replace(**changes)
    following = last._make((identity, version, *changed[2:-4], at, None, known_at, None))
    return {key: closed, (table, (identity, version)): following}
