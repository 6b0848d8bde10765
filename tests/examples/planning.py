"""What Ann plans with Acme for 2026: a history for each kind of stream of planning."""

from datetime import date
from typing import Final

from events.planning.account_plan import (
    AccountPlanActivated,
    AccountPlanAmendmentDiscarded,
    AccountPlanAmendmentDrafted,
    AccountPlanApproved,
    AccountPlanAttainmentRecorded,
    AccountPlanAuthorJoined,
    AccountPlanClosed,
    AccountPlanDrafted,
    AccountPlanReassigned,
    AccountPlanReturned,
    AccountPlanSubmitted,
    AccountPlanWithdrawn,
)
from events.planning.joint_project import (
    JointProjectClosed,
    JointProjectMemberJoined,
    JointProjectMemberLeft,
    JointProjectMilestoneAdded,
    JointProjectMilestoneMet,
    JointProjectMilestoneMissed,
    JointProjectMilestoneMoved,
    JointProjectStarted,
    JointProjectStatusChanged,
)
from events.planning.plan_action import AccountPlanActionCompleted, AccountPlanActionReassigned
from events.planning.plan_content import (
    AccountPlanActionDropped,
    AccountPlanActionSet,
    AccountPlanAimChanged,
    AccountPlanBudgetChanged,
    AccountPlanObjectiveDropped,
    AccountPlanObjectiveSet,
    AccountPlanTargetDropped,
    AccountPlanTargetSet,
    Action,
    Objective,
    PlanContent,
    Target,
    approved_content,
)
from events.planning.plan_year import PlanYearClaimed, PlanYearReleased
from events.planning.value_claim import (
    ValueClaimClaimed,
    ValueClaimConfirmed,
    ValueClaimCorrected,
    ValueClaimWithdrawn,
    ValueMeasured,
)
from events.policies.planning_policy import (
    AimRule,
    PlanningPolicy,
    PlanningPolicyActivated,
    PlanningPolicyDrafted,
)
from events.recorded import content_sha256
from tests.examples.cast import ANN, BEA, CARL, usd

CALENDAR_YEAR: Final = PlanningPolicy(
    fiscal_start_month=1,
    aims=(
        AimRule(aim="wallet_share", metrics=("wallet_share_percent",)),
        AimRule(aim="joint_innovation", metrics=("joint_patents", "pilots")),
    ),
)
POLICY_DRAFTED: Final = PlanningPolicyDrafted(region_id="emea", version=1, document=CALENDAR_YEAR)
POLICY_ACTIVATED: Final = PlanningPolicyActivated(
    region_id="emea", version=1, effective_on=date(2026, 1, 1)
)

PLAN_DRAFTED: Final = AccountPlanDrafted(
    plan_id="p1",
    account_id="acme",
    fiscal_year=2026,
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    region_id="emea",
    owner_id=ANN,
    author_id=ANN,
    aim="strategic_defence",
    budget=usd(900_00),
)
AIM_CHANGED: Final = AccountPlanAimChanged(plan_id="p1", account_id="acme", aim="wallet_share")
BUDGET_CHANGED: Final = AccountPlanBudgetChanged(
    plan_id="p1", account_id="acme", budget=usd(1_000_00)
)

GROW: Final = Objective(
    objective_id="grow", statement="Be the first supplier.", weight_percent=60, goal_id="g1"
)
LEARN: Final = Objective(
    objective_id="learn", statement="Learn how they buy.", weight_percent=40, goal_id=None
)
VISIT: Final = Action(
    action_id="visit",
    objective_id="grow",
    statement="Visit all plants.",
    owner_id=ANN,
    department="sales",
    due_on=date(2026, 6, 30),
    budget=usd(400_00),
)
SURVEY: Final = VISIT.model_copy(
    update={"action_id": "survey", "objective_id": "learn", "budget": usd(600_00)}
)
OURS: Final = Target(
    side="ours",
    metric="wallet_share_percent",
    period="Q1",
    unit="percent",
    value="12.5",
    better="higher",
)
THEIRS: Final = Target(
    side="customers", metric="defects", period="year", unit="count", value="20", better="lower"
)


def objective_set(objective: Objective) -> AccountPlanObjectiveSet:
    """The plan has it."""
    return AccountPlanObjectiveSet(plan_id="p1", account_id="acme", objective=objective)


