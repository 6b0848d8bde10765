"""Deciding: in order, by those who may, once each, never on one's own, never on something else."""

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import pytest

from aggregates.refusals import NotAllowed, NotFound, WrongState
from aggregates.work.approval import decide
from aggregates.work.request import APPROVAL, request, resolved, roles_of_all, void
from aggregates.work.seats import Person
from events.event import Event
from events.policies.approval_route import NamedEmployee, Step
from events.work.approval import ApprovalDecided, RequestedStep
from tests.examples.approvals import (
    DECIDED,
    DECIDED_LAST,
    DELEGATED,
    ESCALATED,
    EVE,
    FAY,
    FIRST,
    GRANTED,
    HEADQUARTERS,
    MANAGER,
    MANAGER_THERE,
    REFUSED,
    REPLACED,
    REQUESTED,
    SAID_NO,
    SECOND,
    TWO_LEVELS,
    VOIDED,
    step,
)
from tests.examples.cast import ANN, BEA, CARL, DORA
from tests.given import Asked, given

MONDAY: Final = date(2026, 3, 2)
bea: Final = Person(BEA, "emea", ("sales_manager",))
carl: Final = Person(CARL, "world", ("sales_manager",))
ann: Final = Person(ANN, "emea", ("sales_manager",))
dora: Final = Person(DORA, "emea", ("sales_manager",))
eve: Final = Person(EVE, "emea", ("sales_rep",))
fay: Final = Person(FAY, "emea", ("sales_manager",))

BEA_SAYS_YES: Final = DECIDED.model_copy(
    update={"employee_id": BEA, "on_behalf_of": None, "comment": None}
)
CARL_SAYS_YES: Final = DECIDED_LAST


def asked(*told: Event, by: Person, for_: Person | None = None, **fields: Any) -> Asked[Any, Any]:
    """Ask to have ``by`` decide, perhaps on behalf of ``for_``."""
    decision: dict[str, Any] = {
        "step": 1,
        "decision": "approved",
        "by": by.employee_id,
        "on_behalf_of": None if for_ is None else for_.employee_id,
        "approver": for_ or by,
        "comment": None,
        "content_sha256": REQUESTED.content_sha256,
        "on": MONDAY,
        **fields,
    }
    return given(APPROVAL, *(told or (REQUESTED,))).when(decide, **decision)


def of(*steps: RequestedStep, **fields: Any) -> Any:
    """The request with these steps."""
    return REQUESTED.model_copy(update={"steps": steps, **fields})


# --- asking -----------------------------------------------------------------------


def test_an_approval_is_asked_for_once() -> None:
    given(APPROVAL).when(request, fact=REQUESTED).then(REQUESTED)
    other = REQUESTED.model_copy(update={"content_sha256": "00" * 32})
    given(APPROVAL, REQUESTED).when(request, fact=other).then_refused(
        "approval-already-requested", WrongState, field="approval_id"
    )


def test_what_needs_no_step_is_granted_with_the_request() -> None:
    given(APPROVAL).when(request, fact=of()).then(of(), GRANTED)


def test_levels_become_regions_and_days_become_dates() -> None:
    """Frozen: what a route says later changes nothing here (CFG-02)."""
    steps = [found for rule in TWO_LEVELS.rules for found in rule.steps]
    assert resolved(steps, regions=("emea", "world"), on=MONDAY, holders={}) == (FIRST, SECOND)
    levels = [
        step(MANAGER, MANAGER.model_copy(update={"level": "parent"}), HEADQUARTERS),
        step(NamedEmployee(employee_id=BEA)),
    ]
    where = [
        [getattr(one, "region_id", None) for one in found.approvers]
        for regions in (("a", "b", "c"), ("c",))
        for found in resolved(levels, regions=regions, on=MONDAY, holders={})
    ]
    assert where == [["a", "b", "c"], [None], ["c", "c", "c"], [None]]


