"""Ledgers for tests: a migrated schema, a writer on it, and what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg

from runtime.store.appending import ledger_recorder, writer_connection
from runtime.store.entry import Draft, Entry
from runtime.store.migrate import migrate
from runtime.store.recorder import LedgerRecorder
from runtime.store.writer import Writer

OCCURRED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored event, as the table has it."""

    stream: str
    version: int
    name: str
    payload: bytes
    position: int
    leaf: bytes
    leaf_hash: bytes


def entry(
    stream: str,
    version: int,
    *,
    command_id: str | None = None,
    events: int = 1,
    digest: bytes = b"d" * 32,
    reads: dict[str, int] | None = None,
) -> Entry:
    """One command that wants ``events`` facts stored, the first as ``version`` of ``stream``."""
    return Entry(
        command_id=command_id or str(uuid4()),
        digest=digest,
        stream=stream,
        reads={stream: version - 1} | (reads or {}),
        drafts=[
            Draft(stream=stream, version=version + n, name="x.done", schema=1, payload=b'{"n":1}')
            for n in range(events)
        ],
        occurred_at=OCCURRED_AT,
        correlation_id="test",
    )


@dataclass(slots=True)
class Ledger:
    """A ledger of its own for one test."""

    url: str
    name: str
    recorder: LedgerRecorder = field(init=False)

    def __post_init__(self) -> None:
        migrate(self.url, self.name, "UTC")
        self.recorder = self.new_recorder()

    def new_recorder(self) -> LedgerRecorder:
        """The recorder of one more process."""
        return ledger_recorder(
            self.url, schema=self.name, release="test", clock=lambda: datetime.now(UTC)
        )

    def foresee(self) -> None:
        """Have the recorder find twice that nobody else writes; it does not look first then."""
        nothing = replace(entry("a-1", 1, events=0), keep_receipt=False)
        with self.connect() as connection:
            for _ in range(2):
                self.recorder.record(connection, [nothing])

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of the appending role."""
        return writer_connection(self.url, self.name)

    @contextmanager
    def writer(self, url: str | None = None) -> Iterator[Writer]:
        """A writer; ``url`` leads it another way to the same database."""
        writer = Writer(self.new_recorder(), url or self.url, self.name)
        yield writer
        writer.close()

    def events(self) -> list[Stored]:
        """Everything stored, in order of position."""
        with self.connect() as connection:
            rows = connection.execute(
                "SELECT originator_id, originator_version, topic, state, notification_id, leaf, "
                "leaf_hash FROM events ORDER BY notification_id"
            ).fetchall()
        return [Stored(*row) for row in rows]

    def receipts(self) -> int:
        """How many receipts are stored."""
        with self.connect() as connection:
            row = connection.execute("SELECT count(*) FROM receipts").fetchone()
        assert row is not None
        return int(row[0])
