"""Who may decide instead: delegates for their days, replacements, and whoever is escalated to."""

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotAllowed, NotFound, WrongState
from aggregates.work.request import APPROVAL, Requested, places
from aggregates.work.seats import Person
from aggregates.work.stand_ins import delegate, escalate, replace_approver
from events.event import Event
from events.policies.approval_route import NamedEmployee
from tests.examples.approvals import (
    DECIDED,
    DELEGATED,
    ESCALATED,
    EVE,
    FAY,
    FIRST,
    REFUSED,
    REPLACED,
    REQUESTED,
    SECOND,
)
from tests.examples.cast import ANN, BEA, CARL, DORA
from tests.given import given

MONDAY: Final = date(2026, 3, 2)
bea: Final = Person(BEA, "emea", ("sales_manager",))
eve: Final = Person(EVE, "emea", ("sales_rep",))
by_bea: Final[dict[str, Any]] = {
    "approver": bea,
    "to": EVE,
    "from_day": DELEGATED.from_day,
    "until_day": DELEGATED.until_day,
    "today": MONDAY,
}


def test_an_approver_delegates() -> None:
    given(APPROVAL, REQUESTED).when(delegate, **by_bea).then(DELEGATED)


def test_an_approver_of_a_later_step_delegates_in_time() -> None:
    carl = Person(CARL, "world", ("sales_manager",))
    given(APPROVAL, REQUESTED).when(delegate, **{**by_bea, "approver": carl}).then(
        DELEGATED.model_copy(update={"from_employee_id": CARL})
    )


@pytest.mark.parametrize("person", [eve, Person(FAY, "world", ("sales_rep",))])
def test_who_decides_nothing_delegates_nothing(person: Person) -> None:
    given(APPROVAL, REQUESTED).when(
        delegate, **{**by_bea, "approver": person, "to": FAY}
    ).then_refused("not-an-approver", NotAllowed)


def test_an_approver_of_a_step_that_is_complete_delegates_nothing() -> None:
    given(APPROVAL, REQUESTED, DECIDED).when(delegate, **{**by_bea, "to": FAY}).then_refused(
        "not-an-approver", NotAllowed
    )


def test_a_delegate_does_not_delegate() -> None:
    given(APPROVAL, REQUESTED, DELEGATED).when(
        delegate, **{**by_bea, "approver": eve, "to": FAY}
    ).then_refused("delegate-of-delegate", NotAllowed)


@pytest.mark.parametrize(
    ("who", "to"), [(bea, ANN), (bea, DORA), (Person(ANN, "emea", ("sales_manager",)), EVE)]
)
def test_a_delegation_is_no_way_to_approve_ones_own(who: Person, to: str) -> None:
    given(APPROVAL, REQUESTED).when(delegate, **{**by_bea, "approver": who, "to": to}).then_refused(
        "self-approval", NotAllowed
    )


def test_nobody_delegates_to_themselves() -> None:
    given(APPROVAL, REQUESTED).when(delegate, **{**by_bea, "to": BEA}).then_refused(
        "delegation-to-self", Invalid, field="to_employee_id"
    )


@pytest.mark.parametrize(
    ("from_day", "until_day", "fits"),
    [
        (MONDAY, MONDAY, True),
        (MONDAY, MONDAY - timedelta(days=1), False),
        (MONDAY - timedelta(days=9), MONDAY, True),
        (MONDAY - timedelta(days=9), MONDAY - timedelta(days=1), False),
    ],
)
def test_a_delegation_ends_after_it_begins_and_not_in_the_past(
    from_day: date, until_day: date, fits: bool
) -> None:
    days = {"from_day": from_day, "until_day": until_day}
    asked = given(APPROVAL, REQUESTED).when(delegate, **{**by_bea, **days})
    if fits:
        asked.then(DELEGATED.model_copy(update=days))
    else:
        asked.then_refused("delegation-dates", Invalid, field="until_day")


# --- replacement --------------------------------------------------------------------

by_carl = partial(replace_approver, employee_id=CARL, reason="the post is vacant")


def test_an_approver_is_replaced() -> None:
    """KAM-30: a step whose approver is gone has somebody who answers for it again."""
    given(APPROVAL, REQUESTED).when(by_carl, step=2, place=1).then(REPLACED)


@pytest.mark.parametrize("place", [0, 2])
def test_an_approver_who_is_not_there_is_not_replaced(place: int) -> None:
    given(APPROVAL, REQUESTED).when(by_carl, step=2, place=place).then_refused(
        "unknown-place", NotFound, field="place"
    )