def action_set(action: Action) -> AccountPlanActionSet:
    """The plan has it."""
    return AccountPlanActionSet(plan_id="p1", account_id="acme", action=action)


def target_set(target: Target) -> AccountPlanTargetSet:
    """The plan has it."""
    return AccountPlanTargetSet(plan_id="p1", account_id="acme", target=target)


WHOLE: Final = (
    PLAN_DRAFTED,
    AIM_CHANGED,
    BUDGET_CHANGED,
    objective_set(GROW),
    objective_set(LEARN),
    action_set(VISIT),
    action_set(SURVEY),
    target_set(OURS),
    target_set(THEIRS),
)
"""A plan that may be submitted; its actions cost just what it may cost."""

CONTENT: Final = PlanContent(
    aim="wallet_share",
    budget=usd(1_000_00),
    objectives=(GROW, LEARN),
    actions=(SURVEY, VISIT),
    targets=(THEIRS, OURS),
)
"""What it says."""


def sha256_of(content: PlanContent, *, plan_id: str = "p1", amendment: int = 0) -> str:
    """Its hash as Acme's plan for 2026."""
    whole = approved_content(
        content, plan_id=plan_id, account_id="acme", fiscal_year=2026, amendment=amendment
    )
    return content_sha256(whole)


def submitted(
    content: PlanContent = CONTENT,
    *,
    amendment: int = 0,
    by: str = ANN,
    approval_id: str | None = "a1",
) -> AccountPlanSubmitted:
    """It is put up for approval."""
    return AccountPlanSubmitted(
        plan_id="p1",
        account_id="acme",
        amendment=amendment,
        content_sha256=sha256_of(content, amendment=amendment),
        submitted_by=by,
        approval_id=approval_id,
    )


def approved(
    content: PlanContent = CONTENT, *, amendment: int = 0, approval_id: str = "a1"
) -> AccountPlanApproved:
    """The approval is granted."""
    return AccountPlanApproved(
        plan_id="p1",
        account_id="acme",
        amendment=amendment,
        content_sha256=sha256_of(content, amendment=amendment),
        approved_by=None,
        approval_id=approval_id,
    )


APPROVED_ONCE: Final = approved().model_copy(update={"approved_by": BEA, "approval_id": None})
"""Bea has approved it, when plans were approved without a request."""

RETURNED: Final = AccountPlanReturned(
    plan_id="p1", account_id="acme", reason="more detail", approval_id="a1"
)
CARL_JOINED: Final = AccountPlanAuthorJoined(plan_id="p1", account_id="acme", author_id=CARL)
WITHDRAWN: Final = AccountPlanWithdrawn(plan_id="p1", account_id="acme")
ACTIVE: Final = AccountPlanActivated(plan_id="p1", account_id="acme")
ATTAINED: Final = AccountPlanAttainmentRecorded(
    plan_id="p1",
    account_id="acme",
    side="ours",
    metric="wallet_share_percent",
    period="Q1",
    value="10",
)


def amended(number: int) -> AccountPlanAmendmentDrafted:
    """An amendment is begun."""
    return AccountPlanAmendmentDrafted(
        plan_id="p1", account_id="acme", amendment=number, author_id=ANN, reason="a new plant"
    )


DISCARDED: Final = AccountPlanAmendmentDiscarded(plan_id="p1", account_id="acme", amendment=1)
ACTION_REASSIGNED: Final = AccountPlanActionReassigned(
    plan_id="p1", account_id="acme", action_id="visit", owner_id=BEA
)
ACTION_COMPLETED: Final = AccountPlanActionCompleted(
    plan_id="p1", account_id="acme", action_id="visit"
)
PLAN_REASSIGNED: Final = AccountPlanReassigned(plan_id="p1", account_id="acme", owner_id=CARL)
PLAN_CLOSED: Final = AccountPlanClosed(plan_id="p1", account_id="acme", reason="the year is over")

TARGET_DROPPED: Final = AccountPlanTargetDropped(
    plan_id="p1", account_id="acme", side="customers", metric="defects", period="year"
)
ACTION_DROPPED: Final = AccountPlanActionDropped(
    plan_id="p1", account_id="acme", action_id="survey"
)
OBJECTIVE_DROPPED: Final = AccountPlanObjectiveDropped(
    plan_id="p1", account_id="acme", objective_id="learn"
)

