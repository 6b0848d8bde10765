"""Doing what a plan says: who does an action, and what is done, beside what was approved."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan, going_on
from aggregates.planning.plan_action import complete_action, open_actions, reassign_action
from aggregates.planning.plan_approval import approve
from aggregates.refusals import NotFound, WrongState
from events.event import Event
from events.planning.plan_content import AccountPlanActionSet
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.planning import (
    ACTION_COMPLETED,
    ACTION_DROPPED,
    ACTION_REASSIGNED,
    ACTIVE,
    CONTENT,
    PLAN_CLOSED,
    VISIT,
    WHOLE,
    amended,
    approved,
    submitted,
)
from tests.given import given

APPROVED: Final = (*WHOLE, submitted(), approved())
FOLLOWED: Final = (*APPROVED, ACTIVE)

to_bea = partial(reassign_action, action_id="visit", owner_id=BEA)
done = partial(complete_action, action_id="visit")


def doing(*facts: Any) -> dict[str, str]:
    return dict(open_actions(going_on(ACCOUNT_PLAN.fold(facts))))


def visit_set(**changes: Any) -> AccountPlanActionSet:
    return AccountPlanActionSet(
        plan_id="p1", account_id="acme", action=VISIT.model_copy(update=changes)
    )


@pytest.mark.parametrize("facts", [WHOLE, (*WHOLE, submitted()), APPROVED, FOLLOWED])
def test_another_does_it_wherever_the_plan_stands(facts: tuple[Event, ...]) -> None:
    given(ACCOUNT_PLAN, *facts).when(to_bea).then(ACTION_REASSIGNED)
    assert doing(*facts, ACTION_REASSIGNED) == {"visit": BEA, "survey": ANN}


def test_what_was_approved_stays_approved() -> None:
    """The content is the one its approval was given for, and may still be approved."""
    state = ACCOUNT_PLAN.fold([*FOLLOWED, ACTION_REASSIGNED])
    assert isinstance(state, Plan)
    assert state.in_force == CONTENT
    given(ACCOUNT_PLAN, *WHOLE, submitted(), ACTION_REASSIGNED).when(
        approve, approval_id="a1"
    ).then(approved())


def test_it_is_done_by_whoever_did_it_already() -> None:
    given(ACCOUNT_PLAN, *FOLLOWED).when(to_bea, owner_id=ANN).then()
    given(ACCOUNT_PLAN, *FOLLOWED, ACTION_REASSIGNED).when(to_bea, owner_id=ANN).then(
        ACTION_REASSIGNED.model_copy(update={"owner_id": ANN})
    )


def test_an_action_is_done() -> None:
    given(ACCOUNT_PLAN, *FOLLOWED).when(done).then(ACTION_COMPLETED)
    assert doing(*FOLLOWED, ACTION_COMPLETED) == {"survey": ANN}


def test_what_is_done_is_not_given_to_another() -> None:
    given(ACCOUNT_PLAN, *FOLLOWED, ACTION_COMPLETED).when(to_bea).then_refused(
        "action-done", WrongState, field="action_id"
    )


@pytest.mark.parametrize("facts", [WHOLE, APPROVED])
def test_the_actions_of_an_active_plan_are_done(facts: tuple[Event, ...]) -> None:
    given(ACCOUNT_PLAN, *facts).when(done).then_refused("plan-not-active", WrongState)


@pytest.mark.parametrize("verb", [to_bea, done])
def test_an_action_is_one_of_a_plan_that_goes_on(verb: Any) -> None:
    given(ACCOUNT_PLAN, *FOLLOWED).when(verb, action_id="none").then_refused(
        "unknown-action", NotFound, field="action_id"
    )
    given(ACCOUNT_PLAN, *FOLLOWED, PLAN_CLOSED).when(verb).then_refused(
        "plan-closed", WrongState, field="plan_id"
    )
    given(ACCOUNT_PLAN).when(verb).then_refused("unknown-plan", NotFound, field="plan_id")


def test_the_action_of_an_amendment_is_one_when_it_is_approved() -> None:
    new = visit_set(action_id="new")
    given(ACCOUNT_PLAN, *FOLLOWED, amended(1), new).when(to_bea, action_id="new").then_refused(
        "unknown-action", NotFound, field="action_id"
    )


@pytest.mark.parametrize(
    ("change", "visitor"),
    [
        ({"statement": "Visit one plant."}, BEA),
        ({"owner_id": CARL}, CARL),
    ],
)
def test_who_names_another_owner_has_decided_anew_who_does_it(
    change: dict[str, str], visitor: str
) -> None:
    """In a draft at once; in an amendment when it is approved."""
    assert doing(*WHOLE, ACTION_REASSIGNED, visit_set(**change))["visit"] == visitor
    drafted = (*FOLLOWED, ACTION_REASSIGNED, amended(1), visit_set(**change))
    assert doing(*drafted)["visit"] == BEA
    assert doing(*drafted, submitted(), approved())["visit"] == visitor


def test_an_action_that_was_dropped_and_set_again_is_its_owners_and_not_done() -> None:
    told = (*WHOLE, ACTION_REASSIGNED.model_copy(update={"action_id": "survey"}), ACTION_DROPPED)
    assert doing(*told, visit_set(action_id="survey"))["survey"] == ANN
    away = (*FOLLOWED, ACTION_COMPLETED, amended(1), visit_set(statement="Again."))
    assert "visit" not in doing(*away, submitted(), approved())
