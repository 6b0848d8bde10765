"""The `eventsourcing` library's PostgreSQL recorder with dense positions, receipts and leaves."""

import hashlib
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import tuple_row

from commands.ports import KeyReused, Outcome, Receipt, RecordedRef
from runtime.store.batch import Batch
from runtime.store.entry import Draft, Entry

VERSIONS_REMEMBERED: Final = 200_000
"""How many stream versions the recorder keeps before it forgets them all and reads again."""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_HEAD: Final = "SELECT n, recorded_at FROM log_head FOR UPDATE"
_RECEIPTS: Final = """
    SELECT command_id, digest, stream, stream_version, position, events
    FROM receipts WHERE command_id = ANY(%s::text[]::uuid[])"""
_VERSIONS: Final = """
    SELECT s.stream, coalesce(last.version, 0) FROM unnest(%s::text[]) AS s (stream)
    LEFT JOIN LATERAL (
        SELECT originator_version AS version FROM events
        WHERE originator_id = s.stream ORDER BY originator_version DESC LIMIT 1
    ) AS last ON true"""
STORE: Final = """
    WITH head AS (
        UPDATE log_head SET n = %s, recorded_at = %s WHERE n = %s RETURNING n
    ), stored AS (
        INSERT INTO events
            (originator_id, originator_version, topic, state, notification_id, leaf, leaf_hash)
        SELECT fact.* FROM head, unnest(%b::text[], %b::bigint[], %b::text[], %b::bytea[],
                                        %b::bigint[], %b::bytea[], %b::bytea[]) AS fact
    ), answered AS (
        INSERT INTO receipts (command_id, digest, stream, stream_version, position, events)
        SELECT receipt.*
        FROM head, unnest(%b::text[]::uuid[], %b::bytea[], %b::text[], %b::bigint[],
                          %b::bigint[], %b::int[]) AS receipt
    )
    SELECT pg_notify(%s, '') FROM head"""
