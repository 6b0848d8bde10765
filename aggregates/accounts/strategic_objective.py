"""One strategic objective of ours: stated, put in other words, dropped."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotFound, WrongState
from events.accounts.strategic_objective import (
    StrategicObjectiveChanged,
    StrategicObjectiveDropped,
    StrategicObjectiveEvent,
    StrategicObjectiveStated,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unstated:
    """There is no such objective."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Something we want to reach, or wanted to."""

    stated: StrategicObjectiveStated
    title: str
    dropped: bool


StrategicObjective = Unstated | Stated

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(objective: StrategicObjective, event: StrategicObjectiveEvent) -> StrategicObjective:
    """The objective after ``event``."""
    match event:
        case StrategicObjectiveStated():
            return Stated(event, event.title, dropped=False)
        case StrategicObjectiveChanged():
            return replace(_stated(objective), title=event.title)
        case StrategicObjectiveDropped():
            return replace(_stated(objective), dropped=True)
        case unknown:
            assert_never(unknown)


def _stated(objective: StrategicObjective) -> Stated:
    assert isinstance(objective, Stated)
    return objective


STRATEGIC_OBJECTIVE: Final[Decider[StrategicObjective, StrategicObjectiveEvent]] = Decider(
    "strategic_objective", Unstated(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(objective: StrategicObjective) -> Stated:
    """The objective, which must have been stated.

    Raises:
        NotFound: ``unknown-objective``.
    """
    if not isinstance(objective, Stated):
        raise NotFound("unknown-objective", "there is no such objective", field="objective_id")
    return objective


def pursued(objective: StrategicObjective) -> Stated:
    """The objective, which must not have been dropped.

    Raises:
        NotFound: ``unknown-objective``.
        WrongState: ``objective-dropped``.
    """
    found = existing(objective)
    if found.dropped:
        raise WrongState("objective-dropped", "we do not pursue it any more", field="objective_id")
    return found


def state_objective(
    objective: StrategicObjective, *, fact: StrategicObjectiveStated
) -> tuple[StrategicObjectiveEvent, ...]:
    """State it as ``fact`` says; nothing when it was stated just so.

    Raises:
        WrongState: ``objective-already-stated``, otherwise than asked for.
    """
    if isinstance(objective, Stated):
        if objective.stated == fact:
            return ()
        raise WrongState("objective-already-stated", "this id is taken", field="objective_id")
    return (fact,)


def change(
    objective: StrategicObjective, *, objective_id: str, title: str
) -> tuple[StrategicObjectiveEvent, ...]:
    """Say it in other words; nothing if it is said so.

    Raises:
        NotFound: ``unknown-objective``.
        WrongState: ``objective-dropped``.
    """
    if pursued(objective).title == title:
        return ()
    return (StrategicObjectiveChanged(objective_id=objective_id, title=title),)


def drop(
    objective: StrategicObjective, *, objective_id: str
) -> tuple[StrategicObjectiveEvent, ...]:
    """Pursue it no longer; nothing if it is not.

    Raises:
        NotFound: ``unknown-objective``.
    """
    if existing(objective).dropped:
        return ()
    return (StrategicObjectiveDropped(objective_id=objective_id),)
