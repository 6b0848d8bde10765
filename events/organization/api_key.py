"""Facts about API keys: what a program may do, until when, and on whose behalf."""

from typing import ClassVar

from pydantic import AwareDatetime

from events.event import Event
from events.values import Digest, Id, Name, PersonId, Role


class ApiKeyIssued(Event):
    """A key exists; the log holds only the hash of its secret."""

    NAME: ClassVar[str] = "api_key.issued"

    key_id: Id
    secret_sha256: Digest
    roles: tuple[Role, ...]
    label: Name
    employee_id: PersonId | None
    """On whose behalf the key acts; ``None`` for a program of its own."""
    expires_at: AwareDatetime | None
    """The first instant at which the key no longer works; aware UTC."""


class ApiKeyRevoked(Event):
    """A key does not work any more."""

    NAME: ClassVar[str] = "api_key.revoked"

    key_id: Id


ApiKeyEvent = ApiKeyIssued | ApiKeyRevoked
