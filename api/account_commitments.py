"""Parts of the whole account: what is planned, done, gained, promised and approved there."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.account_parts import Cut
from api.answers import Body
from api.field_classes import APPROVAL, COMMERCIAL, DELIVERY
from events.values import Money


class GainedPart(Body):
    """What the account gained in one metric, claimed and confirmed apart."""

    metric: str
    unit: str
    claims: int
    claimed: str
    confirmations: int
    confirmed: str


class AttainmentPart(Body):
    """A target and what came of it."""

    side: str
    metric: str
    period: str
    unit: str
    value: str
    attained: str | None
    attained_bp: int | None
    reached: bool | None


class PlanPart(Body):
    """One account plan."""

    plan_id: str
    version: int
    fiscal_year: int
    starts_on: date
    ends_on: date
    state: str
    aim: str
    owner_id: str
    budget: Annotated[Money, COMMERCIAL]
    planned_minor: Annotated[int, COMMERCIAL] = Field(
        description="What its actions are to cost together."
    )
    objectives: int
    unlinked: int = Field(description="Objectives that serve no goal of the customer.")
    actions: int
    targets: int
    recorded: int = Field(description="Targets of which it is recorded what they came to.")
    reached: int
    attainment: Annotated[list[AttainmentPart], COMMERCIAL] = Field(
        description="The first targets."
    )
    value_delivered: list[GainedPart]


class PlansPart(Cut):
    """What we plan with the account."""

    count: int
    active: int
    latest: list[PlanPart] = Field(description="The latest fiscal year first.")


class ProjectPart(Body):
    """One joint project."""

    project_id: str
    version: int
    name: str
    plan_id: str | None
    state: str
    reason: str | None
    closed_at: datetime | None
    open: int = Field(description="Milestones neither met nor missed.")
    met: int
    missed: int
    next_due_on: date | None
    members: int


class ProjectsPart(Cut):
    """What we do together."""

    count: int
    running: int
    latest: Annotated[list[ProjectPart], DELIVERY] = Field(description="Those that go on first.")


class ClaimPart(Body):
    """One value claim."""

    claim_id: str
    version: int
    plan_id: str | None
    project_id: str | None
    state: str
    metric: str
    unit: str
    gained: str
    measured_on: date
    contact_id: str | None
    confirmed_on: date | None


class ValuePart(Cut):
    """What the account gained by what we did."""

    count: int = Field(description="Claims that were not withdrawn.")
    delivered: list[GainedPart]
    latest: list[ClaimPart]


class StateAmounts(Body):
    """The contracts in one state."""

    state: str
    count: int
    amounts: Annotated[list[Money], COMMERCIAL] = Field(description="An entry a currency.")


class ContractPart(Body):
    """One contract."""

    contract_id: str
    version: int
    state: str
    amount_minor: Annotated[int, COMMERCIAL]
    currency: Annotated[str, COMMERCIAL]
    discount_bps: Annotated[int, COMMERCIAL]
    runs_from: date
    runs_until: date
    approval_id: str | None


class ContractsPart(Cut):
    """What is promised to the account."""

    count: int
    states: list[StateAmounts]
    latest: list[ContractPart]


class StateCount(Body):
    """The requests in one state."""

    state: str
    count: int


class ApprovalPart(Body):
    """One request for an approval."""

    approval_id: str
    version: int
    subject_kind: str
    subject_id: str
    state: str
    requester_id: str
    requested_at: datetime
    ended_at: datetime | None
    step: int | None
    due_on: date | None
    overdue: bool | None = Field(description="Null where it is never due.")
    waiting: list[str] = Field(description="Whom it waits for: employee:<id>, role:<role>@<region>")


class ApprovalsPart(Cut):
    """What waits for somebody's approval, and what was decided."""

    count: int
    states: list[StateCount]
    waiting: Annotated[list[ApprovalPart], APPROVAL] = Field(
        description="What is due first at the front."
    )
    ended: Annotated[list[ApprovalPart], APPROVAL] = Field(description="The latest first.")
