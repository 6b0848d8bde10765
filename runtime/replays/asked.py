"""Replays as the doors and the commands see them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.sql import SQL

from commands.ports import Replayed
from events.policies.scoring import DryRun
from replay.background import Format, Replay
from replay.what_if.question import Question
from runtime.replays.rows import COLUMNS, replay_of
from runtime.store.ledger_pool import LedgerPool

_FIND: Final = SQL("SELECT {} FROM replay WHERE id = %s").format(COLUMNS)
_PAGE: Final = SQL("SELECT {} FROM replay WHERE number < %s ORDER BY number DESC LIMIT %s").format(
    COLUMNS
)
_OPEN: Final = """
    SELECT count(*) FROM replay WHERE key_id = %s AND state IN ('waiting', 'running')"""
_ASK: Final = SQL(
    "INSERT INTO replay (id, key_id, actor, question, digest, asked_at) "
    "VALUES (%s, %s, %s, %s, %s, %s) RETURNING {}"
).format(COLUMNS)
_CANCEL: Final = """
    UPDATE replay SET state = 'cancelled', finished_at = %(now)s, keep_until = %(until)s
    WHERE id = %(id)s AND state IN ('waiting', 'running')"""
_LEND: Final = """
    UPDATE replay SET keep_until = greatest(keep_until, %s) WHERE id = %s AND state = 'done'"""
_PART: Final = """
    SELECT octets FROM replay_result WHERE replay_id = %s AND format = %s AND part = %s"""

LENT: Final = timedelta(days=1)
"""How long a result stays at least after it was looked at to be put up with a policy."""


@dataclass(frozen=True, slots=True)
class LedgerReplays:
    """The doors' `Replays` and the commands' `DryRuns`, in the ledger's schema."""

    pool: LedgerPool
    clock: Callable[[], datetime]
    keep: timedelta
    """How long what has ended is kept."""

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
        """See `api.ports.Replays`."""
        with self.pool.connection() as connection, connection.transaction():
            # Of two that somebody asks for at once, the second finds the first, or counts it.
            lock = f"replays of {actor}"
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
            found = connection.execute(_FIND, [replay_id]).fetchone()
            if found is None and _count(connection, key_id) < open_max:
                text = question.model_dump_json()
                row = [replay_id, key_id, actor, text, digest, self.clock()]
                found = connection.execute(_ASK, row).fetchone()
        return None if found is None else replay_of(found)

    def find(self, replay_id: str) -> Replay | None:
        """See `api.ports.Replays`."""
        with self.pool.connection() as connection:
            found = connection.execute(_FIND, [replay_id]).fetchone()
        return None if found is None else replay_of(found)

    def page(self, before: int, limit: int) -> Sequence[Replay]:
        """See `api.ports.Replays`."""
        with self.pool.connection() as connection:
            return [replay_of(row) for row in connection.execute(_PAGE, [before, limit])]

    def cancel(self, replay_id: str) -> Replay | None:
        """See `api.ports.Replays`."""
        now = self.clock()
        with self.pool.connection() as connection:
            connection.execute(_CANCEL, {"id": replay_id, "now": now, "until": now + self.keep})
        return self.find(replay_id)

    def result(self, replay_id: str, told_as: Format) -> Iterator[bytes]:
        """See `api.ports.Replays`."""
        part = 0
        while True:
            with self.pool.connection() as connection:
                row = connection.execute(_PART, [replay_id, told_as, part]).fetchone()
            if row is None:
                return
            yield bytes(row[0])
            part += 1

    async def replayed(self, replay_id: str) -> Replayed | None:
        """See `commands.ports.DryRuns`."""
        return await asyncio.to_thread(self._replayed, replay_id)

    def _replayed(self, replay_id: str) -> Replayed | None:
        with self.pool.connection() as connection:
            connection.execute(_LEND, [self.clock() + LENT, replay_id])
        found = self.find(replay_id)
        if found is None:
            return None
        dry_runs: dict[tuple[str, int], DryRun] = {
            (one.place, one.version): one.dry_run
            for one in found.findings
            if one.version is not None
        }
        return Replayed(is_done=found.state == "done", dry_runs=dry_runs)


def _count(connection: Any, key_id: str) -> int:
    row = connection.execute(_OPEN, [key_id]).fetchone()
    return int(row[0])
