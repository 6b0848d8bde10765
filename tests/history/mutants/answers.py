"""Histories whose answers are not what happened: C1 and C2."""

import random
from collections.abc import Sequence
from dataclasses import replace

from commands.ports import Receipt
from tests.history.history import History, Silence
from tests.history.mutants.pieces import (
    again,
    answered,
    call_at,
    everywhere,
    healthy,
    next_version,
    receipt_of,
    stored_unheard,
)
from tests.history.telling import Deed, deeds, fact, told


def lost_from_the_end(rng: random.Random) -> History:
    """The last answered facts are gone everywhere, and so leave no hole."""
    history = healthy(rng)
    last = max(receipt_of(history.calls[n]).position for n in answered(history))
    call = next(
        c for c in history.calls if isinstance(c.answer, Receipt) and c.answer.position == last
    )
    kept = [one for one in history.store if one.position <= last - len(receipt_of(call).events)]
    return everywhere(history, kept)


def lost_from_the_middle(rng: random.Random) -> History:
    history = healthy(rng)
    gone = receipt_of(history.calls[rng.choice(answered(history))]).events[0].position
    return everywhere(history, [one for one in history.store if one.position != gone])


def answered_another_position(rng: random.Random) -> History:
    history = healthy(rng)
    n = rng.choice(answered(history))
    receipt = receipt_of(history.calls[n])
    events = tuple(replace(ref, position=ref.position + 1) for ref in receipt.events)
    return call_at(history, n, replace(history.calls[n], answer=replace(receipt, events=events)))


def answered_another_event(rng: random.Random) -> History:
    history = healthy(rng)
    n, other = rng.sample(answered(history), 2)
    if history.calls[n].command_id == history.calls[other].command_id:
        return answered_another_event(rng)
    answer = replace(
        receipt_of(history.calls[n]), events=receipt_of(history.calls[other]).events, repeated=False
    )
    return call_at(history, n, replace(history.calls[n], answer=answer))


def repeat_answered_differently(rng: random.Random) -> History:
    history = healthy(rng)
    n = rng.choice(answered(history))
    call, receipt = history.calls[n], receipt_of(history.calls[n])
    again = replace(
        call,
        invoked_at=call.ended_at + 1,
        ended_at=call.ended_at + 2,
        answer=replace(receipt, version=receipt.version + 1, repeated=True),
    )
    return replace(history, calls=[*history.calls, again])


def answered_stored_twice(rng: random.Random) -> History:
    """A retry that was carried out again instead of being answered by its receipt."""
    history = healthy(rng)
    ref = receipt_of(history.calls[rng.choice(answered(history))]).events[0]
    one = history.store[ref.position - 1]
    version = next_version(history, one.stream)
    return everywhere(history, [*history.store, again(one, len(history.store) + 1, version)])


def unknown_stored_twice(rng: random.Random) -> History:
    done = deeds(rng.randrange(1_000_000))
    unheard = rng.choice(stored_unheard(done))
    twin = replace(unheard, recorded_at=_late(done), facts=[])
    history = told([*done, twin])
    return _without_call(replace(history, reads=()), twin)


def _late(done: Sequence[Deed]) -> float:
    return max(deed.recorded_at or 0 for deed in done) + 1


def _without_call(history: History, twin: Deed) -> History:
    """The second time was nobody's call."""
    calls = list(history.calls)
    calls.remove(next(c for c in reversed(calls) if c.command_id == twin.command_id))
    return replace(history, calls=calls)


def unknown_stored_in_part(rng: random.Random) -> History:
    done = deeds(rng.randrange(1_000_000))
    torn = rng.choice(stored_unheard(done, events=1))
    history = told(done)
    calls = [
        replace(call, intends=call.intends + 1) if call.command_id == torn.command_id else call
        for call in history.calls
    ]
    return replace(history, calls=calls)


def unknown_stored_with_another_between(rng: random.Random) -> History:
    """Two facts of one command that did not come together."""
    done = deeds(rng.randrange(1_000_000))
    torn = rng.choice(stored_unheard(done))
    torn.intends = 1
    rest = replace(torn, recorded_at=_late(done), facts=[])
    history = _without_call(replace(told([*done, rest]), reads=()), rest)
    calls = [
        replace(call, intends=2) if call.command_id == torn.command_id else call
        for call in history.calls
    ]
    return replace(history, calls=calls)


def refused_yet_stored(rng: random.Random) -> History:
    history = healthy(rng)
    n = rng.choice(answered(history))
    command_id = history.calls[n].command_id
    calls = [
        replace(call, answer=Silence.REFUSED) if call.command_id == command_id else call
        for call in history.calls
    ]
    return replace(history, calls=calls)


def stored_without_a_command(rng: random.Random) -> History:
    history = healthy(rng)
    position = len(history.store) + 1
    stranger = fact(position, "z-1", 1, "00000000-0000-4000-8000-000000000000")
    return everywhere(history, [*history.store, stranger])
