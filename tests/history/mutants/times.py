"""Histories that contradict the clock, or whose reads and rows are wrong: C5 to C7."""

import random
from collections.abc import Callable
from dataclasses import replace

from tests.history.history import History, Read
from tests.history.mutants.pieces import healthy, stored_unheard
from tests.history.telling import counts, deeds, told


def recorded_before_it_was_sent(rng: random.Random) -> History:
    """Two commands of one session, one after the other, recorded the other way round."""
    done = deeds(rng.randrange(1_000_000))
    heard = [d for d in done if d.recorded_at and d.answered_at and d.intends]
    one = rng.choice(heard[:-1])
    other = next((d for d in heard if d.invoked_at > (one.answered_at or 0)), None)
    if other is None:
        return recorded_before_it_was_sent(rng)
    one.recorded_at, other.recorded_at = other.recorded_at, one.recorded_at
    return replace(told(done), reads=())


def unknown_recorded_before_it_was_sent(rng: random.Random) -> History:
    done = deeds(rng.randrange(1_000_000))
    unheard = rng.choice(stored_unheard(done))
    unheard.recorded_at = -1.0
    return replace(told(done), reads=())


def answered_from_an_old_head(rng: random.Random) -> History:
    """A decision that recorded nothing was made on a view that others had overtaken."""
    done = deeds(rng.randrange(1_000_000))
    empty = [d for d in done if d.recorded_at and d.answered_at and not d.intends]
    max(empty, key=lambda d: d.invoked_at).recorded_at = 0.0
    return replace(told(done), reads=())


def row_off_by_one(rng: random.Random) -> History:
    """A fact folded twice."""
    history = healthy(rng)
    rows = counts(history.store)
    rows[rng.choice(sorted(rows))] += 1
    return replace(history, rows={"counts": rows})


def row_missing(rng: random.Random) -> History:
    history = healthy(rng)
    rows = counts(history.store)
    del rows[rng.choice(sorted(rows))]
    return replace(history, rows={"counts": rows})


def row_too_many(rng: random.Random) -> History:
    history = healthy(rng)
    return replace(history, rows={"counts": {**counts(history.store), "z-1": 1}})


def read_model_left_empty(rng: random.Random) -> History:
    return replace(healthy(rng), rows={})


def read_model_behind(rng: random.Random) -> History:
    """The last fact was never folded."""
    history = healthy(rng)
    return replace(history, rows={"counts": counts(history.store[:-1])})


def _query(
    rng: random.Random, change: Callable[[Read], Read], *, least: int = 1, last: bool = False
) -> History:
    """One query whose answer was made at ``least`` or later, changed."""
    history = healthy(rng)
    found = [
        n
        for n, read in enumerate(history.reads)
        if read.after is None and read.min_position >= least
    ]
    n = found[-1] if last else rng.choice(found)
    changed = change(history.reads[n])
    return replace(history, reads=[*history.reads[:n], changed, *history.reads[n + 1 :]])


def read_older_than_asked_for(rng: random.Random) -> History:
    return _query(rng, lambda read: replace(read, position=read.min_position - 1, session="new"))


def read_back_in_time(rng: random.Random) -> History:
    """The second page of a reader came from a server that was behind."""
    history = healthy(rng)
    one = rng.choice([read for read in history.reads if read.after is None and read.position > 1])
    older = replace(
        one,
        invoked_at=one.ended_at,
        ended_at=one.ended_at + 0.001,
        position=one.position - 1,
        min_position=0,
    )
    return replace(history, reads=[*history.reads, older])


def read_of_what_is_missing_later(rng: random.Random) -> History:
    """A read model had folded what the store lost when it came back."""
    history = healthy(rng)
    end = max(read.ended_at for read in history.reads)
    lost = Read(session="new", invoked_at=end, ended_at=end + 1, position=len(history.store) + 1)
    return replace(history, reads=[*history.reads, lost])


def read_ahead_of_its_time(rng: random.Random) -> History:
    """An answer says a position that was taken by a command sent after the answer."""
    history = healthy(rng)
    early = Read(session="new", invoked_at=0.0, ended_at=0.0, position=len(history.store) // 2)
    return replace(history, reads=[early, *history.reads])


def _turn(rng: random.Random, change: Callable[[Read], Read]) -> History:
    """One turn of the reader that follows the log, in which it was given two facts or more."""
    history = healthy(rng)
    n = rng.choice([n for n, read in enumerate(history.reads) if len(read.seen) > 2])
    changed = change(history.reads[n])
    return replace(history, reads=[*history.reads[:n], changed, *history.reads[n + 1 :]])


def follower_passed_over(rng: random.Random) -> History:
    """A fact became visible after a later one had been read."""
    return _turn(rng, lambda read: replace(read, seen=(read.seen[0], *read.seen[2:])))


def follower_passed_over_the_first(rng: random.Random) -> History:
    return _turn(rng, lambda read: replace(read, seen=read.seen[1:]))


def follower_given_one_twice(rng: random.Random) -> History:
    return _turn(rng, lambda read: replace(read, seen=(read.seen[0], *read.seen)))


def follower_given_another_order(rng: random.Random) -> History:
    return _turn(rng, lambda read: replace(read, seen=(read.seen[1], read.seen[0], *read.seen[2:])))


def follower_given_another_event(rng: random.Random) -> History:
    """What was read at a position is not what stands there now."""
    return _turn(rng, lambda read: replace(read, seen=((read.seen[0][0], "z-1/1"), *read.seen[1:])))


def follower_began_again(rng: random.Random) -> History:
    """Its cursor was lost, and so it was given everything a second time."""
    history = healthy(rng)
    turn = rng.choice([read for read in history.reads if read.after])
    back = replace(turn, after=0, position=turn.after or 0, seen=_all_seen(history, turn))
    late = max(read.ended_at for read in history.reads) + 1
    return replace(
        history, reads=[*history.reads, replace(back, invoked_at=late, ended_at=late + 1)]
    )


def _all_seen(history: History, turn: Read) -> tuple[tuple[int, str], ...]:
    return tuple((f.position, f"{f.stream}/{f.version}") for f in history.store[: turn.after])
