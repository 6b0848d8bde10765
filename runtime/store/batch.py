"""What one transaction is going to store: commands become rows, each with its outcome."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from commands.ports import Conflict, KeyReused, Outcome, Receipt, RecordedRef
from events.recorded import Envelope, leaf, leaf_hash
from runtime.store.entry import Draft, Entry

_EVENT_COLUMNS: Final = 7
_RECEIPT_COLUMNS: Final = 6


@dataclass(slots=True)
class Batch:
    """Rows for ``events`` and ``receipts``, numbered on from ``position``."""

    ledger: str
    release: str
    position: int
    """The last position given out."""
    recorded_at: datetime
    versions: dict[str, int]
    """The version of every stream the batch rests on; those it writes to are moved on."""
    events: list[tuple[str, int, str, bytes, int, bytes, bytes]] = field(default_factory=list)
    receipts: dict[str, tuple[str, bytes, str, int, int, int]] = field(default_factory=dict)

    def enter(self, entry: Entry) -> Outcome:
        """Add what ``entry`` wants stored, unless what it rests on is stale."""
        earlier = self.receipts.get(entry.command_id)
        if earlier is not None:
            return KeyReused() if earlier[1] != entry.digest else self._repeated(earlier)
        stale = tuple(s for s, version in entry.reads.items() if self.versions[s] != version)
        if stale:
            return Conflict(stale)
        refs = tuple(self._append(entry, draft) for draft in entry.drafts)
        version = self.versions.get(entry.stream, 0)
        if entry.keep_receipt:
            self.receipts[entry.command_id] = (
                entry.command_id,
                entry.digest,
                entry.stream,
                version,
                self.position,
                len(refs),
            )
        return Receipt(
            command_id=entry.command_id,
            stream=entry.stream,
            version=version,
            position=self.position,
            events=refs,
        )

    def columns(self) -> list[Sequence[Any]]:
        """The columns of ``events``, then those of ``receipts``."""
        events = zip(*self.events, strict=True) if self.events else [()] * _EVENT_COLUMNS
        receipts = (
            zip(*self.receipts.values(), strict=True) if self.receipts else [()] * _RECEIPT_COLUMNS
        )
        return [list(column) for column in (*events, *receipts)]

    def _append(self, entry: Entry, draft: Draft) -> RecordedRef:
        assert self.versions[draft.stream] == draft.version - 1, draft.stream
        self.position += 1
        self.versions[draft.stream] = draft.version
        envelope = Envelope(
            ledger=self.ledger,
            position=self.position,
            stream=draft.stream,
            version=draft.version,
            name=draft.name,
            schema=draft.schema,
            occurred_at=entry.occurred_at,
            recorded_at=self.recorded_at,
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
        self.events.append(
            (
                draft.stream,
                draft.version,
                draft.name,
                draft.payload,
                self.position,
                data,
                leaf_hash(data),
            )
        )
        return RecordedRef(draft.name, envelope.event_id, self.position)

    def _repeated(self, receipt: tuple[str, bytes, str, int, int, int]) -> Receipt:
        command_id, _, stream, version, position, count = receipt
        stored = [event for event in self.events if position - count < event[4] <= position]
        return Receipt(
            command_id=command_id,
            stream=stream,
            version=version,
            position=position,
            events=tuple(RecordedRef(e[2], f"{e[0]}/{e[1]}", e[4]) for e in stored),
            repeated=True,
        )
