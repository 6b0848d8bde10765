"""What account plans need from elsewhere: an account, an owner, a policy, a free year."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import pytest

from aggregates.refusals import NotFound, Refusal, WrongState
from commands.accounts.account import RegisterAccount
from commands.accounts.customer_goal import StateCustomerGoal
from commands.command import Command
from commands.planning.account_plan import (
    ActivateAccountPlan,
    AmendAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    ReassignAccountPlan,
    RecordPlanAttainment,
    WithdrawAccountPlan,
)
from commands.planning.plan_content import (
    ChangePlanAim,
    ChangePlanBudget,
    DropPlanAction,
    DropPlanObjective,
    DropPlanTarget,
    SetPlanObjective,
)
from commands.policies.planning_policy import ActivatePlanningPolicy, DraftPlanningPolicy
from commands.ports import Receipt
from events.planning.account_plan import (
    AccountPlanActivated,
    AccountPlanApproved,
    AccountPlanDrafted,
    AccountPlanSubmitted,
)
from events.planning.plan_year import PlanYearClaimed, PlanYearReleased
from events.policies.planning_policy import AimRule, PlanningPolicy
from tests.commands.office import Office
from tests.commands.planners import (
    action,
    draft,
    make_active,
    make_approved,
    make_whole,
    planners,
    submission,
    submit,
    yes,
)
from tests.examples.cast import ANN, BEA, CARL, DORA, usd

NONE: Final = "99999999-9999-4999-8999-999999999999"
STREAM: Final = "account_plan-p1"
YEAR: Final = "plan_year-acme-2026"
SUBMIT: Final = submit()
ACTIVATE: Final = ActivateAccountPlan(plan_id="p1")


def refusal(office: Office, command: Command, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command, **asked)
    return refused.value


def drafted(office: Office) -> AccountPlanDrafted:
    first = office.facts(STREAM)[0]
    assert isinstance(first, AccountPlanDrafted)
    return first


# --- drafting -------------------------------------------------------------------


def test_a_plan_is_drafted_for_the_owner_and_region_of_its_account() -> None:
    office = planners()
    office.ask(draft(), key_id="carl")
    fact = drafted(office)
    assert (fact.owner_id, fact.author_id, fact.region_id) == (ANN, CARL, "dach")
    assert (fact.starts_on, fact.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert office.policies(STREAM) == {"planning_policy-world": 1}


def test_a_program_drafts_for_the_owner() -> None:
    office = planners()
    office.ask(draft(owner_id=BEA), key_id="program")
    assert (drafted(office).owner_id, drafted(office).author_id) == (BEA, BEA)


def test_a_region_does_not_demand_less_than_those_above() -> None:
    """KAM-26."""
    nothing = PlanningPolicy(fiscal_start_month=4, aims=())
    office = planners(DraftPlanningPolicy(region_id="apac", document=nothing))
    from_2026 = ActivatePlanningPolicy(region_id="apac", version=1, effective_on=date(2026, 1, 1))
    assert refusal(office, from_2026).rule == "weaker-than-parent"


def test_a_region_has_a_fiscal_year_of_its_own_where_it_demands_as_much() -> None:
    april = PlanningPolicy(
        fiscal_start_month=4,
        aims=(
            AimRule(aim="wallet_share", metrics=("wallet_share_percent", "margin")),
            AimRule(aim="joint_innovation", metrics=("joint_patents", "pilots")),
        ),
    )
    office = planners(
        DraftPlanningPolicy(region_id="apac", document=april),
        ActivatePlanningPolicy(region_id="apac", version=1, effective_on=date(2026, 1, 1)),
    )
    office.ask(draft(region_id="apac"))
    assert (drafted(office).starts_on, drafted(office).ends_on) == (
        date(2026, 4, 1),
        date(2027, 3, 31),
    )


@pytest.mark.parametrize(
    ("other", "rule", "field"),
    [
        ({"account_id": "none"}, "unknown-account", "account_id"),
        ({"owner_id": NONE}, "unknown-employee", "owner_id"),
        ({"owner_id": DORA}, "employee-not-active", "owner_id"),
        ({"region_id": "none"}, "unknown-region", "region_id"),
    ],
)
def test_a_plan_needs_what_it_names(other: dict[str, Any], rule: str, field: str) -> None:
    found = refusal(planners(), draft(**other))
    assert (found.rule, found.field) == (rule, field)


def test_somebody_answers_for_a_plan() -> None:
    office = planners(RegisterAccount(account_id="orphan", name="Orphan"))
    found = refusal(office, draft(account_id="orphan"))
    assert (type(found), found.rule, found.field) == (WrongState, "owner-missing", "owner_id")
    assert office.ask(draft(account_id="orphan", owner_id=BEA)).version == 1


def test_nothing_is_planned_without_a_policy() -> None:
    found = refusal(planners(policy=False), draft())
    assert (type(found), found.rule) == (WrongState, "no-planning-policy")


@pytest.mark.parametrize("owner", [NONE, DORA])
def test_the_owner_of_an_action_works_here(owner: str) -> None:
    """KAM-10."""
    office = planners()
    make_whole(office)
    found = refusal(office, action(owner_id=owner))
    assert (found.rule, found.field) == (
        "unknown-employee" if owner == NONE else "employee-not-active",
        "owner_id",
    )


def test_a_draft_is_changed() -> None:
    office = planners()
    make_whole(office)
    office.ask_all(
        ChangePlanAim(plan_id="p1", aim="strategic_defence"),
        ChangePlanBudget(plan_id="p1", budget=usd(400_00)),
        DropPlanAction(plan_id="p1", action_id="visit"),
        DropPlanObjective(plan_id="p1", objective_id="grow"),
        DropPlanTarget(plan_id="p1", side="ours", metric="wallet_share_percent", period="Q1"),
    )
    assert [fact.NAME for fact in office.facts(STREAM)[-5:]] == [
        "account_plan.aim_changed",
        "account_plan.budget_changed",
        "account_plan.action_dropped",
        "account_plan.objective_dropped",
        "account_plan.target_dropped",
    ]


def test_an_objective_serves_a_goal_of_the_customer() -> None:
    """KAM-09."""
    office = planners(
        RegisterAccount(account_id="other", name="Other"),
        StateCustomerGoal(goal_id="g1", account_id="acme", title="Less scrap"),
        StateCustomerGoal(goal_id="g2", account_id="other", title="Less waste"),
    )
    make_whole(office)
    linked = SetPlanObjective(
        plan_id="p1", objective_id="grow", statement="Be first.", weight_percent=100, goal_id="g1"
    )
    office.ask(linked)
    for goal, rule in (("none", "unknown-goal"), ("g2", "other-account")):
        found = refusal(office, linked.model_copy(update={"goal_id": goal}))
        assert (found.rule, found.field) == (rule, "goal_id")


# --- approval -------------------------------------------------------------------


def test_a_plan_is_submitted_approved_followed_and_closed() -> None:
    """KAM-08."""
    office = planners()
    make_active(office)
    office.ask(CloseAccountPlan(plan_id="p1", reason="over"), key_id="bea")
    assert [fact.NAME for fact in office.facts(STREAM)[4:]] == [
        "account_plan.submitted",
        "account_plan.approved",
        "account_plan.activated",
        "account_plan.closed",
    ]
    assert [type(fact) for fact in office.facts(YEAR)] == [PlanYearClaimed, PlanYearReleased]


def test_an_amendment_is_approved_again() -> None:
    """KAM-08."""
    office = planners()
    make_active(office)
    office.ask(AmendAccountPlan(plan_id="p1", reason="a new plant"), key_id="ann")
    office.ask(action(budget=usd(500_00)), key_id="ann")
    office.ask(SUBMIT, key_id="ann")
    office.ask(yes(), key_id="bea")
    last = office.facts(STREAM)[-1]
    assert isinstance(last, AccountPlanApproved)
    assert (last.amendment, last.approval_id) == (1, "a1")


def test_an_amendment_is_discarded_and_the_plan_measured() -> None:
    """KAM-11."""
    office = planners()
    make_active(office)
    office.ask(AmendAccountPlan(plan_id="p1", reason="x"))
    office.ask(DiscardPlanAmendment(plan_id="p1"))
    measured = RecordPlanAttainment(
        plan_id="p1", side="ours", metric="wallet_share_percent", period="Q1", value="13"
    )
    office.ask(measured)
    assert [fact.NAME for fact in office.facts(STREAM)[-2:]] == [
        "account_plan.amendment_discarded",
        "account_plan.attainment_recorded",
    ]


def test_a_new_owner_works_here() -> None:
    office = planners()
    make_whole(office)
    found = refusal(office, ReassignAccountPlan(plan_id="p1", owner_id=DORA))
    assert (found.rule, found.field) == ("employee-not-active", "owner_id")


@pytest.mark.parametrize(
    "command",
    [
        submit(requester_id=ANN),
        ACTIVATE,
        WithdrawAccountPlan(plan_id="p1"),
        AmendAccountPlan(plan_id="p1", reason="x"),
        CloseAccountPlan(plan_id="p1", reason="x"),
        action(),
        RecordPlanAttainment(plan_id="p1", side="ours", metric="m", period="Q1", value="1"),
    ],
)
def test_a_plan_that_is_named_exists(command: Command) -> None:
    found = refusal(planners(), command)
    assert (type(found), found.rule, found.field) == (NotFound, "unknown-plan", "plan_id")


# --- one active plan a year -------------------------------------------------------


def test_a_second_plan_of_a_year_is_drafted_and_approved_but_not_followed() -> None:
    """KAM-08."""
    office = planners()
    make_active(office)
    make_approved(office, "p2")
    found = refusal(office, ActivateAccountPlan(plan_id="p2"))
    assert (type(found), found.rule, found.field) == (WrongState, "plan-year-taken", "plan_id")
    office.ask(CloseAccountPlan(plan_id="p1", reason="replaced"))
    assert office.ask(ActivateAccountPlan(plan_id="p2")).version == 7


def test_a_plan_of_another_year_is_followed_beside_it() -> None:
    """KAM-08."""
    office = planners()
    make_active(office)
    make_active(office, "p2", 2027)
    assert len(office.facts(YEAR)) == len(office.facts("plan_year-acme-2027")) == 1


def test_of_two_activations_at_once_one_is_refused() -> None:
    """KAM-08: whichever process is faster, the account has one active plan."""
    office = planners()
    for plan in ("p1", "p2"):
        make_approved(office, plan)
    other = office.neighbour()

    async def race() -> Sequence[Receipt | BaseException]:
        return await asyncio.gather(
            office.carry(ActivateAccountPlan(plan_id="p1")),
            other.carry(ActivateAccountPlan(plan_id="p2")),
            return_exceptions=True,
        )

    ended = asyncio.run(race())
    refused = [one for one in ended if isinstance(one, Refusal)]
    assert [one.rule for one in refused] == ["plan-year-taken"]
    active = [
        fact
        for plan in ("p1", "p2")
        for fact in office.facts(f"account_plan-{plan}")
        if isinstance(fact, AccountPlanActivated)
    ]
    assert len(active) == len(office.facts(YEAR)) == 1


def test_of_two_submissions_and_two_approvals_at_once_one_is_recorded() -> None:
    office = planners()
    make_whole(office)
    other = office.neighbour()

    async def both(first: Command, mine: str, second: Command, theirs: str) -> list[str]:
        ended = await asyncio.gather(
            office.carry(first, key_id=mine),
            other.carry(second, key_id=theirs),
            return_exceptions=True,
        )
        return [one.rule for one in ended if isinstance(one, Refusal)]

    assert asyncio.run(both(SUBMIT, "ann", submit(approval_id="a2"), "ann")) == ["plan-submitted"]
    approval = yes(str(submission(office).approval_id))
    assert asyncio.run(both(approval, "bea", approval, "carl")) == ["approval-ended"]
    for kind in (AccountPlanSubmitted, AccountPlanApproved):
        assert sum(isinstance(fact, kind) for fact in office.facts(STREAM)) == 1
