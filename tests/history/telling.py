"""Makes up healthy histories: seeded clients at a store that keeps every rule."""

import bisect
import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from commands.ports import Receipt, RecordedRef
from events.recorded import Envelope, leaf, leaf_hash
from tests.history.history import Call, History, Read, Rows, Silence
from tests.runtime.store.ledgers import Stored

SESSIONS: Final = 4
TURNS: Final = 40
"""How many commands each session sends."""
NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class Deed:
    """One command: when it was sent, recorded and answered, and what it recorded where."""

    session: str
    command_id: str
    stream: str
    intends: int
    invoked_at: float
    recorded_at: float | None
    """``None``: it was refused or never came through."""
    answered_at: float | None
    """``None``: the answer was lost."""
    asked_again_at: float | None = None
    facts: list[Stored] = field(default_factory=list)
    head: int = 0
    """The position of the log after it."""


def deeds(seed: int) -> list[Deed]:
    """What the sessions do, each one command after the other; a tenth of the answers is lost."""
    rng = random.Random(seed)
    found = []
    for session in range(SESSIONS):
        now = rng.random()
        for _ in range(TURNS):
            now += rng.uniform(0.1, 1.0)
            found.append(_deed(rng, f"session-{session}", now))
            now = found[-1].answered_at or found[-1].asked_again_at or now + 2.0
    return found


def _deed(rng: random.Random, session: str, now: float) -> Deed:
    kind = rng.choices(
        ["answered", "refused", "stored unheard", "lost", "asked again"], [12, 2, 1, 1, 2]
    )[0]
    recorded_at, answered_at = now + rng.uniform(0.1, 0.5), now + rng.uniform(0.6, 1.0)
    return Deed(
        session=session,
        command_id=str(UUID(int=rng.getrandbits(128), version=4)),
        stream=f"{rng.choice('abcdefgh')}-1",
        intends=rng.choice((0, 1, 1, 1, 2, 3)),
        invoked_at=now,
        recorded_at=None if kind in {"refused", "lost"} else recorded_at,
        answered_at=answered_at if kind in {"answered", "refused"} else None,
        asked_again_at=answered_at + 1.0 if kind == "asked again" else None,
    )


def fact(
    position: int, stream: str, version: int, command_id: str, payload: bytes = b"{}"
) -> Stored:
    """A fact whose row, leaf and hashes agree."""
    data = leaf(
        Envelope(
            ledger="told",
            position=position,
            stream=stream,
            version=version,
            name="x.done",
            schema=1,
            occurred_at=NOON,
            recorded_at=NOON,
            actor="api_key-told",
            command_id=command_id,
            correlation_id=command_id,
            causation_id=None,
            policies={},
            release="told",
            imported=False,
            payload_sha256=hashlib.sha256(payload).hexdigest(),
        )
    )
    return Stored(stream, version, "x.done", payload, position, data, leaf_hash(data))


def told(done: Sequence[Deed]) -> History:
    """The history of ``done``: positions in order of recording, everything else following."""
    store: list[Stored] = []
    versions: Counter[str] = Counter()
    recorded = sorted((d for d in done if d.recorded_at is not None), key=_recorded_at)
    for deed in recorded:
        deed.facts = []
        for n in range(deed.intends):
            versions[deed.stream] += 1
            version, position = versions[deed.stream], len(store) + n + 1
            deed.facts.append(fact(position, deed.stream, version, deed.command_id))
        store.extend(deed.facts)
        deed.head = len(store)
    return History(
        calls=[call for deed in done for call in _calls(deed)],
        store=store,
        log=store,
        reads=[*_queries(done, recorded), *_follows(recorded, store)],
        rows=rows_of(store),
        folded=rows_of(store),
    )


def _recorded_at(deed: Deed) -> float:
    assert deed.recorded_at is not None
    return deed.recorded_at


def _calls(deed: Deed) -> list[Call]:
    receipt = Receipt(
        command_id=deed.command_id,
        stream=deed.stream,
        version=deed.facts[-1].version if deed.facts else 0,
        position=deed.head,
        events=tuple(
            RecordedRef(fact.name, f"{fact.stream}/{fact.version}", fact.position)
            for fact in deed.facts
        ),
    )
    first = Call(
        session=deed.session,
        command_id=deed.command_id,
        invoked_at=deed.invoked_at,
        ended_at=deed.answered_at or deed.invoked_at + 1.9,
        intends=deed.intends,
    )
    if deed.answered_at is not None:
        answer = Silence.REFUSED if deed.recorded_at is None else receipt
        return [_answered(first, first.invoked_at, first.ended_at, answer)]
    if deed.asked_again_at is None:
        return [first]
    again = deed.asked_again_at
    return [first, _answered(first, again - 0.5, again, receipt)]


def _answered(call: Call, invoked_at: float, ended_at: float, answer: Receipt | Silence) -> Call:
    return Call(
        session=call.session,
        command_id=call.command_id,
        invoked_at=invoked_at,
        ended_at=ended_at,
        answer=answer,
        intends=call.intends,
    )


def _queries(done: Sequence[Deed], recorded: Sequence[Deed]) -> list[Read]:
    """Each session asks for what it has just been told, and may be shown more."""
    moments = [_recorded_at(deed) for deed in recorded]
    reads = []
    for deed in done:
        if deed.answered_at is None or deed.recorded_at is None:
            continue
        now = deed.answered_at + 0.05
        head = recorded[bisect.bisect(moments, now) - 1].head
        reads.append(
            Read(
                session=f"{deed.session}-reads",
                invoked_at=now,
                ended_at=now + 0.01,
                position=head,
                min_position=deed.head,
            )
        )
    return reads


def _follows(recorded: Sequence[Deed], store: Sequence[Stored]) -> list[Read]:
    """One reader that follows the log, a few commands at a time, until its end."""
    reads, after = [], 0
    for deed in [*recorded[3::4], recorded[-1]]:
        now = _recorded_at(deed)
        reads.append(
            Read(
                session="reader",
                invoked_at=now + 0.01,
                ended_at=now + 0.02,
                position=deed.head,
                after=after,
                seen=tuple(
                    (f.position, f"{f.stream}/{f.version}") for f in store[after : deed.head]
                ),
            )
        )
        after = deed.head
    return reads


def counts(store: Sequence[Stored]) -> dict[str, int]:
    """How many facts each stream has."""
    return dict(Counter(fact.stream for fact in store))


def rows_of(store: Sequence[Stored]) -> Rows:
    """The one read model of the histories told here."""
    return {"counts": counts(store)}