def everybody(asked_for: Step, **holders: tuple[str, ...]) -> list[tuple[str | None, str | None]]:
    """Who decides a step in which all do: employees, and roles nobody has."""
    regions = ("emea", "world")
    roles = roles_of_all([asked_for], regions=regions)
    (found,) = resolved(
        [asked_for],
        regions=regions,
        on=MONDAY,
        holders={one: holders.get(one.region_id, ()) for one in roles},
    )
    return [
        (getattr(one, "employee_id", None), getattr(one, "region_id", None))
        for one in found.approvers
    ]


def test_all_are_all_who_hold_the_role_when_it_is_asked_for() -> None:
    """KAM-30: each of them is asked by name, whoever comes or goes later."""
    managers = step(MANAGER, HEADQUARTERS, mode="all")
    assert everybody(managers, emea=(BEA, FAY), world=(CARL,)) == [
        (BEA, None),
        (FAY, None),
        (CARL, None),
    ]
    named = step(NamedEmployee(employee_id=FAY), MANAGER, mode="all")
    assert everybody(named, emea=(BEA, FAY)) == [(FAY, None), (BEA, None)]


def test_a_role_nobody_holds_waits_for_who_will_have_it() -> None:
    managers = step(MANAGER, HEADQUARTERS, mode="all")
    assert everybody(managers, emea=(BEA,)) == [(BEA, None), (None, "world")]


@pytest.mark.parametrize("fields", [{"mode": "any"}, {"mode": "quorum", "quorum": 2}])
def test_a_role_stays_a_role_where_not_all_decide(fields: dict[str, Any]) -> None:
    assert everybody(step(MANAGER, **fields), emea=(BEA, FAY)) == [(None, "emea")]


# --- order and end ----------------------------------------------------------------


def test_the_last_approval_grants_it_and_no_earlier_one_does() -> None:
    """L2C-10, APR-02: above both limits it is usable after both approvals, not after one."""
    asked(by=bea).then(BEA_SAYS_YES)
    asked(REQUESTED, BEA_SAYS_YES, by=carl, step=2).then(CARL_SAYS_YES, GRANTED)


def test_a_later_step_waits_for_the_earlier() -> None:
    asked(by=carl, step=2).then_refused("step-not-reached", WrongState, field="step")


def test_a_step_that_has_its_approvals_takes_no_more() -> None:
    asked(REQUESTED, BEA_SAYS_YES, by=fay).then_refused("step-complete", WrongState, field="step")


@pytest.mark.parametrize("number", [0, 3])
def test_a_step_that_is_not_there_is_not_decided(number: int) -> None:
    asked(by=bea, step=number).then_refused("unknown-step", NotFound, field="step")


@pytest.mark.parametrize("decision", ["rejected", "sent_back"])
def test_one_no_ends_it(decision: str) -> None:
    no = SAID_NO.model_copy(
        update={"approval_id": "a1", "decision": decision, "comment": "too cheap"}
    )
    refused = REFUSED.model_copy(update={"approval_id": "a1", "outcome": decision})
    asked(by=bea, decision=decision, comment="too cheap").then(no, refused)


@pytest.mark.parametrize(
    "end",
    [
        (BEA_SAYS_YES, CARL_SAYS_YES, GRANTED),
        (VOIDED,),
        (REFUSED,),
    ],
)
def test_nothing_is_decided_after_the_end(end: tuple[Event, ...]) -> None:
    asked(REQUESTED, *end, by=fay, step=1).then_refused("approval-ended", WrongState)


def test_what_is_not_there_is_not_decided() -> None:
    given(APPROVAL).when(void, reason="x").then_refused(
        "unknown-approval", NotFound, field="approval_id"
    )


# --- once ---------------------------------------------------------------------------


def test_the_same_again_changes_nothing_and_the_contrary_is_refused() -> None:
    for end in ((), (CARL_SAYS_YES, GRANTED)):
        told = (REQUESTED, BEA_SAYS_YES, *end)
        asked(*told, by=bea).then()
        asked(*told, by=bea, comment="anyway").then()
        asked(*told, by=bea, decision="rejected").then_refused(
            "already-decided", WrongState, field="decision"
        )


