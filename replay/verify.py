"""Store and read models against each other: every hash, every position, every row."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Any, Final

from events.codec import decode
from events.recorded import Envelope, Recorded, envelope_of, leaf_hash
from projections.projection import Table, fold
from replay.derived_rows import derived_into
from replay.expected_rows import ExpectedRows
from replay.ports import ReadModel, StoredFact

OFTEN: Final = 1_000
"""Every so many facts or rows it is said how far it is, and asked whether to go on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as the store says: where, and what is wrong there."""

    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and the first difference of each kind; none when all is well."""

    facts: int
    rows: int
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class _Store:
    """What the facts before say about the next one."""

    position: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    last_recorded_at: str = ""

    def follow(self, fact: StoredFact) -> Envelope | str:
        """Its envelope; what is wrong, where it does not follow or is not what its hashes say."""
        if fact.position != self.position + 1:
            return f"position {fact.position} stands where {self.position + 1} belongs"
        self.position = fact.position
        if leaf_hash(fact.leaf) != fact.leaf_hash:
            return "the leaf does not have its hash"
        envelope = envelope_of(fact.leaf)
        if (envelope.position, envelope.name) != (fact.position, fact.name):
            return "the leaf belongs to another fact"
        if hashlib.sha256(fact.payload).hexdigest() != envelope.payload_sha256:
            return "the payload does not have its hash"
        return self._out_of_order(envelope) or envelope

    def _out_of_order(self, envelope: Envelope) -> str | None:
        version = self.versions.get(envelope.stream, 0) + 1
        if envelope.version != version:
            return f"{envelope.stream} goes on with version {envelope.version}, not {version}"
        self.versions[envelope.stream] = version
        recorded_at = envelope.recorded_at.isoformat()
        if recorded_at < self.last_recorded_at:
            return "it was recorded before the fact before it"
        self.last_recorded_at = recorded_at
        return None


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far it is, and says whether to go on."""

    facts: Callable[[int], None]
    """Told the position that is folded."""
    rows: Callable[[int, int], None] = lambda _done, _all: None
    """Told how many rows are compared, of how many."""
    stop: Callable[[], bool] = lambda: False


def verify(
    stored: Iterable[StoredFact], models: Sequence[ReadModel], zone: str, watch: Watch
) -> Report | None:
    """Fold the store and compare every read model with it, row by row; ``None`` when stopped.

    ``stored`` is the whole store in order, ``zone`` that of the ledger. A read model is compared as
    of its own position, with the rows that are derived. What comes after a broken fact is not
    looked at. The rows are folded beside the read models, a bounded part of them in memory.
    """
    tables = tuple(table for model in models for table in model.projection.tables)
    with closing(ExpectedRows(tables)) as rows:
        store = _Store()
        for fact in stored:
            envelope = store.follow(fact)
            if isinstance(envelope, str):
                broken = Difference(f"store, position {fact.position}", envelope)
                return Report(store.position, 0, (broken,))
            event = decode(fact.name, envelope.schema, fact.payload)
            _fold(models, rows, Recorded(event, envelope))
            if not _goes_on(fact.position, watch.facts, watch.stop):
                return None
        watch.facts(store.position)
        for _ in chain.from_iterable(
            derived_into(rows, model.projection, zone) for model in models
        ):
            if watch.stop():
                return None
        return _compare(store.position, models, rows, watch)


def _fold(models: Sequence[ReadModel], rows: ExpectedRows, recorded: Recorded[Any]) -> None:
    for model in models:
        if recorded.envelope.position <= model.position:
            fold(model.projection, rows, recorded)


def _goes_on(done: int, tell: Callable[[int], None], stop: Callable[[], bool]) -> bool:
    """Whether to go on; every so often it is told how much is ``done``."""
    if done % OFTEN:
        return True
    tell(done)
    return not stop()


def _compare(
    last: int, models: Sequence[ReadModel], rows: ExpectedRows, watch: Watch
) -> Report | None:
    differences = [
        Difference(
            model.projection.name,
            f"it is at position {model.position}, the store ends at {last}",
        )
        for model in models
        if model.position > last
    ]
    compared, total = 0, len(rows)
    for model, table in _tables(model for model in models if model.position <= last):
        for row, wanted in zip_longest(model.rows(table), rows.of(table)):
            compared += 1
            if not _goes_on(compared, lambda done: watch.rows(done, total), watch.stop):
                return None
            if row != wanted:
                differences.append(_difference(table, row, wanted))
                break
    watch.rows(compared, total)
    return Report(last, compared, tuple(differences))


def _tables(models: Iterable[ReadModel]) -> Iterator[tuple[ReadModel, Table]]:
    return ((model, table) for model in models for table in model.projection.tables)


def _difference(table: Table, row: Any, wanted: Any) -> Difference:
    keys = [table.key_of(one) for one in (row, wanted) if one is not None]
    first = min(keys)
    where = f"{table.name} {'/'.join(str(part) for part in first)}"
    if row is None or table.key_of(row) != first:
        return Difference(where, "a row is missing")
    if wanted is None or table.key_of(wanted) != first:
        return Difference(where, "a row is there that no fact says")
    fields = [name for name in row._fields if getattr(row, name) != getattr(wanted, name)]
    return Difference(where, f"not what the facts say: {', '.join(fields)}")
