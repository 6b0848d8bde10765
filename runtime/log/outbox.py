"""The store as the relay uses it: a session that leads, reads what is next, notes how far it is."""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from runtime.log.cloudevents import StoredFact
from runtime.log.guarded_producer import Doubt
from runtime.store.postgres import ledger_connection

_FACTS: Final = """
    SELECT notification_id, originator_id, topic, state, leaf, leaf_hash FROM events
    WHERE notification_id > %s ORDER BY notification_id LIMIT %s"""
_LEAD: Final = "UPDATE relay SET epoch = epoch + 1 RETURNING epoch, published_to, topic_id"
_LEARNT: Final = """
    UPDATE relay SET published_to = %s, topic_id = %s WHERE epoch = %s RETURNING epoch"""
_NOTE: Final = """
    UPDATE relay SET published_to = %s WHERE epoch = %s AND published_to < %s RETURNING epoch"""
_LEAF_HASH: Final = "SELECT leaf_hash FROM events WHERE notification_id = %s"


class RelayHalt(Exception):  # noqa: N818 - says what to do
    """Publishing must not go on by itself; the message says what was found and what to do."""


class Term(NamedTuple):
    """One leadership, and what the one before it left behind."""

    epoch: int
    noted: int
    """How far the last leader said it had come: a hint, the log is the truth."""
    topic_id: str | None
    """The topic it published to; ``None`` for a ledger that was never published."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """One session for everything: a leader that lost its lock learns it from its next query."""

    connection: Connection[Any]
    schema: str

    def try_lock(self) -> bool:
        """Whether this session leads now."""
        row = self.connection.execute("SELECT pg_try_advisory_lock(%s)", [_lock(self.schema)])
        return row.fetchone() == (True,)

    def take_over(self, lease_s: int) -> Term:
        """Begin a leadership; from now on the leaders before it can note nothing.

        Raises:
            RelayHalt: the ledger has no row to count leaderships in.
        """
        # A leader that is stopped and never wakes up must not lead for ever: its session ends,
        # and the lock with it. When it does wake up, its next query fails.
        self.connection.execute(
            SQL("SET idle_session_timeout = {}").format(Literal(lease_s * 1000))
        )
        self.connection.execute(SQL("LISTEN {}").format(Identifier(f"{self.schema}_events")))
        row = self.connection.execute(_LEAD).fetchone()
        if row is None:
            message = f"the schema {self.schema} has no row in the table relay"
            raise RelayHalt(message)
        return Term(*row)

    def leaf_hash(self, position: int) -> bytes | None:
        """The hash of the leaf at ``position``, or ``None`` if the store does not have it."""
        row = self.connection.execute(_LEAF_HASH, [position]).fetchone()
        return None if row is None else row[0]

    def facts(self, after: int, limit: int, octets: int) -> Sequence[StoredFact]:
        """The facts that follow ``after``; often none.

        At most ``limit``, and about ``octets`` bytes, but never less than one fact.

        Raises:
            RelayHalt: the store has a hole.
        """
        with self.connection.cursor(binary=True) as cursor:
            cursor.execute(_FACTS, [after, limit], prepare=True)
            rows = cursor.fetchall()
        facts: list[StoredFact] = []
        size = 0
        for position, stream, name, payload, leaf, leaf_hash in rows:
            if position != after + len(facts) + 1:
                message = f"the store has no position {after + len(facts) + 1}"
                raise RelayHalt(f"{message}, but has {position}: verify the ledger")
            size += len(payload) + len(leaf)
            if facts and size > octets:
                break
            facts.append(StoredFact(position, stream, name, payload, leaf, leaf_hash))
        return facts

    def learnt(self, term: Term, position: int, topic_id: str) -> None:
        """Correct the hint: the log ends with ``position``.

        Raises:
            Doubt: another leadership has begun.
        """
        self._expect(_LEARNT, term, [position, topic_id, term.epoch])

    def note(self, term: Term, position: int) -> None:
        """Note that ``position`` is published.

        Raises:
            Doubt: another leadership has begun.
        """
        self._expect(_NOTE, term, [position, term.epoch, position])

    def wait_for_news(self, timeout_s: float) -> None:
        """Return when the store says that something was appended, or after ``timeout_s``."""
        for _ in self.connection.notifies(timeout=timeout_s, stop_after=1):
            pass

    def _expect(self, statement: str, term: Term, values: Sequence[Any]) -> None:
        if self.connection.execute(statement, values, prepare=True).fetchone() is None:
            message = f"epoch {term.epoch} is over: another relay leads"
            raise Doubt(message)


@contextlib.contextmanager
def outbox(database_url: str, schema: str) -> Iterator[Outbox]:
    """The outbox of the ledger in ``schema``, over a session of its own."""
    with ledger_connection(database_url, schema) as connection:
        # Only the hint is written here. A leader that loses it learns it again from the log.
        connection.execute("SET synchronous_commit = off")
        yield Outbox(connection, schema)


def _lock(schema: str) -> int:
    """The advisory lock of the relays of one ledger."""
    digest = hashlib.sha256(f"keyledger relay {schema}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
