"""What the doors need from the outside."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from commands.carry_out import Desk
from events.codec import Unseal
from replay.background import Format, Replay
from replay.what_if.question import Question


class KeyFact(Protocol):
    """What an API key was issued for."""

    @property
    def key_id(self) -> str:
        """Its id."""

    @property
    def secret_sha256(self) -> str:
        """The hash of its secret, in lower-case hexadecimal."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What it may do."""

    @property
    def employee_id(self) -> str | None:
        """Whom it acts for; ``None`` for a program of its own."""


class Access(Protocol):
    """The API keys as the ledger has them."""

    async def live_key(self, key_id: str, now: datetime, *, fresh: bool) -> KeyFact | None:
        """What the key was issued for; ``None`` when it does not work at ``now``.

        A command reads the key again when it is decided and has its version confirmed, so what is
        in memory is enough there; whatever else is asked wants a ``fresh`` look at the ledger.
        """


class Journal(Protocol):
    """Where a door notes what it did: one wide line each, never a payload."""

    def info(self, event: str, **fields: object) -> object:
        """Note ``event``."""

    def exception(self, event: str, **fields: object) -> object:
        """Note ``event`` with the exception that is being handled."""


class Pool(Protocol):
    """Connections to the ledger's schema, in no transaction."""

    def connection(self) -> AbstractContextManager[Any]:
        """One of them, given back at the end of the block."""


class Replays(Protocol):
    """What-ifs in the background: whoever carries them out does it elsewhere.

    Each raises ``StoreUnavailable`` where PostgreSQL could not be reached, or was lost on the way.
    """

    def ask(
        self,
        replay_id: str,
        question: Question,
        *,
        digest: bytes,
        key_id: str,
        actor: str,
        open_max: int,
    ) -> Replay | None:
        """Have ``question`` answered; the replay of that id as it stands, where there is one.

        ``None`` where ``open_max`` others that were asked with this key have not ended.
        """

    def find(self, replay_id: str) -> Replay | None:
        """The replay; ``None`` where there is none."""

    def page(self, before: int, limit: int) -> Sequence[Replay]:
        """Up to ``limit`` of those with a number below ``before``, the last one first."""

    def cancel(self, replay_id: str) -> Replay | None:
        """End it without a result, unless it has ended; as it stands then."""

    def result(self, replay_id: str, told_as: Format) -> Iterator[bytes]:
        """The result of one that is done, a part at a time."""


class Webhooks(Protocol):
    """The messages to receivers outside, which are no part of the log, and their secrets."""

    def secret(self, webhook_id: str, number: int) -> str:
        """The secret of a webhook with that number, as its receiver has to know it."""

    def test(self, webhook_id: str, now: datetime) -> str:
        """Have a message sent that tells nothing; returns its id."""

    def retry(self, webhook_id: str, message_id: str, now: datetime) -> bool:
        """Have a message sent again; whether there is such a one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What the API is made of."""

    ledger: str
    zone: ZoneInfo
    log: str
    """What the read models follow: ``kafka`` or ``store``."""
    desk: Desk
    access: Access
    pool: Pool
    replays: Replays
    webhooks: Webhooks
    unseal: Unseal
    clock: Callable[[], datetime]
    journal: Journal
    new_id: Callable[[], str]
    """A random id for a request that brings no correlation id."""
