"""What a command comes with, for tests that do not care about most of it."""

import hashlib
from datetime import UTC, datetime
from itertools import count
from typing import Final
from uuid import UUID

from commands.ports import Context
from tests.examples.cast import NOON

_ids: Final = count(1)


def new_id() -> str:
    """A command id nobody else in this run has."""
    return str(UUID(int=next(_ids)))


def context(
    *,
    command_id: str | None = None,
    content: str = "",
    key_id: str | None = None,
    now: datetime = NOON,
    occurred_at: datetime | None = None,
    expected_version: int | None = None,
) -> Context:
    """A request of the system, or of the key ``key_id``, at ``now``; ``content`` tells apart."""
    occurred = occurred_at or now
    return Context(
        actor="system" if key_id is None else f"api_key-{key_id}",
        key_id=key_id,
        command_id=command_id or new_id(),
        request_digest=hashlib.sha256(content.encode()).digest(),
        now=now,
        today=now.astimezone(UTC).date(),
        occurred_at=occurred,
        business_date=occurred.astimezone(UTC).date(),
        correlation_id="test",
        expected_version=expected_version,
    )
