"""Facts for tests of the archive, as a store would have them, and an archive in memory."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from events.codec import encode
from events.recorded import Envelope, leaf, leaf_hash
from replay.archive.manifest import File, Manifest, Stretch
from replay.archive.writing import Parquet, archive
from runtime.log.cloudevents import StoredFact
from tests.events.golden_files import GOLDEN
from tests.examples.histories import HISTORIES
from tests.examples.sealing import ToySeal

LEDGER: Final = "main"
RECORDED_AT: Final = datetime(2026, 3, 4, 5, 6, 7, 89_000, tzinfo=UTC)


def stored_fact(
    position: int, name: str, schema: int, payload: bytes, *, stream: str = "", version: int = 1
) -> StoredFact:
    """A fact at ``position``, with everything in its envelope that may be there."""
    envelope = Envelope(
        ledger=LEDGER,
        position=position,
        stream=stream or f"stream-{position}",
        version=version,
        name=name,
        schema=schema,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_at=RECORDED_AT,
        actor="ann",
        command_id=f"command-{position}",
        correlation_id="ü",
        causation_id=None if position % 2 else f"command-{position - 1}",
        policies={"funnel": 2, "approval": 1} if position % 3 else {},
        release="0.1.0",
        imported=position % 5 == 0,
        payload_sha256=hashlib.sha256(payload).hexdigest(),
    )
    data = leaf(envelope)
    return StoredFact(position, envelope.stream, name, payload, data, leaf_hash(data))


def every_fact() -> tuple[StoredFact, ...]:
    """Each fact of each history as it is stored, personal values sealed, in one log."""
    seal = ToySeal().seal
    stored = [
        (history.stream, version, fact, encode(fact, f"{history.stream}/{version}", seal))
        for history in HISTORIES
        for version, fact in enumerate(history.facts, 1)
    ]
    return tuple(
        stored_fact(position, fact.NAME, fact.VERSION, payload, stream=stream, version=version)
        for position, (stream, version, fact, payload) in enumerate(stored, 1)
    )


def golden_facts() -> tuple[StoredFact, ...]:
    """Every golden file as the payload of a fact, blanks and all."""
    return tuple(
        stored_fact(position, golden.name, golden.version, golden.text.encode())
        for position, golden in enumerate(GOLDEN, 1)
    )


@dataclass(slots=True)
class Log:
    """A log in memory."""

    facts: Sequence[StoredFact]

    def stored(self, after: int, limit: int, timeout_s: float) -> Sequence[StoredFact]:
        assert timeout_s >= 0
        return self.facts[after : after + limit]

    def head(self) -> int:
        return len(self.facts)


@dataclass(slots=True)
class MemoryShelf:
    """An archive in memory."""

    manifest: Manifest = field(default_factory=lambda: Manifest(LEDGER))
    kept: dict[str, bytes] = field(default_factory=dict)

    def keep(self, first: int, last: int, leaves_sha256: str, files: Iterator[Parquet]) -> None:
        named = []
        for path, rows, octets in files:
            self.kept[path] = octets
            named.append(File(path, rows, hashlib.sha256(octets).hexdigest()))
        stretch = Stretch(first, last, leaves_sha256, tuple(named))
        self.manifest = self.manifest.with_next(stretch)

    def paths(self) -> frozenset[str]:
        return frozenset(self.kept)

    def octets(self, path: str) -> bytes | None:
        return self.kept.get(path)


def archived(facts: Sequence[StoredFact], size: int = 100_000) -> MemoryShelf:
    """All of ``facts`` in an archive."""
    shelf = MemoryShelf()
    whole = archive(
        Log(facts), shelf, size, until_now=True, progress=lambda *_: None, stop=lambda: False
    )
    assert whole
    return shelf
