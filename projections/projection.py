"""What every projection is: tables of rows and a pure fold over facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from events.event import Event
from events.recorded import Recorded


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """One kind of row: a ``NamedTuple`` whose fields are the columns, in order.

    Column types follow from the annotations: ``str``, ``int``, ``bool``, ``datetime``, ``dict``
    (JSON) and ``tuple[str, ...]``, each possibly ``| None``.
    """

    name: str
    row: type[NamedTuple]
    key: tuple[str, ...]
    """The columns that name a row."""
    indexes: tuple[tuple[str, ...], ...] = ()
    """Columns that queries look rows up by, besides the key."""


Key = tuple[Table, tuple[Any, ...]]
"""A table and the values of a row's key columns."""

Rows = Mapping[Key, Any]
"""Rows by key; ``None`` for a row that is not there."""


@dataclass(frozen=True, eq=False, slots=True)
class Projection:
    """One question's interpretation of the facts.

    ``keys`` names the rows that are already there and that a fact builds on. ``evolve`` is given
    those, and returns the rows the fact writes, new ones included. Both are pure, ask no clock,
    and never refuse a fact. Telling a fact twice gives the same rows. A changed meaning is a new
    ``version``. Personal values are kept sealed.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    subscribes: frozenset[type[Event]] | None
    """The facts it cares about; ``None`` for every fact."""
    keys: Callable[[Recorded[Any]], tuple[Key, ...]]
    evolve: Callable[[Rows, Recorded[Any]], Rows]

    def wants(self, event: Event) -> bool:
        """Whether this projection cares about ``event``."""
        return self.subscribes is None or type(event) in self.subscribes


def fold(projection: Projection, rows: dict[Key, Any], recorded: Recorded[Any]) -> None:
    """Fold one fact into ``rows``, which holds every row there is so far."""
    if projection.wants(recorded.event):
        known = {key: rows.get(key) for key in projection.keys(recorded)}
        rows.update(projection.evolve(known, recorded))
