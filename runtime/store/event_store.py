"""The commands' `EventStore` on PostgreSQL: reads by stream, appends through the writer."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from psycopg_pool import ConnectionPool

from commands.ports import Outcome, Proposal
from events.codec import Seal, decode, encode
from events.event import Event
from events.recorded import Recorded, envelope_of
from runtime.store.recorder import Draft, Entry
from runtime.store.writer import Writer

_FACTS: Final = """
    SELECT topic, state, leaf FROM events
    WHERE originator_id = %s AND originator_version > %s ORDER BY originator_version"""


class PostgresEventStore:
    """Facts in PostgreSQL. Reading borrows a thread, so a slow query never stops the loop."""

    def __init__(self, pool: ConnectionPool[Any], writer: Writer, seal: Seal) -> None:
        self._pool = pool
        self._writer = writer
        self._seal = seal

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        """The facts of ``stream`` with a version above ``after``, in order; often empty."""
        return await asyncio.to_thread(self._facts, stream, after)

    def _facts(self, stream: str, after: int) -> list[Recorded[Event]]:
        with self._pool.connection() as connection:
            rows = connection.execute(_FACTS, [stream, after], prepare=True).fetchall()
        return [stored(name, payload, leaf) for name, payload, leaf in rows]

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


def stored(name: str, payload: bytes, leaf: bytes) -> Recorded[Event]:
    """A stored row as a recorded fact in its newest shape."""
    envelope = envelope_of(leaf)
    return Recorded(decode(name, envelope.schema, payload), envelope)
