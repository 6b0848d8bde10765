"""The small company as it plans: a policy for the world, a key for each person, whole plans."""

from datetime import date
from typing import Any, Final

from commands.accounts.account import ChangeAccountOwner
from commands.command import Command
from commands.organization.api_key import IssueApiKey
from commands.planning.account_plan import (
    ActivateAccountPlan,
    ApproveAccountPlan,
    DraftAccountPlan,
    SubmitAccountPlan,
)
from commands.planning.plan_content import SetPlanAction, SetPlanObjective, SetPlanTarget
from commands.policies.planning_policy import ActivatePlanningPolicy, DraftPlanningPolicy
from commands.roles import Role
from events.planning.account_plan import AccountPlanSubmitted
from tests.commands.company import company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, usd
from tests.examples.planning import CALENDAR_YEAR


def key_of(employee: str | None, key_id: str, role: Role) -> IssueApiKey:
    """A key that acts for an employee, or for nobody."""
    return IssueApiKey(
        key_id=key_id, secret_sha256="5e" * 32, roles=(role,), label="a key", employee_id=employee
    )


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


def planners(*more: Command, policy: bool = True) -> Office:
    """The company, Ann owning Acme, with keys and a planning policy, and ``more`` besides."""
    owned = ChangeAccountOwner(account_id="acme", owner_id=ANN)
    return company(owned, *KEYS, *(POLICY if policy else ()), *more)


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


def submitted_sha256(office: Office, plan_id: str = "p1") -> str:
    """The hash of what was submitted last."""
    facts = office.facts(f"account_plan-{plan_id}")
    return [fact for fact in facts if isinstance(fact, AccountPlanSubmitted)][-1].content_sha256


def make_whole(office: Office, plan_id: str = "p1", year: int = 2026) -> None:
    """Ann drafts a plan that may be submitted."""
    for command in whole(plan_id, year):
        office.ask(command, key_id="ann")


def make_approved(office: Office, plan_id: str = "p1", year: int = 2026) -> None:
    """Ann drafts and submits a plan, and Bea approves it."""
    make_whole(office, plan_id, year)
    office.ask(SubmitAccountPlan(plan_id=plan_id), key_id="ann")
    approval = ApproveAccountPlan(plan_id=plan_id, content_sha256=submitted_sha256(office, plan_id))
    office.ask(approval, key_id="bea")


def make_active(office: Office, plan_id: str = "p1", year: int = 2026) -> None:
    """And it is followed."""
    make_approved(office, plan_id, year)
    office.ask(ActivateAccountPlan(plan_id=plan_id), key_id="bea")
