"""One completed course of one employee: recorded once, perhaps revoked."""

from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.employee_training import (
    EmployeeTrainingEvent,
    EmployeeTrainingRecorded,
    EmployeeTrainingRevoked,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """There is no such training."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Somebody has completed a course, or was said to have."""

    recorded: EmployeeTrainingRecorded
    revoked: bool = False


EmployeeTraining = Unrecorded | Recorded

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(training: EmployeeTraining, event: EmployeeTrainingEvent) -> EmployeeTraining:
    """The training after ``event``."""
    match event:
        case EmployeeTrainingRecorded():
            return Recorded(event)
        case EmployeeTrainingRevoked():
            assert isinstance(training, Recorded)
            return Recorded(training.recorded, revoked=True)
        case unknown:
            assert_never(unknown)


EMPLOYEE_TRAINING: Final[Decider[EmployeeTraining, EmployeeTrainingEvent]] = Decider(
    "employee_training", Unrecorded(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def record(
    training: EmployeeTraining, *, fact: EmployeeTrainingRecorded, today: date
) -> tuple[EmployeeTrainingEvent, ...]:
    """Record it as ``fact`` says; nothing when it was recorded just so.

    Raises:
        WrongState: ``training-already-recorded``, otherwise than asked for.
        Invalid: ``day-in-the-future``: it was completed after ``today``;
            ``expires-before-completed``.
    """
    if isinstance(training, Recorded):
        if training.recorded == fact:
            return ()
        raise WrongState("training-already-recorded", "this id is taken", field="training_id")
    if fact.completed_on > today:
        raise Invalid("day-in-the-future", "this day is still to come", field="completed_on")
    if fact.expires_on is not None and fact.expires_on < fact.completed_on:
        raise Invalid(
            "expires-before-completed",
            f"it was completed on {fact.completed_on}",
            field="expires_on",
        )
    return (fact,)


def revoke(training: EmployeeTraining, *, reason: str) -> tuple[EmployeeTrainingEvent, ...]:
    """Say that it was never completed; nothing if that is said.

    Raises:
        NotFound: ``unknown-training``.
    """
    if not isinstance(training, Recorded):
        raise NotFound("unknown-training", "there is no such training", field="training_id")
    if training.revoked:
        return ()
    fact = training.recorded
    return (
        EmployeeTrainingRevoked(
            training_id=fact.training_id, employee_id=fact.employee_id, reason=reason
        ),
    )
