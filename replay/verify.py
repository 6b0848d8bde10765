"""Store and read models against each other: every hash, every position, every row."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import polars as pl

from events.codec import decode
from events.recorded import Envelope, Recorded, envelope_of, leaf_hash
from projections.derivation import derive_all, unframed
from projections.projection import Key, Projection, Table, fold
from replay.ports import ReadModel, StoredFact


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

    def wrong(self, fact: StoredFact) -> str | None:
        """What is wrong with ``fact``; ``None`` when it follows and is what its hashes say."""
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
        return self._out_of_order(envelope)

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


def verify(
    stored: Iterable[StoredFact],
    models: Sequence[ReadModel],
    zone: str,
    progress: Callable[[int], None],
) -> Report:
    """Fold the store in memory and compare every read model with it, row by row.

    ``stored`` is the whole store in order, ``zone`` that of the ledger. ``progress`` is told each
    position. A read model is compared as of its own position, with the rows that are derived. What
    comes after a broken fact is not looked at.
    """
    rows: dict[Projection, dict[Key, Any]] = {model.projection: {} for model in models}
    store = _Store()
    differences = []
    for fact in stored:
        wrong = store.wrong(fact)
        if wrong is not None:
            differences.append(Difference(f"store, position {fact.position}", wrong))
            return Report(store.position, 0, tuple(differences))
        envelope = envelope_of(fact.leaf)
        recorded = Recorded(decode(fact.name, envelope.schema, fact.payload), envelope)
        for model in models:
            if fact.position <= model.position:
                fold(model.projection, rows[model.projection], recorded)
        progress(fact.position)
    compared = 0
    for model in models:
        if model.position > store.position:
            detail = f"it is at position {model.position}, the store ends at {store.position}"
            differences.append(Difference(model.projection.name, detail))
            continue
        folded = rows.pop(model.projection)
        derived = derive_all(model.projection, folded, zone)
        differences.extend(_first_difference(model, folded, derived))
        compared += len(folded) + sum(map(len, derived.values()))
    return Report(store.position, compared, tuple(differences))


def _first_difference(
    model: ReadModel, rows: Mapping[Key, Any], derived: Mapping[Table, pl.DataFrame]
) -> Iterator[Difference]:
    for table in model.projection.tables:
        folded = sorted(
            ((key, row) for (of, key), row in rows.items() if of is table),
            key=lambda one: one[0],
        )
        expected: Iterable[Any] = (row for _, row in folded)
        if table in derived:
            expected = unframed(table, derived[table])
        for row, wanted in zip_longest(model.rows(table), expected):
            if row != wanted:
                yield _difference(table, row, wanted)
                break


def _difference(table: Table, row: Any, wanted: Any) -> Difference:
    keys = [_key(table, one) for one in (row, wanted) if one is not None]
    first = min(keys)
    where = f"{table.name} {'/'.join(str(part) for part in first)}"
    if row is None or _key(table, row) != first:
        return Difference(where, "a row is missing")
    if wanted is None or _key(table, wanted) != first:
        return Difference(where, "a row is there that no fact says")
    fields = [name for name in row._fields if getattr(row, name) != getattr(wanted, name)]
    return Difference(where, f"not what the facts say: {', '.join(fields)}")


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in table.key)
