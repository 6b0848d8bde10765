"""The `eventsourcing` library's PostgreSQL recorder with dense positions, receipts and leaves."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from commands.ports import Conflict, KeyReused, Outcome, Receipt, RecordedRef
from events.recorded import Envelope, leaf, leaf_hash
from runtime.store.entry import Draft, Entry

VERSIONS_REMEMBERED: Final = 200_000
"""How many stream versions the recorder keeps before it forgets them all and reads again."""

_HEAD: Final = "SELECT n, recorded_at FROM log_head FOR UPDATE"
_RECEIPTS: Final = """
    SELECT command_id, digest, stream, stream_version, position, events
    FROM receipts WHERE command_id = ANY(%s)"""
_VERSIONS: Final = """
    SELECT s.stream, coalesce(last.version, 0) FROM unnest(%s::text[]) AS s (stream)
    LEFT JOIN LATERAL (
        SELECT originator_version AS version FROM events
        WHERE originator_id = s.stream ORDER BY originator_version DESC LIMIT 1
    ) AS last ON true"""
_INSERT_EVENTS: Final = """
    INSERT INTO events
        (originator_id, originator_version, topic, state, notification_id, leaf, leaf_hash)
    SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[], %b::bytea[],
                         %b::bigint[], %b::bytea[], %b::bytea[])"""
_INSERT_RECEIPTS: Final = """
    INSERT INTO receipts (command_id, digest, stream, stream_version, position, events)
    SELECT * FROM unnest(%b::uuid[], %b::bytea[], %b::text[], %b::bigint[],
                         %b::bigint[], %b::int[])"""
_MOVE_HEAD: Final = "UPDATE log_head SET n = %s, recorded_at = %s"
_REFS: Final = """
    SELECT notification_id, topic, originator_id, originator_version
    FROM events WHERE notification_id BETWEEN %s AND %s ORDER BY notification_id"""


@dataclass(slots=True)
class _Batch:
    """What one transaction is going to store."""

    position: int
    recorded_at: datetime
    versions: dict[str, int]
    events: list[tuple[str, int, str, bytes, int, bytes, bytes]] = field(default_factory=list)
    receipts: dict[str, tuple[UUID, bytes, str, int, int, int]] = field(default_factory=dict)


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
        self._head = -1
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
        known_head, self._head = self._head, -1
        # One pipeline, two round trips: BEGIN and the reads, then the inserts and COMMIT.
        with (
            connection.pipeline(),
            connection.transaction(),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            n, last, receipts = self._read(connection, cursor, entries, known_head)
            batch = _Batch(n, _after(self.clock(), last), self._versions)
            outcomes = [self._enter(batch, entry, receipts, cursor) for entry in entries]
            if batch.receipts:
                self._store(cursor, batch, n)
        # Only now, after the commit: had anything failed before, the versions noted in memory
        # would be of events that were never stored, and a head of -1 makes them be forgotten.
        self._head = batch.position
        return outcomes

    def _read(
        self, connection: Connection[Any], cursor: Any, entries: Sequence[Entry], known_head: int
    ) -> tuple[int, datetime, dict[str, Any]]:
        """Lock the head; returns it with the receipts there already are for the batch.

        The versions of all streams the batch rests on are known then. What this process knew
        stays true as long as the head stands where it left it, so only the others are asked for,
        on the same trip: each trip costs the thread its turn.
        """
        if len(self._versions) > VERSIONS_REMEMBERED:
            self._versions.clear()
        needed = {stream for entry in entries for stream in entry.reads}
        missing = list(needed - self._versions.keys())
        found = connection.cursor(row_factory=tuple_row)
        versions = connection.cursor(row_factory=tuple_row)
        cursor.execute(_HEAD, prepare=True)
        found.execute(_RECEIPTS, [[UUID(entry.command_id) for entry in entries]], prepare=True)
        if missing:
            versions.execute(_VERSIONS, [missing], prepare=True)
        n, last = cursor.fetchone()
        if n != known_head:
            self._versions.clear()
        if missing:
            self._versions.update(versions.fetchall())
        if needed - self._versions.keys():
            cursor.execute(_VERSIONS, [list(needed - self._versions.keys())], prepare=True)
            self._versions.update(cursor.fetchall())
        return n, last, {str(row[0]): row for row in found}

    def _enter(
        self, batch: _Batch, entry: Entry, receipts: Mapping[str, Any], cursor: Any
    ) -> Outcome:
        row = receipts.get(entry.command_id)
        if row is not None:
            return KeyReused() if row[1] != entry.digest else _repeated(row, cursor)
        earlier = batch.receipts.get(entry.command_id)
        if earlier is not None:
            return KeyReused() if earlier[1] != entry.digest else _from_batch(earlier, batch)
        stale = tuple(s for s, version in entry.reads.items() if batch.versions[s] != version)
        if stale:
            return Conflict(stale)
        refs = tuple(self._append(batch, entry, draft) for draft in entry.drafts)
        version = batch.versions.get(entry.stream, 0)
        if entry.keep_receipt:
            batch.receipts[entry.command_id] = (
                UUID(entry.command_id),
                entry.digest,
                entry.stream,
                version,
                batch.position,
                len(refs),
            )
        return Receipt(
            command_id=entry.command_id,
            stream=entry.stream,
            version=version,
            position=batch.position,
            events=refs,
        )

    def _append(self, batch: _Batch, entry: Entry, draft: Draft) -> RecordedRef:
        assert batch.versions[draft.stream] == draft.version - 1, draft.stream
        batch.position += 1
        batch.versions[draft.stream] = draft.version
        envelope = Envelope(
            ledger=self.ledger,
            position=batch.position,
            stream=draft.stream,
            version=draft.version,
            name=draft.name,
            schema=draft.schema,
            occurred_at=entry.occurred_at,
            recorded_at=batch.recorded_at,
            actor=entry.actor,
            command_id=entry.command_id,
            correlation_id=entry.correlation_id,
            causation_id=entry.causation_id,
            policies=entry.policies,
            release=self.release,
            imported=entry.imported,
            payload_sha256=hashlib.sha256(draft.payload).hexdigest(),
        )
        data = leaf(envelope)
        batch.events.append(
            (
                draft.stream,
                draft.version,
                draft.name,
                draft.payload,
                batch.position,
                data,
                leaf_hash(data),
            )
        )
        return RecordedRef(draft.name, envelope.event_id, batch.position)

    def _store(self, cursor: Any, batch: _Batch, n: int) -> None:
        if batch.events:
            events = zip(*batch.events, strict=True)
            cursor.execute(_INSERT_EVENTS, [list(column) for column in events])
        receipts = zip(*batch.receipts.values(), strict=True)
        cursor.execute(_INSERT_RECEIPTS, [list(column) for column in receipts])
        if batch.position != n:
            cursor.execute(_MOVE_HEAD, [batch.position, batch.recorded_at], prepare=True)
            cursor.execute(SQL("NOTIFY {}").format(Identifier(self.channel_name)))


def _after(now: datetime, last: datetime) -> datetime:
    """``recorded_at`` never falls, whatever a clock does, so a time known is a position."""
    return max(now.astimezone(UTC), last.astimezone(UTC))


def _repeated(row: Any, cursor: Any) -> Receipt:
    command_id, _, stream, version, position, events = row
    cursor.execute(_REFS, [position - events + 1, position])
    return Receipt(
        command_id=str(command_id),
        stream=stream,
        version=version,
        position=position,
        events=tuple(RecordedRef(name, f"{s}/{v}", p) for p, name, s, v in cursor.fetchall()),
        repeated=True,
    )


def _from_batch(row: Any, batch: _Batch) -> Receipt:
    command_id, _, stream, version, position, events = row
    stored = [event for event in batch.events if position - events < event[4] <= position]
    return Receipt(
        command_id=str(command_id),
        stream=stream,
        version=version,
        position=position,
        events=tuple(RecordedRef(e[2], f"{e[0]}/{e[1]}", e[4]) for e in stored),
        repeated=True,
    )
