"""Account plans and their amendments on the approval engine: who, on what, and what voids it."""

from datetime import date
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotAllowed, Refusal, WrongState
from commands.accounts.account_class import ClassifyAccount
from commands.command import Command
from commands.organization.api_key import IssueApiKey
from commands.organization.employee import HireEmployee
from commands.planning.account_plan import (
    AmendAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    ReassignAccountPlan,
    WithdrawAccountPlan,
)
from commands.planning.plan_content import ChangePlanAim, ChangePlanBudget, SetPlanTarget
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
)
from commands.work.approval import DelegateApproval
from events.accounts.account_class import Measure
from events.event import Event
from events.planning.account_plan import AccountPlanApproved, AccountPlanReturned
from events.policies.approval_route import RoleHolder
from events.work.approval import ApprovalRequested
from tests.commands.office import Office
from tests.commands.planners import (
    action,
    make_active,
    make_approved,
    make_whole,
    planners,
    route_in_force,
    submission,
    submit,
    whole,
    yes,
)
from tests.commands.signing import key_of
from tests.examples.approvals import EVE, FAY, HEADQUARTERS, MANAGER, route, step
from tests.examples.cast import ANN, BEA, CARL, DORA, NOON, dimension, matrix, usd

PLAN: Final = "account_plan-p1"
APPROVAL: Final = "approval-a1"


def names(office: Office, stream: str, after: int = 0) -> list[str]:
    return [fact.NAME for fact in office.facts(stream)[after:]]


def refused(office: Office, rule: str, kind: type[Refusal], command: Command, **asked: Any) -> None:
    with pytest.raises(Refusal) as found:
        office.ask(command, **asked)
    assert (found.value.rule, type(found.value)) == (rule, kind)


def requested(office: Office, approval_id: str = "a1") -> ApprovalRequested:
    fact = office.facts(f"approval-{approval_id}")[0]
    assert isinstance(fact, ApprovalRequested)
    return fact


def last(office: Office) -> Event:
    return office.facts(PLAN)[-1]


def waiting(*more: Command, **fields: Any) -> Office:
    """Ann's plan, which waits for approval."""
    office = planners(*more, **fields)
    make_whole(office)
    office.ask(submit(), key_id="ann")
    return office


# --- what is asked for ------------------------------------------------------------


def test_a_plan_is_approved_with_the_last_approval_in_one_act() -> None:
    """KAM-08."""
    office = waiting()
    receipt = office.ask(yes(), key_id="bea")
    assert [event.name for event in receipt.events] == [
        "approval.decided",
        "approval.granted",
        "account_plan.approved",
    ]
    fact = last(office)
    assert isinstance(fact, AccountPlanApproved)
    assert (fact.approval_id, fact.approved_by) == ("a1", None)
    assert fact.content_sha256 == requested(office).content_sha256


def test_the_request_freezes_the_content_and_what_the_conditions_saw() -> None:
    office = waiting()
    fact = requested(office)
    assert fact.content_sha256 == submission(office).content_sha256
    assert (fact.subject_kind, fact.subject_id, fact.account_id) == ("account_plan", "p1", "acme")
    assert (fact.requester_id, fact.author_ids, fact.region_id) == (ANN, (ANN,), "dach")
    assert {one.name: one.value for one in fact.facts} == {
        "account_class": "unclassified",
        "actions": 1,
        "aim": "wallet_share",
        "budget_minor": 1_000_00,
        "currency": "USD",
        "fiscal_year": 2026,
        "is_amendment": False,
        "region": "dach",
    }
    assert office.policies(APPROVAL)["approval_route-account_plan.world"] == 1


@pytest.mark.parametrize(
    ("condition", "needed"),
    [
        ("budget_minor > 100000", False),
        ("budget_minor > 99999", True),
        ("actions > 1", False),
        ("actions > 0", True),
        ("aim == 'joint_innovation'", False),
        ("aim == 'wallet_share'", True),
        ("fiscal_year > 2026", False),
        ("fiscal_year >= 2026", True),
        ("is_amendment", False),
        ("!is_amendment", True),
        ("region == 'emea'", False),
        ("region == 'dach'", True),
        ("account_class == 'key'", False),
        ("account_class == 'unclassified'", True),
    ],
)
def test_conditions_name_what_a_plan_is(condition: str, needed: bool) -> None:
    """KAM-30: without a step that is needed it is approved with its submission."""
    office = waiting(world=route((condition, step(HEADQUARTERS))))
    approved = isinstance(last(office), AccountPlanApproved)
    assert (len(requested(office).steps), approved) == (int(needed), not needed)


