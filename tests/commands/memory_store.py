"""An `EventStore` in memory; `tests/runtime/contracts` asks of it what it asks of the real one."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from commands.ports import (
    Conflict,
    Context,
    KeyReused,
    Outcome,
    Proposal,
    Receipt,
    RecordedRef,
    Write,
)
from events.codec import Seal, decode, encode
from events.event import Event
from events.recorded import Envelope, Recorded
from tests.examples.sealing import ToySeal


@dataclass(slots=True)
class MemoryEventStore:
    """Facts in a list, as bytes, sealed like those in the database."""

    seal: Seal = field(default_factory=lambda: ToySeal().seal)
    rows: list[tuple[bytes, Envelope]] = field(default_factory=list)
    receipts: dict[str, tuple[bytes, Receipt]] = field(default_factory=dict)

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        """The facts of ``stream`` with a version above ``after``, in order; often empty."""
        await _give_way()
        return [
            Recorded(decode(envelope.name, envelope.schema, payload), envelope)
            for payload, envelope in self.rows
            if envelope.stream == stream and envelope.version > after
        ]

    async def submit(self, proposal: Proposal) -> Outcome:
        """Record ``proposal`` at once with its receipt, or say why not."""
        await _give_way()
        context = proposal.context
        if context.command_id in self.receipts:
            digest, receipt = self.receipts[context.command_id]
            same = digest == context.request_digest
            return replace(receipt, repeated=True) if same else KeyReused()
        stale = tuple(s for s, version in proposal.reads.items() if self._version(s) != version)
        if stale:
            return Conflict(stale)
        refs = tuple(self._append(write, context, proposal) for write in proposal.writes)
        receipt = Receipt(
            command_id=context.command_id,
            stream=proposal.stream,
            version=self._version(proposal.stream),
            position=len(self.rows),
            events=refs,
        )
        if proposal.keep_receipt:
            self.receipts[context.command_id] = (context.request_digest, receipt)
        return receipt

    def told(self) -> list[tuple[str, Event]]:
        """Every fact in order, with its stream."""
        return [
            (envelope.stream, decode(envelope.name, envelope.schema, payload))
            for payload, envelope in self.rows
        ]

    def _version(self, stream: str) -> int:
        return sum(envelope.stream == stream for _, envelope in self.rows)

    def _append(self, write: Write, context: Context, proposal: Proposal) -> RecordedRef:
        version = self._version(write.stream) + 1
        payload = encode(write.event, f"{write.stream}/{version}", self.seal)
        envelope = Envelope(
            ledger="memory",
            position=len(self.rows) + 1,
            stream=write.stream,
            version=version,
            name=write.event.NAME,
            schema=write.event.VERSION,
            occurred_at=context.occurred_at,
            recorded_at=context.now,
            actor=context.actor,
            command_id=context.command_id,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            policies=proposal.policies,
            release="test",
            imported=context.imported,
            payload_sha256=hashlib.sha256(payload).hexdigest(),
        )
        self.rows.append((payload, envelope))
        return RecordedRef(envelope.name, envelope.event_id, envelope.position)


async def _give_way() -> None:
    """Let others have their turn, as they have while a real store is asked."""
    await asyncio.sleep(0)
