"""What the doors of planning answer."""

from datetime import date, datetime

from pydantic import Field

from api.answers import Answer, Body, Page
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
    budget_minor: int
    planned_minor: int = Field(description="What its actions are to cost together.")
    currency: str
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
    budget: Money


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
    budget: Money
    planned: Money = Field(description="What its actions are to cost together.")
    objectives: list[PlanObjective]
    unlinked_objectives: list[str] = Field(
        description="The ids of the objectives that serve no goal of the customer."
    )
    actions: list[PlanAction]
    targets: list[PlanTarget]


class PlanAmendment(Body):
    """The amendment that lies beside the plan; it is not in force."""

    number: int
    state: str
    author_id: str
    content: PlanText


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
    state: str
    reason: str | None
    content_sha256: str | None = Field(description="Of what was submitted last.")
    submitted_by: str | None
    approved_by: str | None
    content: PlanText = Field(description="What was approved last; before that, the draft.")
    amendment: PlanAmendment | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccountPlanAnswer(Answer):
    """One plan, whole."""

    item: PlanDetail