everywhere: Final = Person(BEA, "world", ("sales_manager",))
IN_WORLD: Final = FIRST.model_copy(update={"approvers": SECOND.approvers})


def test_one_person_decides_once_even_with_the_roles_of_two_steps() -> None:
    told = (of(IN_WORLD, SECOND), BEA_SAYS_YES)
    asked(*told, by=everywhere, step=2).then_refused("decides-once", WrongState, field="step")
    asked(*told, by=carl, step=2).then(CARL_SAYS_YES, GRANTED)


def test_one_person_decides_in_two_steps_where_the_routes_say_so() -> None:
    told = (of(IN_WORLD, SECOND, may_decide_twice=True), BEA_SAYS_YES)
    again = CARL_SAYS_YES.model_copy(update={"employee_id": BEA})
    asked(*told, by=everywhere, step=2).then(again, GRANTED)


def test_one_person_does_not_decide_once_more_on_behalf_of_another() -> None:
    """Neither the one who decides nor the one on whose behalf has a second voice."""
    both = FIRST.model_copy(update={"mode": "quorum", "quorum": 2})
    bea_first = BEA_SAYS_YES.model_copy(update={"completes": False})
    fay_to_bea = DELEGATED.model_copy(update={"from_employee_id": FAY, "to_employee_id": BEA})
    asked(of(both), fay_to_bea, bea_first, by=bea, for_=fay).then_refused(
        "decides-once", WrongState, field="step"
    )
    eve_for_bea = DECIDED.model_copy(update={"completes": False})
    asked(of(both), DELEGATED, eve_for_bea, by=bea).then_refused(
        "decides-once", WrongState, field="step"
    )


# --- who ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        eve,
        Person(BEA, "dach", ("sales_manager",)),
        Person(BEA, "world", ("sales_manager",)),
        Person(BEA, "emea", ()),
    ],
)
def test_a_step_is_decided_by_those_it_names(other: Person) -> None:
    asked(by=other).then_refused("not-an-approver", NotAllowed, field="step")


def test_an_employee_who_is_named_decides_whatever_their_role() -> None:
    named = FIRST.model_copy(update={"approvers": (NamedEmployee(employee_id=EVE),)})
    eve_says_yes = BEA_SAYS_YES.model_copy(update={"employee_id": EVE})
    asked(of(named), by=eve).then(eve_says_yes, GRANTED)
    asked(of(named), by=fay).then_refused("not-an-approver", NotAllowed, field="step")


@pytest.mark.parametrize("person", [ann, dora])
def test_nobody_approves_what_they_wrote_or_asked_for(person: Person) -> None:
    """Ann has asked for it; Dora has written on it. Both hold the role."""
    asked(by=person).then_refused("self-approval", NotAllowed)
    asked(by=person, decision="rejected").then_refused("self-approval", NotAllowed)


def test_nobody_approves_it_by_delegation_either() -> None:
    """Neither for an approver, nor does somebody else for them."""
    to_ann = DELEGATED.model_copy(update={"to_employee_id": ANN})
    asked(REQUESTED, to_ann, by=ann, for_=bea).then_refused("self-approval", NotAllowed)
    from_ann = DELEGATED.model_copy(update={"from_employee_id": ANN})
    asked(REQUESTED, from_ann, by=eve, for_=ann).then_refused("self-approval", NotAllowed)


# --- what -------------------------------------------------------------------------------


def test_what_is_approved_is_what_was_put_up() -> None:
    asked(by=bea, content_sha256="c1" * 32).then_refused("content-changed", WrongState)


def test_a_void_approval_is_worth_nothing_granted_or_not() -> None:
    changed = partial(void, reason="the contract was amended")
    for told in ((), (BEA_SAYS_YES,), (BEA_SAYS_YES, CARL_SAYS_YES, GRANTED)):
        given(APPROVAL, REQUESTED, *told).when(changed).then(VOIDED)
    given(APPROVAL, REQUESTED, REFUSED).when(changed).then()


