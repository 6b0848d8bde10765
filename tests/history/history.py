"""What a run leaves behind to be judged: what clients saw, and what store, log and answers hold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from commands.ports import Receipt
from tests.runtime.store.ledgers import Stored


class Silence(StrEnum):
    """How a call can end without a receipt."""

    REFUSED = "refused"
    """An answer came, and it says that nothing was recorded."""
    UNKNOWN = "unknown"
    """No answer came: it may have been recorded or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One attempt at a command; times are seconds of one monotonic clock."""

    session: str
    command_id: str
    invoked_at: float
    ended_at: float = math.inf
    answer: Receipt | Silence = Silence.UNKNOWN
    intends: int = 1
    """How many facts the command records when it is carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One answer to a question, or one turn of a reader that follows the log."""

    session: str
    """Whose read it is; the reads of a session follow one another."""
    invoked_at: float
    ended_at: float
    position: int
    """The position the answer was made at."""
    min_position: int = 0
    """The position it was asked to wait for."""
    after: int | None = None
    """A reader of the log: the position it had come to before. ``None`` for a query."""
    seen: tuple[tuple[int, str], ...] = ()
    """What a reader of the log was given: position and event id."""


Rows = Mapping[str, Mapping[Any, object]]
"""Read model to its rows by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A run, once everything has come to rest."""

    calls: Sequence[Call]
    store: Sequence[Stored]
    """Everything stored, in order of position."""
    log: Sequence[Stored] | None = None
    """Everything a ``read_committed`` consumer is given, in order of offset; ``None``: no log."""
    reads: Sequence[Read] = ()
    rows: Rows = field(default_factory=dict)
    """The read models as they stand."""
    folded: Rows = field(default_factory=dict)
    """The same read models as a fold of the store."""
    set_up: frozenset[str] = frozenset()
    """Command ids of facts that were there before, or that the system itself recorded."""
