"""Replays as whoever carries them out sees them: taken up by one, told of, ended in one go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, get_args

from psycopg import Connection
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from replay.background import Doing, Failure, Finding, Format, Progress, ResultFile
from replay.what_if.question import Question
from replay.what_if.stretches import sha256_of
from runtime.replays.rows import finding_json
from runtime.store.postgres import ledger_connection

PART: Final = 2**20
"""How many octets of a result are kept, and answered, at a time."""

FRUITLESS_MAX: Final = 5
"""How often a replay is taken up without coming on before it is given up."""

_STEPS: Final[tuple[Doing, ...]] = get_args(Doing)
_KEEP_ALIVE: Final = {
    "tcp_keepalives_idle": 20,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 4,
}
_OPEN: Final = "SELECT id FROM replay WHERE state IN ('waiting', 'running') ORDER BY number"
_TAKE: Final = """
    UPDATE replay SET state = 'running', attempt = attempt + 1, fruitless = fruitless + 1,
        started_at = coalesce(started_at, %(now)s), seen_at = %(now)s, rate = NULL
    WHERE id = %(id)s AND state IN ('waiting', 'running')
    RETURNING question, attempt, fruitless"""
_OURS: Final = SQL("id = %(id)s AND state = 'running' AND attempt = %(attempt)s")
_IS_OURS: Final = SQL("SELECT true FROM replay WHERE {}").format(_OURS)
_PUT_BACK: Final = SQL("UPDATE replay SET state = 'waiting', fruitless = 0 WHERE {}").format(_OURS)
_MOVE: Final = SQL(
    "UPDATE replay SET doing = %(doing)s, done = %(done)s, total = %(total)s, rate = %(rate)s, "
    "seen_at = %(now)s WHERE {}"
).format(_OURS)
_COME_ON: Final = SQL(
    "UPDATE replay SET fruitless = 0, furthest_step = %(step)s, furthest = %(done)s "
    "WHERE (furthest_step, furthest) < (%(step)s, %(done)s) AND {}"
).format(_OURS)
_FAIL: Final = SQL(
    "UPDATE replay SET state = 'failed', failure = %(failure)s, finished_at = %(now)s, "
    "keep_until = %(until)s WHERE {}"
).format(_OURS)
_FINISH: Final = SQL(
    "UPDATE replay SET state = 'done', position = %(position)s, results = %(results)s, "
    "findings = %(findings)s, finished_at = %(now)s, keep_until = %(until)s WHERE {}"
).format(_OURS)
_KEEP: Final = "INSERT INTO replay_result VALUES (%s, %s, %s, %s)"
_FORGET: Final = """
    DELETE FROM replay WHERE keep_until < %s AND id NOT IN (
        SELECT convert_from(state, 'UTF8')::jsonb #>> '{dry_run,replay_id}' FROM events
        WHERE topic = 'scoring_policy.proposed'
            AND convert_from(state, 'UTF8')::jsonb #>> '{dry_run,replay_id}' IS NOT NULL)"""


@contextmanager
def queue_connection(database_url: str, ledger: str) -> Iterator[Connection[Any]]:
    """A connection for a `Queue`, whose end is noticed within a minute if its machine vanishes."""
    with ledger_connection(database_url, ledger) as connection:
        for name, value in _KEEP_ALIVE.items():
            connection.execute(SQL("SET {} = {}").format(Identifier(name), value))
        yield connection


@dataclass(frozen=True, slots=True)
class Taken:
    """A replay that is this process's to carry out, until its connection ends."""

    replay_id: str
    attempt: int
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a replay found."""

    position: int
    """Of the last fact that it rests on."""
    files: Mapping[Format, Path]
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Queue:
    """The replays that wait; ``connection`` is one of the ledger's, in autocommit, for one thread.

    A replay is held by a lock of the connection's session: whatever ends the process lets it go,
    and somebody else takes it up. Whoever has lost it changes nothing any more.
    """

    connection: Connection[Any]
    clock: Callable[[], datetime]
    keep: timedelta
    """How long what has ended is kept."""
    at: Callable[[str], None] = lambda _: None
    """Told of every step."""

    def take(self) -> Taken | None:
        """The first replay that nobody carries out; ``None`` where there is none.

        One that ends whoever takes it up, time and again, is given up.
        """
        for (replay_id,) in self.connection.execute(_OPEN).fetchall():
            if not self._lock(replay_id):
                continue
            self.at("locked")
            given = {"id": replay_id, "now": self.clock()}
            row = self.connection.execute(_TAKE, given).fetchone()
            if row is None:
                self.let_go(replay_id)
                continue
            self.at("taken")
            text, attempt, fruitless = row
            taken = Taken(replay_id, attempt, Question.model_validate_json(text))
            if fruitless <= FRUITLESS_MAX:
                return taken
            self.fail(taken, Failure("replay-given-up", "it ended whoever carried it out", None))
            self.let_go(replay_id)
        return None

    def let_go(self, replay_id: str) -> None:
        """Have it taken up by whoever comes."""
        self.connection.execute(
            "SELECT pg_advisory_unlock(hashtextextended('replay ' || %s, 0))", [replay_id]
        )

    def put_back(self, taken: Taken) -> None:
        """Have it wait for somebody else, who goes on with it."""
        self.connection.execute(_PUT_BACK, self._ours(taken))

    def is_ours(self, taken: Taken) -> bool:
        """Whether it is to be gone on with: not cancelled, and nobody else's by now."""
        return self.connection.execute(_IS_OURS, self._ours(taken)).fetchone() is not None

    def move(self, taken: Taken, progress: Progress) -> None:
        """Say how far it has come."""
        step = -1 if progress.doing is None else _STEPS.index(progress.doing)
        given = {**self._ours(taken), **asdict(progress), "step": step}
        with self.connection.transaction():
            self.connection.execute(_MOVE, given)
            self.connection.execute(_COME_ON, given)

    def fail(self, taken: Taken, failure: Failure) -> None:
        """End it without a result."""
        self.connection.execute(_FAIL, {**self._ours(taken), "failure": Jsonb(asdict(failure))})

    def finish(self, taken: Taken, answered: Answered) -> bool:
        """End it with its result, in one transaction; false where it is not ours any more."""
        told = {
            told_as: asdict(ResultFile(path.stat().st_size, sha256_of(path)))
            for told_as, path in answered.files.items()
        }
        given = {
            **self._ours(taken),
            "position": answered.position,
            "results": Jsonb(told),
            "findings": Jsonb([finding_json(one) for one in answered.findings]),
        }
        with self.connection.transaction(), self.connection.cursor() as cursor:
            if cursor.execute(_FINISH, given).rowcount == 0:
                return False
            self.at("done, not committed")
            for told_as, path in answered.files.items():
                for number, octets in enumerate(_parts(path)):
                    cursor.execute(_KEEP, [taken.replay_id, told_as, number, octets])
                self.at("kept, not committed")
        self.at("finished")
        return True

    def forget(self) -> int:
        """Drop what was kept long enough and no proposal names; returns how many."""
        return self.connection.execute(_FORGET, [self.clock()]).rowcount

    def open_ids(self) -> frozenset[str]:
        """The replays that wait or are carried out."""
        return frozenset(one for (one,) in self.connection.execute(_OPEN))

    def _lock(self, replay_id: str) -> bool:
        row = self.connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended('replay ' || %s, 0))", [replay_id]
        ).fetchone()
        assert row is not None
        return bool(row[0])

    def _ours(self, taken: Taken) -> dict[str, Any]:
        now = self.clock()
        return {
            "id": taken.replay_id,
            "attempt": taken.attempt,
            "now": now,
            "until": now + self.keep,
        }


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while octets := file.read(PART):
            yield octets
