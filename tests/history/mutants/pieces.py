"""What the makers of wrong histories share."""

import random
from collections.abc import Sequence
from dataclasses import replace

from commands.ports import Receipt
from tests.history.history import Call, History
from tests.history.telling import Deed, deeds, fact, rows_of, told
from tests.runtime.store.ledgers import Stored


def healthy(rng: random.Random) -> History:
    """A history without a fault."""
    return told(deeds(rng.randrange(1_000_000)))


def answered(history: History, *, events: int = 1) -> list[int]:
    """Where the calls stand that were answered at first and recorded at least ``events`` facts."""
    return [
        n
        for n, call in enumerate(history.calls)
        if isinstance(call.answer, Receipt) and len(call.answer.events) >= events
    ]


def call_at(history: History, n: int, changed: Call) -> History:
    return replace(history, calls=[*history.calls[:n], changed, *history.calls[n + 1 :]])


def receipt_of(call: Call) -> Receipt:
    assert isinstance(call.answer, Receipt)
    return call.answer


def everywhere(history: History, facts: Sequence[Stored]) -> History:
    """``facts`` as store and log have them, read models and followers agreeing."""
    rows = rows_of(facts)
    return replace(history, store=facts, log=facts, rows=rows, folded=rows, reads=())


def again(one: Stored, position: int, version: int) -> Stored:
    """The same fact written once more, elsewhere."""
    return fact(position, one.stream, version, command_of(one))


def command_of(one: Stored) -> str:
    return one.leaf.split(b'"command_id":"')[1].split(b'"')[0].decode()


def next_version(history: History, stream: str) -> int:
    return sum(1 for one in history.store if one.stream == stream) + 1


def stored_unheard(done: Sequence[Deed], events: int = 1) -> list[Deed]:
    """The commands that were recorded though nobody ever got an answer."""
    return [
        deed
        for deed in done
        if deed.recorded_at is not None
        and deed.answered_at is None
        and deed.asked_again_at is None
        and deed.intends >= events
    ]


def inner(rng: random.Random, facts: Sequence[Stored]) -> int:
    return rng.randrange(1, len(facts) - 1)


def changed_at(history: History, n: int, changed: Stored) -> list[Stored]:
    return [*history.store[:n], changed, *history.store[n + 1 :]]
