"""What all reactions share: how far one has come, and the context of what keyledger itself asks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from psycopg_pool import ConnectionPool

from commands.ports import Context
from events.recorded import Envelope, Recorded
from readmodels.reading import wait_for_position
from replay.ports import LogSource

BATCH: Final = 1_000
"""How many facts are read at a time."""
POLL_S: Final = 0.5
"""How long a look for more takes at most, so that stopping is soon noticed."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reaction has followed the log. It moves only after the effect is there."""

    pool: ConnectionPool[Any]
    name: str

    def position(self) -> int:
        """The position it has come to; 0 before its first move."""
        with self.pool.connection() as connection:
            row = connection.execute(
                "SELECT position FROM reaction_cursor WHERE name = %s", [self.name]
            ).fetchone()
        return int(row[0]) if row else 0

    def begin_at_head(self) -> int:
        """As ``position``; one that has never moved begins at the head of the log, from now on."""
        with self.pool.connection() as connection:
            connection.execute(
                "INSERT INTO reaction_cursor SELECT %s, n FROM log_head ON CONFLICT DO NOTHING",
                [self.name],
            )
        return self.position()

    def move(self, position: int) -> None:
        """Move on to ``position``, never back."""
        with self.pool.connection() as connection:
            connection.execute(
                "INSERT INTO reaction_cursor VALUES (%s, %s) ON CONFLICT (name) "
                "DO UPDATE SET position = greatest(reaction_cursor.position, excluded.position)",
                [self.name, position],
            )


def follow(
    source: LogSource,
    cursor: Cursor,
    position: int,
    react: Callable[[Recorded[Any]], bool],
    stop: threading.Event,
) -> None:
    """Have ``react`` see each fact after ``position``, until ``stop`` or until it says ``False``.

    ``cursor`` moves when all it was read together with have been reacted to.
    """
    while not stop.is_set():
        batch = source.read(position, BATCH, POLL_S)
        if not all(react(recorded) for recorded in batch):
            return
        if batch:
            position = batch[-1].envelope.position
            cursor.move(position)


def read_models_reach(
    pool: ConnectionPool[Any], names: tuple[str, ...], position: int, stop: threading.Event
) -> bool:
    """Wait until the read models ``names`` have folded ``position``; false when ``stop`` came."""
    while not stop.is_set():
        with pool.connection() as connection:
            if wait_for_position(connection, names, position, POLL_S):
                return True
    return False


def system_context(
    ledger: str, zone: ZoneInfo, now: datetime, what: str, *, cause: Envelope | None = None
) -> Context:
    """The context of what keyledger itself asks for; the same ``what`` is asked for once.

    With a ``cause`` it is asked because of that fact.
    """
    command_id = str(uuid5(uuid5(NAMESPACE_URL, ledger), f"system\n{what}"))
    today = now.astimezone(zone).date()
    return Context(
        actor="system",
        key_id=None,
        command_id=command_id,
        request_digest=what.encode(),
        now=now,
        occurred_at=now,
        today=today,
        business_date=today,
        correlation_id=command_id if cause is None else cause.correlation_id,
        causation_id=None if cause is None else cause.event_id,
    )
