"""The small company as it plans: a policy and a route for the world, keys, whole plans."""

from datetime import date
from typing import Any, Final

from commands.accounts.account import ChangeAccountOwner
from commands.command import Command
from commands.planning.account_plan import (
    ActivateAccountPlan,
    DraftAccountPlan,
    SubmitAccountPlan,
)
from commands.planning.plan_content import SetPlanAction, SetPlanObjective, SetPlanTarget
from commands.policies.approval_route import ActivateApprovalRoute, DraftApprovalRoute
from commands.policies.planning_policy import ActivatePlanningPolicy, DraftPlanningPolicy
from commands.work.approval import DecideApproval
from events.planning.account_plan import AccountPlanSubmitted
from events.policies.approval_route import ApprovalRoute, NamedEmployee
from tests.commands.company import company
from tests.commands.office import Office
from tests.commands.signing import key_of
from tests.examples.approvals import route, step
from tests.examples.cast import ANN, BEA, CARL, usd
from tests.examples.planning import CALENDAR_YEAR

KEYS: Final = (
    key_of(ANN, "ann", "sales_manager"),
    key_of(ANN, "ann-again", "sales_manager"),
    key_of(BEA, "bea", "sales_manager"),
    key_of(CARL, "carl", "sales_manager"),
    key_of(None, "program", "administrator"),
)
POLICY: Final = (
    DraftPlanningPolicy(region_id="world", document=CALENDAR_YEAR),
    ActivatePlanningPolicy(region_id="world", version=1, effective_on=date(2026, 1, 1)),
)
ANYBODY: Final = route(
    ("true", step(*(NamedEmployee(employee_id=one) for one in (ANN, BEA, CARL))))
)
"""One of the three approves: whoever has not written or submitted it."""


def route_in_force(
    document: ApprovalRoute,
    region_id: str = "world",
    *,
    kind: str = "account_plan",
    version: int = 1,
    on: date = date(2026, 1, 1),
) -> tuple[Command, Command]:
    """What puts a route for plans, or for another kind, in force."""
    return (
        DraftApprovalRoute(region_id=region_id, subject_kind=kind, document=document),
        ActivateApprovalRoute(
            region_id=region_id, subject_kind=kind, version=version, effective_on=on
        ),
    )


def planners(*more: Command, policy: bool = True, world: ApprovalRoute | None = ANYBODY) -> Office:
    """The company, Ann owning Acme, with keys, a policy and a route, and ``more`` besides."""
    owned = ChangeAccountOwner(account_id="acme", owner_id=ANN)
    routed = () if world is None else route_in_force(world)
    return company(owned, *KEYS, *(POLICY if policy else ()), *routed, *more)


def draft(plan_id: str = "p1", **other: Any) -> DraftAccountPlan:
    """Draft Acme's plan for 2026, or otherwise."""
    asked = DraftAccountPlan(
        plan_id=plan_id,
        account_id="acme",
        fiscal_year=2026,
        aim="wallet_share",
        budget=usd(1_000_00),
    )
    return asked.model_copy(update=other)


def action(plan_id: str = "p1", **other: Any) -> SetPlanAction:
    """Set an action for 400.00 USD, or otherwise."""
    asked = SetPlanAction(
        plan_id=plan_id,
        action_id="visit",
        objective_id="grow",
        statement="Visit all plants.",
        owner_id=ANN,
        department="sales",
        due_on=date(2026, 6, 30),
        budget=usd(400_00),
    )
    return asked.model_copy(update=other)


def whole(plan_id: str = "p1", year: int = 2026) -> tuple[Command, ...]:
    """What makes a plan that may be submitted."""
    return (
        draft(plan_id, fiscal_year=year),
        SetPlanObjective(
            plan_id=plan_id, objective_id="grow", statement="Be first.", weight_percent=100
        ),
        action(plan_id, due_on=date(year, 6, 30)),
        SetPlanTarget(
            plan_id=plan_id,
            side="ours",
            metric="wallet_share_percent",
            period="Q1",
            unit="percent",
            value="12.5",
        ),
    )


def submission(office: Office, plan_id: str = "p1") -> AccountPlanSubmitted:
    """How it was submitted last."""
    facts = office.facts(f"account_plan-{plan_id}")
    return [fact for fact in facts if isinstance(fact, AccountPlanSubmitted)][-1]


def submit(plan_id: str = "p1", approval_id: str = "a1", **other: Any) -> SubmitAccountPlan:
    """Put it up for an approval."""
    return SubmitAccountPlan(plan_id=plan_id, approval_id=approval_id, **other)


def yes(approval_id: str = "a1", **other: Any) -> DecideApproval:
    """Approve the first step of a request, or decide otherwise."""
    return DecideApproval(
        **{"approval_id": approval_id, "step": 1, "decision": "approved", **other}
    )


def make_whole(office: Office, plan_id: str = "p1", year: int = 2026) -> None:
    """Ann drafts a plan that may be submitted."""
    for command in whole(plan_id, year):
        office.ask(command, key_id="ann")


def make_approved(office: Office, plan_id: str = "p1", year: int = 2026) -> None:
    """Ann drafts and submits a plan, and Bea approves it."""
    make_whole(office, plan_id, year)
    approval_id = f"a-{plan_id}"
    office.ask(submit(plan_id, approval_id), key_id="ann")
    office.ask(yes(approval_id), key_id="bea")


def make_active(office: Office, plan_id: str = "p1", year: int = 2026) -> None:
    """And it is followed."""
    make_approved(office, plan_id, year)
    office.ask(ActivateAccountPlan(plan_id=plan_id), key_id="bea")
