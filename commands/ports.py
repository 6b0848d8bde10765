"""What carrying out a command needs from the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from events.event import Event
from events.policies.scoring import DryRun
from events.recorded import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks, when, and on whose behalf."""

    actor: str
    """``employee-<id>``, ``api_key-<id>`` or ``system``."""
    key_id: str | None
    """The API key that was shown. Its state is read with the command and its version confirmed,
    so that a revoked key stops working at once. ``None`` for the system itself."""
    command_id: str
    request_digest: bytes
    """SHA-256 of the canonical request; the same id with another digest is refused."""
    now: datetime
    today: date
    """The local day of ``now`` in the ledger's zone."""
    occurred_at: datetime
    """When it was true; aware UTC, not after ``now``."""
    business_date: date
    """The local day of ``occurred_at`` in the ledger's zone."""
    correlation_id: str
    causation_id: str | None = None
    imported: bool = False
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A fact to be recorded next on ``stream``."""

    stream: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a decision wants recorded, and every stream version it rests on.

    ``reads`` maps stream to version (0: no such stream) and is confirmed even when nothing is
    written. Without ``keep_receipt`` nothing at all is stored: a refusal is only confirmed.
    """

    context: Context
    stream: str
    reads: Mapping[str, int]
    writes: Sequence[Write] = ()
    policies: Mapping[str, int] = field(default_factory=dict)
    keep_receipt: bool = True


@dataclass(frozen=True, slots=True)
class RecordedRef:
    """One recorded fact in an answer."""

    name: str
    event_id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a command returns, now and each time it is repeated."""

    command_id: str
    stream: str
    version: int
    """The version of ``stream`` after the command."""
    position: int
    """The position of the last fact recorded, or of the log's head where nothing was."""
    events: tuple[RecordedRef, ...]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """The streams whose version is not the one the decision was made on."""

    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The command id was used before, for another request."""


Outcome = Receipt | Conflict | KeyReused


class EventStore(Protocol):
    """Where facts are kept. Every adapter passes ``tests/runtime/contracts``."""

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        """The facts of ``stream`` with a version above ``after``, in order; often empty."""

    async def submit(self, proposal: Proposal) -> Outcome:
        """Record ``proposal`` durably and at once with its receipt, or say why not.

        A receipt stored under the same command id answers before anything else is looked at.
        """


class People(Protocol):
    """Finds persons: by the key another system has for them, and by the region they work for."""

    async def person(self, system: str, key: str) -> str:
        """The person's id: the one given out before, else a new random UUID."""

    async def ever_in(self, region_id: str) -> Sequence[str]:
        """Everybody who was ever hired for the region or moved to it, in order of their ids."""


Portfolio = Mapping[str, Sequence[str]]
"""The records in which an employee has something to do, by the field of `ReassignPortfolio`."""


class Portfolios(Protocol):
    """Tells what an employee looks after: of that no stream of their own keeps an account."""

    async def held_by(self, employee_id: str) -> Portfolio:
        """All of it, as far as anything had been recorded when it was asked.

        Raises:
            ReadModelBehind: what was recorded has not been taken in, in time.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A replay, as far as it has come."""

    is_done: bool
    dry_runs: Mapping[tuple[str, int], DryRun]
    """What it found, by the place and the version of each scoring policy it tried; none yet."""


class DryRuns(Protocol):
    """Tells what replays found: they are in no stream."""

    async def replayed(self, replay_id: str) -> Replayed | None:
        """The replay, whose result is kept for a day at least from now; ``None``: there is none."""


class ReadModelBehind(Exception):  # noqa: N818 - an answer, not an error
    """What was recorded has not been taken in yet; the same command may be sent again."""


class StoreUnavailable(Exception):  # noqa: N818 - an answer, not an error
    """The store could not be reached in time; the same command may be sent again."""
