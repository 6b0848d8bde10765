"""Signals: what scores are made of, read off the facts and never changed.

What a fact tells of an account is appended, under the position of the fact, and stays. Where a
later fact says that it never was so (a correction, a withdrawal), or is so no more (an opportunity
is pursued again, a contact comes back), an end is appended: another row under the same position
and number, with the time since when we know. So a score as known at a time adds up plainly what is
left of ``signal LEFT JOIN signal_end`` by one condition::

    recorded_at <= known_at AND (known_to IS NULL OR known_to > known_at)

What a correction tells anew is a signal of its own, recorded when it was corrected.

A signal belongs to the account the fact names, whoever looks after it later: a portfolio that is
handed over takes its signals along. A contact's signals belong to the customer they worked for at
the time, also when they have moved; a move is a leaving there. A merge tells nothing: nobody left,
and what is recorded from then on is recorded of the survivor.

The scores made of them are rows of the same read model (``projections/health_scores.py``), written
with the signals they rest on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from events.recorded import Envelope, Recorded, instant
from projections.health_scores import HEALTH_SCORE, derive
from projections.projection import Key, Projection, Rows
from projections.scoring import deciding
from projections.signal_meanings import MEANINGS, Meaning, Seen, Sign
from projections.signal_rows import (
    SIGNAL,
    SIGNAL_END,
    SIGNAL_SOURCE,
    SignalEndRow,
    SignalRow,
    SignalSourceRow,
)


def keys(recorded: Recorded[Any]) -> tuple[Key, ...]:
    """What is known of the fact's record; of what decides over scores, what it builds on."""
    if isinstance(recorded.event, deciding.DECIDING):
        return deciding.keys(recorded)
    return ((SIGNAL_SOURCE, (recorded.envelope.stream,)),)


def evolve(rows: Rows, recorded: Recorded[Any]) -> Rows:
    """The signals the fact tells, the ends of those it takes back, and what is to be known."""
    event, envelope = recorded.event, recorded.envelope
    if isinstance(event, deciding.DECIDING):
        return deciding.evolve(rows, recorded)
    (source,) = rows.values()
    if event.account_id is None or (source and source.position >= envelope.position):
        return {}
    known = source or SignalSourceRow(envelope.stream, 0, event.account_id, {}, {})
    meaning = MEANINGS[type(event)](event, Seen(envelope.occurred_at, known.memory))
    before = {place: _sign(kept) for place, kept in known.open.items()}
    ended = {place: one for place, one in before.items() if _ends(meaning, one)}
    left = {place: one for place, one in before.items() if place not in ended}
    new = {
        f"{envelope.position}/{number}": one
        for number, one in enumerate(meaning.signs)
        if not (meaning.ends(one) and one in left.values())
    }
    found = _written(new, ended, envelope)
    still = left if meaning.final else left | new
    now = SignalSourceRow(
        record=envelope.stream,
        position=envelope.position,
        account_id=event.account_id,
        open={place: _kept(one) for place, one in still.items()},
        memory={**known.memory, **meaning.remembers},
    )
    if (now.open, now.memory) != (known.open, known.memory):
        found[(SIGNAL_SOURCE, (now.record,))] = now
    return found


def _ends(meaning: Meaning, sign: Sign) -> bool:
    return meaning.ends(sign) and sign not in meaning.signs


def _written(
    new: Mapping[str, Sign], ended: Mapping[str, Sign], envelope: Envelope
) -> dict[Key, Any]:
    row: Any
    found: dict[Key, Any] = {}
    for place, one in new.items():
        row = _signal(place, one, envelope)
        found[(SIGNAL, row[:2])] = row
    for place, one in ended.items():
        row = SignalEndRow(
            *_place(place),
            one.account_id,
            envelope.recorded_at,
            envelope.event_id,
            envelope.position,
        )
        found[(SIGNAL_END, row[:2])] = row
    return found


def _signal(place: str, sign: Sign, envelope: Envelope) -> SignalRow:
    return SignalRow(
        *_place(place),
        sign.account_id,
        sign.kind,
        sign.magnitude,
        sign.occurred_at,
        envelope.recorded_at,
        envelope.event_id,
    )


def _place(place: str) -> tuple[int, int]:
    position, _, number = place.partition("/")
    return int(position), int(number)


def _kept(sign: Sign) -> list[Any]:
    return [sign.account_id, sign.kind, instant(sign.occurred_at), sign.magnitude]


def _sign(kept: list[Any]) -> Sign:
    account_id, kind, at, magnitude = kept
    return Sign(account_id, kind, datetime.fromisoformat(at), magnitude)


SIGNALS: Final = Projection(
    name="signals",
    version=3,
    tables=(
        SIGNAL,
        SIGNAL_END,
        SIGNAL_SOURCE,
        deciding.CLOSED_DAY,
        deciding.SCORING_DRAFT,
        deciding.SCORING_IN_FORCE,
        deciding.SCORED_ACCOUNT,
        deciding.SCORED_REGION,
        HEALTH_SCORE,
    ),
    subscribes=frozenset((*MEANINGS, *deciding.DECIDING)),
    keys=keys,
    evolve=evolve,
    derive=derive,
)
