"""The rows of signals: what a fact tells, its end, and what later facts of a record must know."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from projections.projection import ByAccount, Table


class SignalRow(NamedTuple):
    """Something a fact tells of an account."""

    position: int
    """Of the fact."""
    number: int
    """Among those of the fact, from 0."""
    account_id: str
    kind: str
    """One of :data:`~events.signal_kinds.SIGNAL_KINDS`."""
    magnitude: int
    """In millionths."""
    occurred_at: datetime
    recorded_at: datetime
    event_id: str


class SignalEndRow(NamedTuple):
    """A signal counts no more, as was known from ``known_to`` on."""

    position: int
    number: int
    account_id: str
    known_to: datetime
    """When the fact that ends it was recorded."""
    event_id: str
    """The fact that ends it."""
    ended_at_position: int
    """Of that fact."""


class SignalSourceRow(NamedTuple):
    """What later facts of a record have to know: its signals that may end, and what they need."""

    record: str
    """The stream, such as ``interaction-visit-1``."""
    position: int
    """Of the last fact that changed the row."""
    account_id: str
    open: dict[str, Any]
    """By ``position/number``: account, kind, instant and magnitude of each that may end."""
    memory: dict[str, Any]


SIGNAL: Final = Table(
    "signal",
    SignalRow,
    guard=ByAccount(),
    key=("position", "number"),
    indexes=(("account_id", "position", "number"),),
)
SIGNAL_END: Final = Table("signal_end", SignalEndRow, guard=ByAccount(), key=("position", "number"))
SIGNAL_SOURCE: Final = Table("signal_source", SignalSourceRow, guard=ByAccount(), key=("record",))
