"""What every projection is: tables of rows and a pure fold over facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from events.event import Event
from events.recorded import Recorded

if TYPE_CHECKING:
    from projections.derivation import Derived, Held, New


@dataclass(frozen=True, slots=True)
class ForEverybody:
    """Every key that works sees the rows: there is nothing in them that one may not know."""


@dataclass(frozen=True, slots=True)
class CompanyWide:
    """Only who sees the whole company sees the rows."""


@dataclass(frozen=True, slots=True)
class ByAccount:
    """Who sees the account that ``column`` names sees the row."""

    column: str = "account_id"


@dataclass(frozen=True, slots=True)
class ByRecord:
    """Who sees the record that ``column`` names sees the row, wherever the record was then.

    ``kind`` is one that ``projections/access.py`` knows the place of.
    """

    kind: str
    column: str


@dataclass(frozen=True, slots=True)
class ByKind:
    """As :class:`ByRecord`, for records of several kinds: ``kind`` and ``record`` are columns.

    A record without a place of its own lies where the account in the column ``account_id`` does.
    """

    kind: str
    record: str


@dataclass(frozen=True, slots=True)
class ByEmployee:
    """The employee that ``column`` names sees the row, and so do those they report to."""

    column: str = "employee_id"


@dataclass(frozen=True, slots=True)
class ByFact:
    """Who sees the record or the account a fact belongs to sees its row.

    What belongs to neither is seen by who did it. The row has the columns ``record``,
    ``account_id`` and ``actor``.
    """


Guard = ForEverybody | CompanyWide | ByAccount | ByRecord | ByKind | ByEmployee | ByFact
"""Who sees the rows of a table, besides those who see the whole company."""


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
    guard: Guard
    indexes: tuple[tuple[str, ...], ...] = ()
    """Columns that queries look rows up by, besides the key."""

    def key_of(self, row: Any) -> tuple[Any, ...]:
        """The values of the key columns of ``row``."""
        return tuple(getattr(row, name) for name in self.key)


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
    derive: Callable[[Held, New], Iterator[Derived]] | None = None
    """What follows from the rows that facts have just written, with all the rows there are then.

    Pure, and the same however the facts were cut: whoever folds asks after each batch.
    """

    def wants(self, event: Event) -> bool:
        """Whether this projection cares about ``event``."""
        return self.subscribes is None or type(event) in self.subscribes


def fold(projection: Projection, rows: MutableMapping[Key, Any], recorded: Recorded[Any]) -> None:
    """Fold one fact into ``rows``, which holds every row there is so far."""
    if projection.wants(recorded.event):
        known = {key: rows.get(key) for key in projection.keys(recorded)}
        rows.update(projection.evolve(known, recorded))
