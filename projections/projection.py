"""What every projection is: row types and a pure fold over facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from events.event import Event
from events.recorded import Recorded


class Row(Protocol):
    """A frozen, slotted dataclass whose fields are the columns of one table.

    ``KEY`` names the key columns in order, ``TABLE`` the table. Column types follow from the
    annotations: str, int, bool, date, datetime, ``dict`` (jsonb), tuple of str (text array),
    each possibly ``| None``.
    """

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    INDEXES: ClassVar[tuple[tuple[str, ...], ...]]


Key = tuple[type[Any], tuple[Any, ...]]
"""A row type and the values of its key columns."""

Rows = Mapping[Key, Any]
"""Rows by key; ``None`` where there is no such row (or, in a result, where it goes away)."""


@dataclass(frozen=True, slots=True)
class Projection:
    """One question's interpretation of the facts.

    ``keys`` says which rows a fact touches; ``evolve`` gets those rows as they are and returns
    the ones that change. Both are pure, ask no clock, and never refuse a fact. A changed meaning
    is a new ``version``. Personal values are kept sealed.
    """

    name: str
    version: int
    rows: tuple[type[Any], ...]
    subscribes: frozenset[type[Event]] | None
    """The facts it cares about; ``None`` for every fact."""
    keys: Callable[[Recorded[Any]], tuple[Key, ...]]
    evolve: Callable[[Rows, Recorded[Any]], Rows]

    def wants(self, event: Event) -> bool:
        """Whether this projection cares about ``event``."""
        return self.subscribes is None or type(event) in self.subscribes


def fold(projection: Projection, rows: dict[Key, Any], recorded: Recorded[Any]) -> None:
    """Fold one fact into ``rows``, in which every touched row or ``None`` must stand."""
    if projection.wants(recorded.event):
        touched = {key: rows.get(key) for key in projection.keys(recorded)}
        rows.update(projection.evolve(touched, recorded))