"""Stores a batch where the head stands at the third parameter; one row then, else none."""
_REFS: Final = """
    SELECT notification_id, topic, originator_id, originator_version
    FROM events WHERE notification_id BETWEEN %s AND %s ORDER BY notification_id"""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A batch as it is going to be stored, unless somebody else has written meanwhile."""

    batch: Batch
    outcomes: list[Outcome]
    parameters: list[Any]


@dataclass(frozen=True, slots=True)
class _Last:
    """Where this process left the head, and whether it was the only one to write."""

    n: int = -1
    recorded_at: datetime = _LONG_AGO
    alone: bool = False


class LedgerRecorder(PostgresApplicationRecorder):
    """Stores batches of commands: positions 1, 2, 3, … without a hole and in commit order.

    The library's own insert locks the whole table and draws positions from a sequence, which
    leaves holes behind every failed insert. Here one row, ``log_head``, is locked instead and
    holds the last position, so a hole, a repeat or a cut-off tail shows with plain arithmetic.
    """

    ledger: str
    release: str
    clock: Callable[[], datetime]

    def prepare(self, *, ledger: str, release: str, clock: Callable[[], datetime]) -> None:
        """Say what the envelopes of this process carry; called once, before the first append."""
        # The library's stored function takes no lock: a reader that tails the log would pass
        # over events that commit late (0002). It must never be switched on by an environment.
        assert not self.datastore.enable_db_functions
        assert self.datastore.lock_timeout > 0
        self.ledger, self.release, self.clock = ledger, release, clock
        self.channel_name = f"{self.datastore.schema}_events"
        self._last = _Last()
        self._versions: dict[str, int] = {}

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """The library's seam: store ``stored_events`` as one command of the system.

        Raises:
            IntegrityError: a stream is not at the version before the first event given for it.
        """
        if not stored_events:
            return []
        now = self.clock()
        first: dict[str, int] = {}
        for event in stored_events:
            first.setdefault(str(event.originator_id), event.originator_version - 1)
        entry = Entry(
            command_id=str(kwargs["command_id"]),
            digest=hashlib.sha256(b"".join(event.state for event in stored_events)).digest(),
            stream=str(stored_events[0].originator_id),
            reads=first,
            drafts=[
                Draft(
                    stream=str(event.originator_id),
                    version=event.originator_version,
                    name=event.topic,
                    schema=1,
                    payload=event.state,
                )
                for event in stored_events
            ],
            occurred_at=now,
            correlation_id=str(kwargs["command_id"]),
        )
        with self.datastore.get_connection() as connection:
            (outcome,) = self.record(connection, [entry])
        if not isinstance(outcome, Receipt):
            message = f"not at the version expected: {outcome}"
            raise IntegrityError(message)
        return [ref.position for ref in outcome.events]

    def record(self, connection: Connection[Any], entries: Sequence[Entry]) -> list[Outcome]:
        """Store a batch in one transaction, with a result for every command.

        A conflict of one never fails its neighbours. A receipt under the same command id
        answers before anything else is looked at. When this returns, what it says is durable.

        Raises:
            psycopg.OperationalError: the connection failed; the batch is stored whole or not at
                all, and running it again tells which.
        """
        foreseen = self.foresee(entries)
        if foreseen is not None:
            try:
                if connection.execute(STORE, foreseen.parameters, prepare=True).rowcount:
                    return self.came_true(foreseen)
            except UniqueViolation:
                """Looking tells of what."""
        return self.look_and_record(connection, entries)

    def foresee(self, entries: Sequence[Entry]) -> Foreseen | None:
        """What is going to be stored if nobody else has written, so that it takes one trip.

        ``STORE`` stores nothing when the head has moved, and fails when a command id or a stream
        taken to be new is there already. ``None`` when only a look can tell: whether a command
        that would leave no receipt now left one before.
        """
        if len(self._versions) > VERSIONS_REMEMBERED:
            self._versions.clear()
        last, new = self._last, _new_streams(entries, self._versions)
        if new is None or not (last.alone and all(entry.keep_receipt for entry in entries)):
            return None
        batch = self._batch(entries, last.n, last.recorded_at, ChainMap(new, self._versions))
        outcomes = [batch.enter(entry) for entry in entries]
        if not all(isinstance(outcome, Receipt) for outcome in outcomes):
            return None
        return Foreseen(batch, outcomes, self._parameters(batch, last.n))

    def came_true(self, foreseen: Foreseen) -> list[Outcome]:
        """Remember that it was stored as foreseen; returns a result for every command."""
        batch = foreseen.batch
        self._versions.update(batch.versions)
        self._last = _Last(batch.position, batch.recorded_at, alone=True)
        return foreseen.outcomes

    def look_and_record(
        self, connection: Connection[Any], entries: Sequence[Entry]
    ) -> list[Outcome]:
        """As ``record``, locking the head first: two trips in one pipeline."""
        with (
            connection.pipeline(),
            connection.transaction(),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            n, recorded_at, receipts = self._read(connection, cursor, entries)
            batch = self._batch(entries, n, recorded_at, self._versions)
            outcomes = [
                _repeated(receipts[entry.command_id], entry, cursor)
                if entry.command_id in receipts
                else batch.enter(entry)
                for entry in entries
            ]
            if batch.receipts:
                cursor.execute(STORE, self._parameters(batch, n), prepare=True)
        self._versions.update(batch.versions)
        alone = n == self._last.n and not receipts
        self._last = _Last(batch.position, batch.recorded_at, alone=alone)
        return outcomes

    def _batch(
        self,
        entries: Sequence[Entry],
        n: int,
        recorded_at: datetime,
        versions: Mapping[str, int],
    ) -> Batch:
        return Batch(
            ledger=self.ledger,
            release=self.release,
            position=n,
            # It never falls, whatever a clock does, so that a time known is a position.
            recorded_at=max(self.clock().astimezone(UTC), recorded_at.astimezone(UTC)),
            versions={stream: versions[stream] for entry in entries for stream in entry.reads},
        )

    def _read(
        self, connection: Connection[Any], cursor: Any, entries: Sequence[Entry]
    ) -> tuple[int, datetime, dict[str, Any]]:
        """Lock the head; returns it with the receipts there already are for the batch.

        The versions of all streams the batch rests on are known then. What this process knew
        stays true as long as the head stands where it left it, so only the others are asked for,
        on the same trip: each trip costs the thread its turn.
        """
        needed = {stream for entry in entries for stream in entry.reads}
        missing = _unknown(needed, self._versions)
        found = connection.cursor(row_factory=tuple_row)
        versions = connection.cursor(row_factory=tuple_row)
        cursor.execute(_HEAD, prepare=True)
        found.execute(_RECEIPTS, [[entry.command_id for entry in entries]], prepare=True)
        if missing:
            versions.execute(_VERSIONS, [missing], prepare=True)
        n, last = cursor.fetchone()
        if n != self._last.n:
            self._versions.clear()
        if missing:
            self._versions.update(versions.fetchall())
        forgotten = _unknown(needed, self._versions)
        if forgotten:
            cursor.execute(_VERSIONS, [forgotten], prepare=True)
            self._versions.update(cursor.fetchall())
        return n, last, {str(row[0]): row for row in found}

    def _parameters(self, batch: Batch, n: int) -> list[Any]:
        """Those of ``STORE``, where the head stands at ``n``."""
        return [batch.position, batch.recorded_at, n, *batch.columns(), self.channel_name]


def _unknown(streams: Iterable[str], versions: Mapping[str, int]) -> list[str]:
    # Not as a difference of sets: that goes through all versions there are.
    return [stream for stream in streams if stream not in versions]


def _new_streams(entries: Sequence[Entry], versions: Mapping[str, int]) -> dict[str, int] | None:
    """The streams not in ``versions``, as new ones; ``None`` where one may not be taken for new.

    Storing its first event shows that a stream is new, so each command has to do that itself.
    """
    new: dict[str, int] = {}
    for entry in entries:
        for stream in _unknown(entry.reads, versions):
            if not any(draft.stream == stream and draft.version == 1 for draft in entry.drafts):
                return None
            new[stream] = 0
    return new


def _repeated(row: Any, entry: Entry, cursor: Any) -> Outcome:
    command_id, digest, stream, version, position, events = row
    if digest != entry.digest:
        return KeyReused()
    cursor.execute(_REFS, [position - events + 1, position])
    return Receipt(
        command_id=str(command_id),
        stream=stream,
        version=version,
        position=position,
        events=tuple(RecordedRef(name, f"{s}/{v}", p) for p, name, s, v in cursor.fetchall()),
        repeated=True,
    )