def test_an_amount_in_another_currency_needs_every_step_over_an_amount() -> None:
    limit = route(("budget_minor > 900000000", step(HEADQUARTERS))).model_copy(
        update={"currency": "EUR"}
    )
    assert len(requested(waiting(world=limit)).steps) == 1


def test_an_amendment_may_need_others_than_the_plan() -> None:
    amended = route(("is_amendment", step(RoleHolder(role="sales_manager", level="parent"))))
    office = waiting(world=amended)
    assert isinstance(last(office), AccountPlanApproved)
    office.ask(AmendAccountPlan(plan_id="p1", reason="a new plant"), key_id="ann")
    office.ask(action(budget=usd(1)), key_id="ann")
    office.ask(submit(approval_id="a2"), key_id="ann")
    assert names(office, PLAN)[-1] == "account_plan.submitted"
    office.ask(yes("a2"), key_id="bea")
    fact = last(office)
    assert isinstance(fact, AccountPlanApproved)
    assert (fact.amendment, fact.approval_id) == (1, "a2")


def test_the_class_of_the_account_is_what_it_is_when_it_is_asked_for() -> None:
    standards = matrix(dimension("fit", 10_000))
    office = planners(
        *route_in_force(route(), kind="value_matrix"),
        DraftValueMatrix(document=standards),
        ProposeValueMatrix(version=1, approval_id="m1", requester_id=BEA),
        ActivateValueMatrix(version=1, effective_on=date(2026, 1, 1)),
        world=route(("account_class == 'strategic'", step(MANAGER))),
    )
    seen = Measure(dimension_id="fit", band=5, evidence="seen on site")
    office.ask(ClassifyAccount(account_id="acme", measures=(seen,)))
    make_whole(office)
    office.ask(submit(), key_id="ann")
    assert len(requested(office).steps) == 1


def test_without_a_route_in_force_nothing_is_put_up() -> None:
    office = planners(world=None)
    make_whole(office)
    refused(office, "no-approval-route", WrongState, submit(), key_id="ann")
    office.ask_all(*route_in_force(route(), "apac"))
    refused(office, "no-approval-route", WrongState, submit(), key_id="ann")
    office.ask_all(*route_in_force(route(), "emea"))
    office.ask(submit(), key_id="ann")


def test_an_approval_id_is_used_once_whatever_it_is_for() -> None:
    office = planners()
    make_approved(office)
    make_whole(office, "p2", 2027)
    refused(office, "approval-already-requested", WrongState, submit("p2", "a-p1"), key_id="ann")
    office.ask(submit("p2", "a2"), key_id="ann")
    refused(office, "plan-submitted", WrongState, submit("p2", "a3"), key_id="ann")
    assert office.ask(submit("p2", "a2"), key_id="ann").events == ()


# --- who ---------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["ann", "ann-again"])
def test_no_second_key_makes_another_person(key: str) -> None:
    refused(waiting(), "self-approval", NotAllowed, yes(), key_id=key)


def test_who_submits_what_another_drafted_does_not_approve_it_either() -> None:
    office = planners()
    make_whole(office)
    office.ask(submit(), key_id="carl")
    for key in ("ann", "carl"):
        refused(office, "self-approval", NotAllowed, yes(), key_id=key)
    office.ask(yes(), key_id="bea")


def test_whoever_writes_on_it_does_not_approve_it() -> None:
    """KAM-30: one action is enough, and what says the same as before is none."""
    office = planners()
    make_whole(office)
    office.ask(action(department="engineering"), key_id="carl")
    office.ask(action(department="engineering"), key_id="bea")
    assert names(office, PLAN, 4) == ["account_plan.author_joined", "account_plan.action_set"]
    office.ask(submit(), key_id="ann")
    assert requested(office).author_ids == (ANN, CARL)
    refused(office, "self-approval", NotAllowed, yes(), key_id="carl")
    office.ask(yes(), key_id="bea")


def test_a_program_that_writes_on_it_is_nobody() -> None:
    office = planners()
    make_whole(office)
    office.ask(action(department="engineering"), key_id="program")
    assert names(office, PLAN, 4) == ["account_plan.action_set"]


