"""What the doors need from the outside."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from commands.carry_out import Desk
from events.codec import Unseal


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
    unseal: Unseal
    clock: Callable[[], datetime]
    journal: Journal
    new_id: Callable[[], str]
    """A random id for a request that brings no correlation id."""