# --- how many -----------------------------------------------------------------------------


def yes(person: Person, places: tuple[int, ...], *, completes: bool) -> ApprovalDecided:
    return BEA_SAYS_YES.model_copy(
        update={"employee_id": person.employee_id, "places": places, "completes": completes}
    )


def test_a_quorum_is_of_different_persons() -> None:
    two = FIRST.model_copy(update={"mode": "quorum", "quorum": 2})
    first = yes(bea, (1,), completes=False)
    asked(of(two), by=bea).then(first)
    asked(of(two), first, by=bea).then()
    asked(of(two), first, by=fay).then(yes(fay, (1,), completes=True), GRANTED)


REP_THERE: Final = MANAGER_THERE.model_copy(update={"role": "sales_rep"})
BOTH: Final = FIRST.model_copy(update={"mode": "all", "approvers": (MANAGER_THERE, REP_THERE)})
many: Final = Person(BEA, "emea", ("sales_manager", "sales_rep"))


def test_all_are_one_person_for_each_approver_that_is_named() -> None:
    manager = yes(fay, (1,), completes=False)
    asked(of(BOTH), by=fay).then(manager)
    asked(of(BOTH), manager, by=bea).then(yes(bea, (1,), completes=False))
    asked(of(BOTH), manager, by=eve).then(yes(eve, (2,), completes=True), GRANTED)


def test_who_is_two_of_them_takes_the_place_that_is_left() -> None:
    """Bea, who could be either, decides first; Fay can only be the manager."""
    either = yes(many, (1, 2), completes=False)
    asked(of(BOTH), by=many).then(either)
    asked(of(BOTH), either, by=fay).then(yes(fay, (1,), completes=True), GRANTED)
    asked(of(BOTH), either, by=eve).then(yes(eve, (2,), completes=True), GRANTED)


# --- stand-ins decide -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (DELEGATED.from_day - timedelta(days=1), False),
        (DELEGATED.from_day, True),
        (DELEGATED.until_day, True),
        (DELEGATED.until_day + timedelta(days=1), False),
    ],
)
def test_a_delegate_decides_within_the_dates(day: date, may: bool) -> None:
    question = asked(REQUESTED, DELEGATED, by=eve, for_=bea, on=day, comment="within the plan")
    if may:
        question.then(DECIDED)
    else:
        question.then_refused("not-delegated", NotAllowed, field="on_behalf_of")


def test_a_delegate_decides_for_who_delegated_and_for_nobody_else() -> None:
    asked(REQUESTED, DELEGATED, by=eve, for_=fay).then_refused(
        "not-delegated", NotAllowed, field="on_behalf_of"
    )
    asked(REQUESTED, DELEGATED, by=fay, for_=bea).then_refused(
        "not-delegated", NotAllowed, field="on_behalf_of"
    )


def test_a_delegation_is_worth_what_the_approver_may_do() -> None:
    moved = Person(BEA, "apac", ("sales_manager",))
    asked(REQUESTED, DELEGATED, by=eve, for_=moved).then_refused(
        "not-an-approver", NotAllowed, field="step"
    )


def test_who_it_is_escalated_to_decides_alone() -> None:
    two = FIRST.model_copy(update={"mode": "quorum", "quorum": 2})
    by_carl = yes(carl, (0,), completes=True)
    asked(of(two), by=carl).then_refused("not-an-approver", NotAllowed, field="step")
    asked(of(two), ESCALATED, by=carl).then(by_carl, GRANTED)
    asked(of(two), ESCALATED, by=bea).then(yes(bea, (1,), completes=False))


def test_who_takes_an_approvers_place_decides_and_what_was_decided_stays() -> None:
    told = (REQUESTED, BEA_SAYS_YES, REPLACED)
    named_carl = Person(CARL, "apac", ())
    asked(*told, by=named_carl, step=2).then(CARL_SAYS_YES, GRANTED)
    other = Person(FAY, "world", ("sales_manager",))
    asked(*told, by=other, step=2).then_refused("not-an-approver", NotAllowed, field="step")