def test_an_amendment_has_authors_of_its_own() -> None:
    office = planners()
    make_active(office)
    office.ask(AmendAccountPlan(plan_id="p1", reason="a new plant"), key_id="bea")
    office.ask(action(budget=usd(1)), key_id="bea")
    office.ask(submit(), key_id="bea")
    refused(office, "self-approval", NotAllowed, yes(), key_id="bea")
    office.ask(yes(), key_id="ann")


def test_nobody_approves_their_own_through_somebody_else() -> None:
    office = waiting()
    to_carl = DelegateApproval(
        approval_id="a1", to_employee_id=CARL, from_day=NOON.date(), until_day=NOON.date()
    )
    refused(office, "self-approval", NotAllowed, to_carl, key_id="ann")
    to_ann = to_carl.model_copy(update={"to_employee_id": ANN})
    refused(office, "self-approval", NotAllowed, to_ann, key_id="bea")
    office.ask(to_carl, key_id="bea")
    office.ask(yes(on_behalf_of=BEA), key_id="carl")


@pytest.mark.parametrize("asked", [{"key_id": "program"}, {}])
def test_a_program_approves_nothing_and_asks_for_somebody(asked: dict[str, str]) -> None:
    office = planners()
    make_whole(office)
    refused(office, "person-missing", Invalid, submit(), **asked)
    refused(office, "employee-not-active", WrongState, submit(requester_id=DORA), **asked)
    office.ask(submit(requester_id=CARL), **asked)
    refused(office, "person-missing", Invalid, yes(), **asked)
    refused(office, "self-approval", NotAllowed, yes(), key_id="carl")


def test_what_a_program_drafts_its_owner_does_not_approve() -> None:
    office = planners()
    for command in whole():
        office.ask(command, key_id="program")
    office.ask(ReassignAccountPlan(plan_id="p1", owner_id=BEA))
    office.ask(submit(requester_id=CARL), key_id="program")
    refused(office, "self-approval", NotAllowed, yes(), key_id="ann")
    office.ask(yes(), key_id="bea")


# --- everybody who holds a role ------------------------------------------------------


HIRES: Final = (
    HireEmployee(employee_id=EVE, name="Eve", region_id="emea", roles=("sales_manager",)),
    key_of(EVE, "eve", "sales_manager"),
)
ALL: Final = route(("true", step(RoleHolder(role="sales_manager", level="parent"), mode="all")))


def fay() -> tuple[HireEmployee, IssueApiKey]:
    hired = HireEmployee(employee_id=FAY, name="Fay", region_id="emea", roles=("sales_manager",))
    return hired, key_of(FAY, "fay", "sales_manager")


def test_all_who_hold_the_role_approve_and_nobody_who_comes_later() -> None:
    """KAM-30: a role at a level, and all of those who have it when it is asked for."""
    office = waiting(*HIRES, world=ALL)
    office.ask_all(*fay())
    refused(office, "not-an-approver", NotAllowed, yes(), key_id="fay")
    office.ask(yes(), key_id="bea")
    assert names(office, PLAN)[-1] == "account_plan.submitted"
    office.ask(yes(), key_id="eve")
    assert names(office, PLAN)[-1] == "account_plan.approved"


def test_all_are_all_but_those_who_wrote_it() -> None:
    office = planners(*HIRES, world=ALL)
    make_whole(office)
    office.ask(action(department="engineering"), key_id="bea")
    office.ask(submit(), key_id="ann")
    office.ask(yes(), key_id="eve")
    assert names(office, PLAN)[-1] == "account_plan.approved"


# --- what becomes of it -----------------------------------------------------------


@pytest.mark.parametrize("decision", ["rejected", "sent_back"])
@pytest.mark.parametrize("comment", ["too dear", None])
def test_what_is_not_approved_is_a_draft_again(decision: str, comment: str | None) -> None:
    """KAM-08: with what the approver said; it is changed, and put up under another id."""
    office = waiting()
    office.ask(yes(decision=decision, comment=comment), key_id="bea")
    fact = last(office)
    assert isinstance(fact, AccountPlanReturned)
    assert (fact.reason, fact.approval_id) == (comment, "a1")
    refused(office, "approval-already-requested", WrongState, submit(), key_id="ann")
    office.ask(action(budget=usd(1)), key_id="ann")
    office.ask(submit(approval_id="a2"), key_id="ann")
    office.ask(yes("a2"), key_id="bea")
    assert isinstance(last(office), AccountPlanApproved)


