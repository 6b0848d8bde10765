"""Account plans as a whole: drafted, followed, measured, given on, closed."""

from typing import Final

import pytest

from aggregates.planning.account_plan import (
    ACCOUNT_PLAN,
    activate,
    close,
    draft_plan,
    reassign,
    record_attainment,
)
from aggregates.planning.plan_year import PLAN_YEAR, claim, release
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from tests.examples.cast import ANN, CARL, usd
from tests.examples.planning import (
    ACTIVE,
    ATTAINED,
    IN_FORCE,
    PLAN_CLOSED,
    PLAN_DRAFTED,
    PLAN_REASSIGNED,
    WHOLE,
    YEAR_CLAIMED,
    YEAR_RELEASED,
    amended,
    approved,
    submitted,
)
from tests.given import given

CLOSED: Final = (*IN_FORCE, PLAN_CLOSED)


def test_a_plan_is_drafted() -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN).when(draft_plan, fact=PLAN_DRAFTED).then(PLAN_DRAFTED)


def test_a_plan_may_cost_nothing_but_not_less() -> None:
    free = PLAN_DRAFTED.model_copy(update={"budget": usd(0)})
    given(ACCOUNT_PLAN).when(draft_plan, fact=free).then(free)
    less = PLAN_DRAFTED.model_copy(update={"budget": usd(-1)})
    given(ACCOUNT_PLAN).when(draft_plan, fact=less).then_refused(
        "negative-amount", Invalid, field="budget"
    )


@pytest.mark.parametrize("facts", [WHOLE, IN_FORCE, CLOSED])
def test_a_plan_is_drafted_once(facts: tuple[Event, ...]) -> None:
    given(ACCOUNT_PLAN, *facts).when(draft_plan, fact=PLAN_DRAFTED).then()
    other = PLAN_DRAFTED.model_copy(update={"fiscal_year": 2027})
    given(ACCOUNT_PLAN, *facts).when(draft_plan, fact=other).then_refused(
        "plan-already-drafted", WrongState, field="plan_id"
    )


# --- active -------------------------------------------------------------------


def test_an_approved_plan_becomes_active() -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *WHOLE, submitted(), approved()).when(activate).then(ACTIVE)


@pytest.mark.parametrize("facts", [WHOLE, (*WHOLE, submitted())])
def test_only_an_approved_plan_becomes_active(facts: tuple[Event, ...]) -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *facts).when(activate).then_refused("plan-not-approved", WrongState)


def test_a_plan_beside_which_an_amendment_is_drafted_becomes_active() -> None:
    given(ACCOUNT_PLAN, *WHOLE, submitted(), approved(), amended(1)).when(activate).then(ACTIVE)


def test_a_year_has_one_active_plan() -> None:
    """KAM-08."""
    given(PLAN_YEAR).when(claim, plan_id="p1", account_id="acme", fiscal_year=2026).then(
        YEAR_CLAIMED
    )
    given(PLAN_YEAR, YEAR_CLAIMED).when(
        claim, plan_id="p2", account_id="acme", fiscal_year=2026
    ).then_refused("plan-year-taken", WrongState, field="plan_id")
    given(PLAN_YEAR, YEAR_CLAIMED, YEAR_RELEASED).when(
        claim, plan_id="p2", account_id="acme", fiscal_year=2026
    ).then(YEAR_CLAIMED.model_copy(update={"plan_id": "p2"}))


def test_only_the_plan_that_has_the_year_gives_it_back() -> None:
    given(PLAN_YEAR, YEAR_CLAIMED).when(
        release, plan_id="p1", account_id="acme", fiscal_year=2026
    ).then(YEAR_RELEASED)
    given(PLAN_YEAR, YEAR_CLAIMED).when(
        release, plan_id="p2", account_id="acme", fiscal_year=2026
    ).then()


# --- attainment ---------------------------------------------------------------


@pytest.mark.parametrize("value", ["10", "0", "-3.25", "12.500001"])
def test_what_a_target_came_to_is_recorded(value: str) -> None:
    """KAM-11."""
    fact = ATTAINED.model_copy(update={"value": value})
    given(ACCOUNT_PLAN, *IN_FORCE).when(record_attainment, fact=fact).then(fact)


def test_what_a_target_came_to_is_corrected_by_a_later_fact() -> None:
    """KAM-11."""
    again = ATTAINED.model_copy(update={"value": "11"})
    given(ACCOUNT_PLAN, *IN_FORCE, ATTAINED).when(record_attainment, fact=ATTAINED).then()
    given(ACCOUNT_PLAN, *IN_FORCE, ATTAINED).when(record_attainment, fact=again).then(again)
    given(ACCOUNT_PLAN, *IN_FORCE, ATTAINED, again).when(record_attainment, fact=ATTAINED).then(
        ATTAINED
    )


@pytest.mark.parametrize(
    "other", [{"side": "customers"}, {"metric": "margin"}, {"period": "Q2"}, {"period": "H1"}]
)
def test_attainment_is_of_a_target_in_force(other: dict[str, str]) -> None:
    given(ACCOUNT_PLAN, *IN_FORCE).when(
        record_attainment, fact=ATTAINED.model_copy(update=other)
    ).then_refused("unknown-target", NotFound, field="metric")


@pytest.mark.parametrize("facts", [WHOLE, (*WHOLE, submitted(), approved())])
def test_attainment_is_of_an_active_plan(facts: tuple[Event, ...]) -> None:
    given(ACCOUNT_PLAN, *facts).when(record_attainment, fact=ATTAINED).then_refused(
        "plan-not-active", WrongState
    )


# --- given on and closed --------------------------------------------------------


@pytest.mark.parametrize("facts", [WHOLE, (*WHOLE, submitted()), IN_FORCE])
def test_another_answers_for_it(facts: tuple[Event, ...]) -> None:
    given(ACCOUNT_PLAN, *facts).when(reassign, owner_id=CARL).then(PLAN_REASSIGNED)
    given(ACCOUNT_PLAN, *facts).when(reassign, owner_id=ANN).then()


@pytest.mark.parametrize(
    "facts", [WHOLE, (*WHOLE, submitted(), approved()), IN_FORCE, (*IN_FORCE, amended(1))]
)
def test_a_plan_is_closed_wherever_it_stands(facts: tuple[Event, ...]) -> None:
    """KAM-08."""
    given(ACCOUNT_PLAN, *facts).when(close, reason="the year is over").then(PLAN_CLOSED)


def test_a_plan_that_waits_for_approval_is_not_closed() -> None:
    given(ACCOUNT_PLAN, *WHOLE, submitted()).when(close, reason="x").then_refused(
        "plan-submitted", WrongState
    )


def test_nothing_is_done_with_a_closed_plan() -> None:
    closed = given(ACCOUNT_PLAN, *CLOSED)
    closed.when(close, reason="another").then()
    for asked in (
        closed.when(activate),
        closed.when(reassign, owner_id=CARL),
        closed.when(record_attainment, fact=ATTAINED),
    ):
        asked.then_refused("plan-closed", WrongState, field="plan_id")


def test_nothing_is_done_with_a_plan_that_is_not_there() -> None:
    none = given(ACCOUNT_PLAN)
    for asked in (
        none.when(activate),
        none.when(close, reason="x"),
        none.when(reassign, owner_id=CARL),
        none.when(record_attainment, fact=ATTAINED),
    ):
        asked.then_refused("unknown-plan", NotFound, field="plan_id")
