"""The commands' `EventStore` on PostgreSQL: reads by stream, appends through the writer."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg_pool import ConnectionPool

from commands.ports import Outcome, Proposal, StoreUnavailable
from events.codec import Seal, decode, encode
from events.event import Event
from events.recorded import Recorded, envelope_of
from runtime.store.entry import Draft, Entry
from runtime.store.writer import Writer

_FACTS: Final = """
    SELECT place, topic, state, leaf
    FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS wanted (stream, after, place)
    JOIN events ON originator_id = stream AND originator_version > after
    ORDER BY place, originator_version"""

_Rows = list[tuple[str, bytes, bytes]]
_Wanted = tuple[str, int, "asyncio.Future[_Rows]"]


class PostgresEventStore:
    """Facts in PostgreSQL. Reading borrows a thread, so a slow query never stops the loop.

    What is asked for while a query is under way is asked for together in the next one: changing
    threads costs more than a query, and would be paid for each stream otherwise.
    """

    def __init__(self, pool: ConnectionPool[Any], writer: Writer, seal: Seal) -> None:
        self._pool = pool
        self._writer = writer
        self._seal = seal
        self._wanted: list[_Wanted] = []
        self._reading: asyncio.Task[None] | None = None

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        """The facts of ``stream`` with a version above ``after``, in order; often empty.

        Raises:
            StoreUnavailable: PostgreSQL could not be read.
            UnknownEvent: a later release has written to the stream.
        """
        loop = asyncio.get_running_loop()
        found: asyncio.Future[_Rows] = loop.create_future()
        self._wanted.append((stream, after, found))
        # A loop that has ended may have left its task behind.
        if self._reading is None or self._reading.done() or self._reading.get_loop() is not loop:
            self._reading = loop.create_task(self._read())
        # Decoded here, so that a fact that cannot be read is the trouble of who asked for it alone.
        return [stored(name, payload, leaf) for name, payload, leaf in await found]

    async def _read(self) -> None:
        while self._wanted:
            wanted, self._wanted = self._wanted, []
            try:
                rows = await asyncio.to_thread(self._rows, wanted)
            except psycopg.Error as wrong:
                _give_up(wanted, f"the store cannot be read: {type(wrong).__name__}")
            else:
                _hand_out(wanted, rows)

    def _rows(self, wanted: Sequence[_Wanted]) -> list[_Rows]:
        streams, afters = [stream for stream, _, _ in wanted], [after for _, after, _ in wanted]
        found: list[_Rows] = [[] for _ in wanted]
        with self._pool.connection() as connection:
            rows = connection.execute(_FACTS, [streams, afters], prepare=True).fetchall()
        for place, name, payload, leaf in rows:
            found[place - 1].append((name, payload, leaf))
        return found

    async def submit(self, proposal: Proposal) -> Outcome:
        """Record ``proposal`` durably and at once with its receipt, or say why not.

        Raises:
            StoreUnavailable: PostgreSQL could not be reached in time.
        """
        return await self._writer.submit(self._entry(proposal))

    def _entry(self, proposal: Proposal) -> Entry:
        context = proposal.context
        return Entry(
            command_id=context.command_id,
            digest=context.request_digest,
            stream=proposal.stream,
            reads=proposal.reads,
            drafts=self._drafts(proposal),
            keep_receipt=proposal.keep_receipt,
            actor=context.actor,
            occurred_at=context.occurred_at,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            policies=proposal.policies,
            imported=context.imported,
        )

    def _drafts(self, proposal: Proposal) -> list[Draft]:
        versions = dict(proposal.reads)
        drafts = []
        for write in proposal.writes:
            version = versions[write.stream] = versions[write.stream] + 1
            drafts.append(
                Draft(
                    stream=write.stream,
                    version=version,
                    name=write.event.NAME,
                    schema=write.event.VERSION,
                    payload=encode(write.event, f"{write.stream}/{version}", self._seal),
                )
            )
        return drafts


def _hand_out(wanted: Sequence[_Wanted], rows: Sequence[_Rows]) -> None:
    for (_, _, found), rows_of_stream in zip(wanted, rows, strict=True):
        # Whoever asked may have been cancelled meanwhile.
        if not found.done():
            found.set_result(rows_of_stream)


def _give_up(wanted: Sequence[_Wanted], message: str) -> None:
    for _, _, found in wanted:
        if not found.done():
            found.set_exception(StoreUnavailable(message))


def stored(name: str, payload: bytes, leaf: bytes) -> Recorded[Event]:
    """A stored row as a recorded fact in its newest shape."""
    envelope = envelope_of(leaf)
    return Recorded(decode(name, envelope.schema, payload), envelope)
