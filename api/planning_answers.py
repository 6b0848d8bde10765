"""What the doors of planning answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.answers import Answer, Body, Page
from api.field_classes import APPROVAL, COMMERCIAL, DELIVERY
from events.values import Money


class PlanItem(Body):
    """One plan in a list, as it was."""

    plan_id: str
    version: int
    account_id: str
    fiscal_year: int
    region_id: str
    owner_id: str
    state: str
    aim: str
    budget_minor: Annotated[int, COMMERCIAL]
    planned_minor: Annotated[int, COMMERCIAL] = Field(
        description="What its actions are to cost together."
    )
    currency: Annotated[str, COMMERCIAL]
    objectives: int
    unlinked: int = Field(description="Objectives that serve no goal of the customer.")
    actions: int
    amendment: int
    amendment_state: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccountPlansPage(Page):
    """Plans in order of their ids."""

    items: list[PlanItem]


class PlanObjective(Body):
    """An objective and its part of the plan."""

    objective_id: str
    statement: str
    weight_percent: int
    goal_id: str | None
    linked: bool = Field(description="Whether it serves a goal of the customer.")


class PlanAction(Body):
    """Who does what, by when, for how much."""

    action_id: str
    objective_id: str
    statement: str
    owner_id: str
    department: str
    due_on: date
    budget: Annotated[Money, COMMERCIAL]
    done_by: str = Field(description="Who does it: the owner, unless it was reassigned.")
    done_at: datetime | None = Field(description="Null while it is to be done.")


class PlanTarget(Body):
    """A target of one side, and what came of it."""

    side: str
    metric: str
    period: str
    unit: str
    value: str
    better: str
    attained: str | None = Field(description="Null while nothing is recorded.")
    attained_bp: int | None = Field(
        description="Of the target, in basis points, half up; null for a target of nothing."
    )
    reached: bool | None


class PlanText(Body):
    """What a plan, or an amendment of it, says."""

    aim: str
    budget: Annotated[Money, COMMERCIAL]
    planned: Annotated[Money, COMMERCIAL] = Field(
        description="What its actions are to cost together."
    )
    objectives: list[PlanObjective]
    unlinked_objectives: list[str] = Field(
        description="The ids of the objectives that serve no goal of the customer."
    )
    actions: list[PlanAction]
    targets: Annotated[list[PlanTarget], COMMERCIAL]


class PlanAmendment(Body):
    """The amendment that lies beside the plan; it is not in force."""

    number: int
    state: str
    author_id: str
    content: PlanText


class ValueDeliveredItem(Body):
    """What an account gained in one metric: claimed and confirmed apart."""

    account_id: str
    plan_id: str | None = Field(description="Null where it is added up per account.")
    metric: str
    unit: str
    claims: int = Field(description="How many are claimed and not confirmed.")
    claimed: str = Field(description="What they add up to; nothing confirmed is in it.")
    confirmations: int
    confirmed: str


class PlanDetail(Body):
    """One plan as it was."""

    plan_id: str
    version: int
    account_id: str
    fiscal_year: int
    starts_on: date
    ends_on: date
    region_id: str
    owner_id: str
    author_id: str
    author_ids: list[str] = Field(description="Who wrote on what was worked on last.")
    state: str
    reason: Annotated[str | None, APPROVAL]
    content_sha256: str | None = Field(description="Of what was submitted last.")
    submitted_by: Annotated[str | None, APPROVAL]
    approval_id: str | None = Field(description="The approval it was last submitted for.")
    approved_by: Annotated[str | None, APPROVAL] = Field(
        description="Null where that approval says who did."
    )
    content: PlanText = Field(description="What was approved last; before that, the draft.")
    amendment: PlanAmendment | None
    value_delivered: list[ValueDeliveredItem] = Field(
        description="What the account gained by this plan, a row a metric."
    )
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccountPlanAnswer(Answer):
    """One plan, whole."""

    item: PlanDetail


class ProjectMilestone(Body):
    """Something to be reached."""

    milestone_id: str
    name: str
    due_on: date
    state: str = Field(description="open, met or missed")
    met_on: date | None
    reason: str | None = Field(description="Why it was last moved or missed.")


class ProjectMember(Body):
    """Somebody who takes part."""

    party: str = Field(description="ours or customers")
    person_id: str
    duty: str


class ProjectStatusChange(Body):
    """From when on a project went so."""

    state: str
    reason: str | None
    since: datetime


class JointProjectItem(Body):
    """One joint project in a list, as it was."""

    project_id: str
    version: int
    account_id: str
    name: str
    plan_id: str | None
    objective_id: str | None
    state: str
    reason: Annotated[str | None, DELIVERY]
    closed_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class JointProjectsPage(Page):
    """Joint projects in order of their ids."""

    items: list[JointProjectItem]


class JointProjectDetail(JointProjectItem):
    """One joint project, whole."""

    milestones: Annotated[list[ProjectMilestone], DELIVERY]
    members: Annotated[list[ProjectMember], DELIVERY]
    status_history: Annotated[list[ProjectStatusChange], DELIVERY]


class JointProjectAnswer(Answer):
    """One joint project."""

    item: JointProjectDetail


class ValueClaimItem(Body):
    """One value claim as it was."""

    claim_id: str
    version: int
    account_id: str
    plan_id: str | None
    project_id: str | None
    state: str
    metric: str
    unit: str
    baseline: str
    measured: str
    gained: str = Field(description="How much better than the baseline.")
    better: str
    measured_on: date
    evidence: str
    contact_id: str | None
    confirmed_on: date | None
    how: str | None
    reason: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class ValueClaimsPage(Page):
    """Value claims in order of their ids."""

    items: list[ValueClaimItem]


class ValueClaimAnswer(Answer):
    """One value claim."""

    item: ValueClaimItem


class ValueDeliveredPage(Page):
    """Value delivered, in order of account, plan, metric and unit."""

    items: list[ValueDeliveredItem]
