"""One goal of a customer: stated, changed, linked to objectives of ours, dropped."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotFound, WrongState
from events.accounts.customer_goal import (
    CustomerGoalChanged,
    CustomerGoalDropped,
    CustomerGoalEvent,
    CustomerGoalLinked,
    CustomerGoalStated,
    CustomerGoalUnlinked,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unstated:
    """There is no such goal."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Something a customer wants to reach, or wanted to."""

    stated: CustomerGoalStated
    aim: tuple[str, str | None, date | None]
    """Title, measure and day."""
    objectives: frozenset[str]
    """Those of ours that serve it."""
    dropped: bool


CustomerGoal = Unstated | Stated

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(goal: CustomerGoal, event: CustomerGoalEvent) -> CustomerGoal:
    """The goal after ``event``."""
    if isinstance(event, CustomerGoalStated):
        return Stated(event, _aim(event), frozenset(), dropped=False)
    assert isinstance(goal, Stated)
    match event:
        case CustomerGoalChanged():
            return replace(goal, aim=_aim(event))
        case CustomerGoalDropped():
            return replace(goal, dropped=True)
        case CustomerGoalLinked():
            return replace(goal, objectives=goal.objectives | {event.objective_id})
        case CustomerGoalUnlinked():
            return replace(goal, objectives=goal.objectives - {event.objective_id})
        case unknown:
            assert_never(unknown)


def _aim(event: CustomerGoalStated | CustomerGoalChanged) -> tuple[str, str | None, date | None]:
    return event.title, event.measure, event.due_on


CUSTOMER_GOAL: Final[Decider[CustomerGoal, CustomerGoalEvent]] = Decider(
    "customer_goal", Unstated(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(goal: CustomerGoal) -> Stated:
    """The goal, which must have been stated.

    Raises:
        NotFound: ``unknown-goal``.
    """
    if not isinstance(goal, Stated):
        raise NotFound("unknown-goal", "there is no such goal", field="goal_id")
    return goal


def _pursued(goal: CustomerGoal) -> Stated:
    found = existing(goal)
    if found.dropped:
        raise WrongState("goal-dropped", "the customer does not pursue it", field="goal_id")
    return found


def state_goal(goal: CustomerGoal, *, fact: CustomerGoalStated) -> tuple[CustomerGoalEvent, ...]:
    """State it as ``fact`` says; nothing when it was stated just so.

    Raises:
        WrongState: ``goal-already-stated``, otherwise than asked for.
    """
    if isinstance(goal, Stated):
        if goal.stated == fact:
            return ()
        raise WrongState("goal-already-stated", "this goal id is taken", field="goal_id")
    return (fact,)


def change(
    goal: CustomerGoal, *, goal_id: str, title: str, measure: str | None, due_on: date | None
) -> tuple[CustomerGoalEvent, ...]:
    """Have it say this; nothing if it does.

    Raises:
        NotFound: ``unknown-goal``.
        WrongState: ``goal-dropped``.
    """
    found = _pursued(goal)
    if found.aim == (title, measure, due_on):
        return ()
    return (
        CustomerGoalChanged(
            goal_id=goal_id,
            account_id=found.stated.account_id,
            title=title,
            measure=measure,
            due_on=due_on,
        ),
    )


def drop(goal: CustomerGoal, *, goal_id: str) -> tuple[CustomerGoalEvent, ...]:
    """Record that the customer does not pursue it any more; nothing if that is known.

    Raises:
        NotFound: ``unknown-goal``.
    """
    found = existing(goal)
    if found.dropped:
        return ()
    return (CustomerGoalDropped(goal_id=goal_id, account_id=found.stated.account_id),)


def link(goal: CustomerGoal, *, goal_id: str, objective_id: str) -> tuple[CustomerGoalEvent, ...]:
    """Have the objective, which we pursue, serve the goal; nothing if it does.

    Raises:
        NotFound: ``unknown-goal``.
        WrongState: ``goal-dropped``.
    """
    found = _pursued(goal)
    if objective_id in found.objectives:
        return ()
    account_id = found.stated.account_id
    return (CustomerGoalLinked(goal_id=goal_id, account_id=account_id, objective_id=objective_id),)


def unlink(goal: CustomerGoal, *, goal_id: str, objective_id: str) -> tuple[CustomerGoalEvent, ...]:
    """Have the objective serve the goal no longer; nothing if it does not.

    Raises:
        NotFound: ``unknown-goal``.
    """
    found = existing(goal)
    if objective_id not in found.objectives:
        return ()
    return (
        CustomerGoalUnlinked(
            goal_id=goal_id, account_id=found.stated.account_id, objective_id=objective_id
        ),
    )