IN_FORCE: Final = (*WHOLE, submitted(), approved(), ACTIVE)
"""A plan that is followed."""

PLAN_LIFE: Final = (
    *WHOLE,
    submitted(),
    RETURNED,
    submitted(approval_id="a2"),
    WITHDRAWN,
    submitted(approval_id="a3"),
    approved(approval_id="a3"),
    ACTIVE,
    ACTION_REASSIGNED,
    ACTION_COMPLETED,
    ATTAINED,
    amended(1),
    DISCARDED,
    amended(2),
    CARL_JOINED,
    TARGET_DROPPED,
    ACTION_DROPPED,
    OBJECTIVE_DROPPED,
    PLAN_REASSIGNED,
    PLAN_CLOSED,
)

OLD_PLAN_LIFE: Final = tuple(
    fact.model_copy(update={"plan_id": "p0"})
    for fact in (*WHOLE, submitted(approval_id=None), APPROVED_ONCE)
)
"""Another plan, of the time when plans were approved without a request."""

YEAR_CLAIMED: Final = PlanYearClaimed(account_id="acme", fiscal_year=2026, plan_id="p1")
YEAR_RELEASED: Final = PlanYearReleased(account_id="acme", fiscal_year=2026, plan_id="p1")

# --- joint projects and value ------------------------------------------------------

CONTACT: Final = "4e5a8ba8-5555-4e4e-8f8f-eeeeeeeeeeee"

STARTED: Final = JointProjectStarted(
    project_id="j1", account_id="acme", name="New alloy", plan_id="p1", objective_id="grow"
)
MILESTONE_ADDED: Final = JointProjectMilestoneAdded(
    project_id="j1",
    account_id="acme",
    milestone_id="m1",
    name="First melt",
    due_on=date(2026, 5, 1),
)
MILESTONE_MOVED: Final = JointProjectMilestoneMoved(
    project_id="j1",
    account_id="acme",
    milestone_id="m1",
    due_on=date(2026, 6, 1),
    reason="the furnace is late",
)
MILESTONE_MET: Final = JointProjectMilestoneMet(
    project_id="j1", account_id="acme", milestone_id="m1", met_on=date(2026, 3, 1)
)
MILESTONE_MISSED: Final = JointProjectMilestoneMissed(
    project_id="j1", account_id="acme", milestone_id="m1", reason="no furnace"
)
JOINED: Final = JointProjectMemberJoined(
    project_id="j1", account_id="acme", party="ours", person_id=ANN, duty="leads"
)
THEY_JOINED: Final = JointProjectMemberJoined(
    project_id="j1", account_id="acme", party="customers", person_id=CONTACT, duty="melts"
)
MEMBER_LEFT: Final = JointProjectMemberLeft(
    project_id="j1", account_id="acme", party="ours", person_id=ANN
)
AT_RISK: Final = JointProjectStatusChanged(
    project_id="j1", account_id="acme", status="at_risk", reason="no furnace"
)
COMPLETED: Final = JointProjectClosed(
    project_id="j1", account_id="acme", outcome="completed", reason="it melts"
)
PROJECT_LIFE: Final = (
    STARTED,
    MILESTONE_ADDED,
    MILESTONE_MOVED,
    MILESTONE_MISSED,
    MILESTONE_MET,
    JOINED,
    THEY_JOINED,
    MEMBER_LEFT,
    AT_RISK,
    COMPLETED,
)

SAVED: Final = ValueMeasured(
    metric="scrap",
    unit="percent",
    baseline="4.5",
    measured="3.25",
    measured_on=date(2026, 2, 1),
    better="lower",
    evidence="Monthly report of the plant.",
)
CLAIMED: Final = ValueClaimClaimed(
    claim_id="v1", account_id="acme", plan_id="p1", project_id="j1", value=SAVED
)
CLAIM_CORRECTED: Final = ValueClaimCorrected(
    claim_id="v1",
    account_id="acme",
    value=SAVED.model_copy(update={"measured": "3.5"}),
    reason="counted again",
)
CONFIRMED: Final = ValueClaimConfirmed(
    claim_id="v1",
    account_id="acme",
    contact_id=CONTACT,
    confirmed_on=date(2026, 2, 1),
    how="letter",
)
CLAIM_WITHDRAWN: Final = ValueClaimWithdrawn(
    claim_id="v1", account_id="acme", reason="it was another plant"
)