def test_what_is_withdrawn_is_not_approved() -> None:
    office = waiting()
    receipt = office.ask(WithdrawAccountPlan(plan_id="p1"), key_id="ann")
    assert [one.name for one in receipt.events] == ["account_plan.withdrawn", "approval.voided"]
    refused(office, "approval-ended", WrongState, yes(), key_id="bea")
    assert office.ask(WithdrawAccountPlan(plan_id="p1"), key_id="ann").events == ()


@pytest.mark.parametrize(
    "edit",
    [
        ChangePlanAim(plan_id="p1", aim="strategic_defence"),
        ChangePlanBudget(plan_id="p1", budget=usd(1_000_01)),
        action(department="engineering"),
    ],
)
def test_any_edit_voids_the_approval_in_the_same_act(edit: Command) -> None:
    """The plan is a draft again, and it is put up anew as it stands by then."""
    office = waiting()
    receipt = office.ask(edit, key_id="ann")
    assert [one.name for one in receipt.events][::2] == [
        "account_plan.withdrawn",
        "approval.voided",
    ]
    refused(office, "approval-ended", WrongState, yes(), key_id="bea")
    office.ask(submit(approval_id="a2"), key_id="ann")
    assert requested(office, "a2").content_sha256 != requested(office).content_sha256


def test_what_says_the_same_is_no_edit() -> None:
    office = waiting()
    assert office.ask(action(), key_id="carl").events == ()
    office.ask(yes(), key_id="carl")


def test_what_is_refused_voids_nothing() -> None:
    office = waiting()
    too_little = ChangePlanBudget(plan_id="p1", budget=usd(1))
    refused(office, "budget-exceeded", Invalid, too_little, key_id="ann")
    office.ask(yes(), key_id="bea")


def test_an_edit_of_an_amendment_leaves_what_is_in_force() -> None:
    office = planners()
    make_active(office)
    office.ask(AmendAccountPlan(plan_id="p1", reason="a new plant"), key_id="ann")
    office.ask(submit(), key_id="ann")
    office.ask(action(budget=usd(1)), key_id="ann")
    assert names(office, APPROVAL)[-1] == "approval.voided"
    assert names(office, "approval-a-p1")[-1] == "approval.granted"


@pytest.mark.parametrize(
    "command",
    [CloseAccountPlan(plan_id="p1", reason="x"), DiscardPlanAmendment(plan_id="p1")],
)
def test_what_waits_is_withdrawn_before_it_is_given_up(command: Command) -> None:
    office = planners()
    make_active(office)
    office.ask(AmendAccountPlan(plan_id="p1", reason="a new plant"), key_id="ann")
    office.ask(submit(), key_id="ann")
    refused(office, "plan-submitted", WrongState, command)
    office.ask(WithdrawAccountPlan(plan_id="p1"))
    office.ask(command)
    refused(office, "approval-ended", WrongState, yes(), key_id="bea")


# --- regions ----------------------------------------------------------------------


def test_what_a_region_above_asks_for_later_is_asked_for_as_well() -> None:
    """KAM-30, REG-11: a region was as strict as those above; now they are stricter than it."""
    own = route(("true", step(RoleHolder(role="sales_manager", level="parent"), step_id="own")))
    office = planners(*route_in_force(own, "dach"), world=route())
    make_whole(office)
    office.ask(submit(), key_id="ann")
    assert [one.step_id for one in requested(office).steps] == ["own"]
    office.ask(WithdrawAccountPlan(plan_id="p1"))
    stricter = route(("budget_minor > 0", step(HEADQUARTERS, step_id="headquarters")))
    office.ask_all(*route_in_force(stricter, version=2, on=NOON.date()))
    office.ask(submit(approval_id="a2"), key_id="ann")
    assert [one.step_id for one in requested(office, "a2").steps] == ["headquarters", "own"]


def test_the_latest_route_of_a_region_does_not_shorten_that_of_the_group() -> None:
    above = route(("true", step(HEADQUARTERS, step_id="headquarters")))
    office = waiting(*route_in_force(route(), "dach"), world=above)
    assert [one.step_id for one in requested(office).steps] == ["headquarters"]


def test_a_target_of_an_edit_is_the_plan_that_is_named() -> None:
    target = SetPlanTarget(
        plan_id="none", side="ours", metric="m", period="Q1", unit="percent", value="1"
    )
    with pytest.raises(Refusal) as found:
        planners().ask(target)
    assert (found.value.rule, found.value.field) == ("unknown-plan", "plan_id")