def test_what_is_decided_is_not_decided_by_others_instead() -> None:
    given(APPROVAL, REQUESTED, DECIDED).when(by_carl, step=1, place=1).then_refused(
        "step-complete", WrongState, field="step"
    )


def test_whoever_a_step_is_escalated_to_is_replaced() -> None:
    """The place 0 is theirs, before it is escalated and afterwards."""
    in_place = REPLACED.model_copy(update={"step": 1, "place": 0})
    for told in ((REQUESTED,), (REQUESTED, ESCALATED)):
        given(APPROVAL, *told).when(by_carl, step=1, place=0).then(in_place)
    carl = Person(CARL, "nowhere", ())
    state = APPROVAL.fold((REQUESTED, ESCALATED, in_place))
    assert isinstance(state, Requested)
    assert places(state, 1, carl) == (0,)


def people(mode: str, *who: str, quorum: int | None = None) -> Any:
    approvers = tuple(NamedEmployee(employee_id=one) for one in who)
    step = FIRST.model_copy(update={"approvers": approvers, "mode": mode, "quorum": quorum})
    return REQUESTED.model_copy(update={"steps": (step, SECOND)})


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (people("all", BEA, CARL), False),
        (people("all", BEA, EVE), True),
        (people("quorum", BEA, CARL, quorum=2), False),
        (people("quorum", BEA, CARL, EVE, quorum=2), True),
        (people("any", BEA, CARL), True),
    ],
)
def test_a_step_keeps_as_many_persons_as_it_needs(asked: Any, fits: bool) -> None:
    wanted = given(APPROVAL, asked).when(by_carl, step=1, place=1)
    if fits:
        wanted.then(REPLACED.model_copy(update={"step": 1}))
    else:
        wanted.then_refused("step-unfillable", Invalid, field="employee_id")


def test_who_has_decided_takes_no_other_place() -> None:
    """Unless the routes let one person decide twice."""
    by = DECIDED.model_copy(update={"employee_id": CARL, "on_behalf_of": None})
    given(APPROVAL, REQUESTED, by).when(by_carl, step=2, place=1).then_refused(
        "decides-once", WrongState, field="employee_id"
    )
    twice = REQUESTED.model_copy(update={"may_decide_twice": True})
    given(APPROVAL, twice, by).when(by_carl, step=2, place=1).then(REPLACED)


@pytest.mark.parametrize("person", [ANN, DORA])
def test_nobody_is_put_in_a_place_to_approve_their_own(person: str) -> None:
    given(APPROVAL, REQUESTED).when(
        replace_approver, step=1, place=1, employee_id=person, reason="x"
    ).then_refused("self-approval", NotAllowed)


# --- escalation -----------------------------------------------------------------------

LAST_DAY: Final = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("today", "overdue"), [(LAST_DAY, False), (LAST_DAY + timedelta(days=1), True)]
)
def test_a_step_is_escalated_once_its_last_day_is_over(today: date, overdue: bool) -> None:
    asked = given(APPROVAL, REQUESTED).when(escalate, step=1, today=today)
    if overdue:
        asked.then(ESCALATED)
    else:
        asked.then_refused("not-overdue", Invalid, field="step")


@pytest.mark.parametrize(
    "step",
    [SECOND, SECOND.model_copy(update={"due_on": None}), FIRST.model_copy(update={"due_on": None})],
)
def test_a_step_without_days_or_anybody_above_is_never_escalated(step: Any) -> None:
    only = REQUESTED.model_copy(update={"steps": (step,)})
    given(APPROVAL, only).when(escalate, step=1, today=date(2099, 1, 1)).then_refused(
        "not-overdue", Invalid, field="step"
    )


def test_a_step_that_does_not_wait_is_not_escalated() -> None:
    late = date(2026, 4, 1)
    given(APPROVAL, REQUESTED).when(escalate, step=2, today=late).then_refused(
        "step-not-reached", WrongState, field="step"
    )
    given(APPROVAL, REQUESTED, DECIDED).when(escalate, step=1, today=late).then_refused(
        "step-complete", WrongState, field="step"
    )


def test_nothing_stands_in_after_the_end() -> None:
    told: tuple[Event, ...] = (REQUESTED, REFUSED)
    for asked in (
        given(APPROVAL, *told).when(delegate, **by_bea),
        given(APPROVAL, *told).when(by_carl, step=1, place=1),
        given(APPROVAL, *told).when(escalate, step=1, today=date(2026, 4, 1)),
    ):
        asked.then_refused("approval-ended", WrongState)
