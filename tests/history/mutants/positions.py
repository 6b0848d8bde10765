"""Histories whose facts are not where or what they have to be: C3 and C4."""

import random
from dataclasses import replace

from commands.ports import Receipt
from tests.history.history import History
from tests.history.mutants.pieces import (
    changed_at,
    command_of,
    everywhere,
    healthy,
    inner,
    next_version,
)
from tests.history.telling import fact


def hole_in_the_positions(rng: random.Random) -> History:
    """A number that was drawn and never used."""
    history = healthy(rng)
    n = inner(rng, history.store)
    shifted = [
        fact(one.position + 1, one.stream, one.version, command_of(one))
        for one in history.store[n:]
    ]
    return everywhere(history, [*history.store[:n], *shifted])


def position_twice_in_the_store(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    return everywhere(history, [*history.store[:n], history.store[n - 1], *history.store[n:]])


def twice_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    return replace(history, log=[*history.store[:n], history.store[n - 1], *history.store[n:]])


def batch_twice_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    return replace(history, log=[*history.store, *history.store[n:]])


def reordered_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    one, other = history.store[n - 1 : n + 1]
    return replace(history, log=[*history.store[: n - 1], other, one, *history.store[n + 1 :]])


def missing_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    return replace(history, log=[*history.store[:n], *history.store[n + 1 :]])


def end_missing_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    return replace(history, log=history.store[: inner(rng, history.store)])


def more_in_the_log(rng: random.Random) -> History:
    """The store was set back; the log knows what came after."""
    history = healthy(rng)
    version = next_version(history, "a-1")
    further = fact(len(history.store) + 1, "a-1", version, "00000000-0000-4000-8000-000000000000")
    return replace(history, log=[*history.store, further])


def other_payload_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    return replace(
        history, log=changed_at(history, n, replace(history.store[n], payload=b'{"n":9}'))
    )


def other_hash_in_the_log(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    return replace(
        history, log=changed_at(history, n, replace(history.store[n], leaf_hash=rng.randbytes(32)))
    )


def other_payload_everywhere(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    changed = changed_at(history, n, replace(history.store[n], payload=b'{"n":9}'))
    return replace(history, store=changed, log=changed)


def other_leaf_everywhere(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    one = history.store[n]
    forged = replace(one, leaf=one.leaf.replace(b'"actor":"api_key-told"', b'"actor":"system"'))
    changed = changed_at(history, n, forged)
    return replace(history, store=changed, log=changed)


def leaf_of_another_fact(rng: random.Random) -> History:
    """Two leaves changed places, hashes included; only the rows tell."""
    history = healthy(rng)
    n = inner(rng, history.store)
    one, other = history.store[n - 1 : n + 1]
    store = list(history.store)
    store[n - 1] = replace(other, stream=one.stream, version=one.version, position=one.position)
    store[n] = replace(one, stream=other.stream, version=other.version, position=other.position)
    return replace(history, store=store, log=store)


def no_leaf_at_all(rng: random.Random) -> History:
    history = healthy(rng)
    n = inner(rng, history.store)
    changed = changed_at(history, n, replace(history.store[n], leaf=b"{}"))
    return replace(history, store=changed, log=changed)


def _versions(history: History, n: int, version: int) -> History:
    """The fact at ``n`` takes another version, whoever was answered knowing it so."""
    one = history.store[n]
    moved = fact(one.position, one.stream, version, command_of(one))
    old, new = f"{one.stream}/{one.version}", f"{one.stream}/{version}"
    calls = [
        replace(
            call,
            answer=replace(
                call.answer,
                events=tuple(
                    replace(ref, event_id=new)
                    if (ref.event_id, ref.position) == (old, one.position)
                    else ref
                    for ref in call.answer.events
                ),
            ),
        )
        if isinstance(call.answer, Receipt)
        else call
        for call in history.calls
    ]
    return replace(everywhere(history, changed_at(history, n, moved)), calls=calls)


def version_skipped(rng: random.Random) -> History:
    history = healthy(rng)
    last = len(history.store) - 1
    return _versions(history, last, history.store[last].version + 1)


def version_twice(rng: random.Random) -> History:
    """Two writers that both thought they were first."""
    history = healthy(rng)
    n = rng.choice([n for n, one in enumerate(history.store) if one.version > 1])
    return _versions(history, n, history.store[n].version - 1)


def stream_without_a_beginning(rng: random.Random) -> History:
    history = healthy(rng)
    return _versions(history, 0, history.store[0].version + 1)


def versions_in_the_wrong_order(rng: random.Random) -> History:
    history = healthy(rng)
    n = rng.choice([n for n, one in enumerate(history.store) if one.version > 1])
    one = history.store[n]
    before = next(
        m
        for m in range(n)
        if (history.store[m].stream, history.store[m].version) == (one.stream, one.version - 1)
    )
    return _versions(_versions(history, n, one.version - 1), before, one.version)
