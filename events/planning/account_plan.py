"""Facts about account plans: what is planned with an account in a fiscal year, and who approved it.

The facts that change what a plan says are in `events/planning/plan_content.py`. Before a plan is
first approved they are about the plan itself, afterwards about the amendment that is drafted
beside it. Those about doing what it says are in `events/planning/plan_action.py`.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from events.event import Event
from events.planning.plan_action import PlanActionEvent
from events.planning.plan_content import Aim, Measure, Period, PlanContentEvent, Side
from events.values import Digest, Id, Money, PersonId, Reason

FiscalYear = Annotated[int, Field(ge=1900, le=9998)]
"""The calendar year in which a fiscal year begins."""


class AccountPlanDrafted(Event):
    """Somebody has begun to plan a fiscal year with an account."""

    NAME: ClassVar[str] = "account_plan.drafted"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    fiscal_year: FiscalYear
    starts_on: date
    """The first day of the fiscal year, as the planning policy had it."""
    ends_on: date
    """Its last day."""
    region_id: Id
    owner_id: PersonId
    """Who answers for the plan."""
    author_id: PersonId
    """Who drafted it; the owner, where a program did."""
    aim: Aim
    budget: Money


class AccountPlanSubmitted(Event):
    """The plan, or an amendment of it, is put forward for approval as it stands."""

    NAME: ClassVar[str] = "account_plan.submitted"
    VERSION: ClassVar[int] = 2
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    amendment: int = Field(ge=0)
    """0 for the plan itself, else the number of the amendment."""
    content_sha256: Digest
    submitted_by: PersonId
    approval_id: Id | None
    """The request for its approval; ``None`` before version 2, when plans had none."""


class AccountPlanWithdrawn(Event):
    """What was submitted is not to be approved; it is a draft again."""

    NAME: ClassVar[str] = "account_plan.withdrawn"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id


class AccountPlanReturned(Event):
    """What was submitted is not approved as it stands; it is a draft again."""

    NAME: ClassVar[str] = "account_plan.returned"
    VERSION: ClassVar[int] = 2
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    reason: Reason | None
    """What the approver said; ``None`` where they said nothing."""
    approval_id: Id | None


class AccountPlanApproved(Event):
    """The content with this hash is approved, and with that in force."""

    NAME: ClassVar[str] = "account_plan.approved"
    VERSION: ClassVar[int] = 2
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    amendment: int = Field(ge=0)
    content_sha256: Digest
    approved_by: PersonId | None
    """Who approved it before version 2; since then ``None``, for the request says who did."""
    approval_id: Id | None


class AccountPlanActivated(Event):
    """The approved plan is the one that is followed in its account and year."""

    NAME: ClassVar[str] = "account_plan.activated"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id


class AccountPlanAmendmentDrafted(Event):
    """A change of the approved plan is drafted beside it; it begins as a copy."""

    NAME: ClassVar[str] = "account_plan.amendment_drafted"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    amendment: int = Field(ge=1)
    author_id: PersonId
    reason: Reason


class AccountPlanAmendmentDiscarded(Event):
    """The draft of an amendment is given up; the plan stays as it is."""

    NAME: ClassVar[str] = "account_plan.amendment_discarded"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    amendment: int = Field(ge=1)


class AccountPlanAuthorJoined(Event):
    """Somebody else has begun to write on what is worked on; they do not approve it."""

    NAME: ClassVar[str] = "account_plan.author_joined"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    author_id: PersonId


class AccountPlanAttainmentRecorded(Event):
    """What a target's metric came to in its period; a later fact stands in its place."""

    NAME: ClassVar[str] = "account_plan.attainment_recorded"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    side: Side
    metric: Id
    period: Period
    value: Measure


class AccountPlanReassigned(Event):
    """Another employee answers for the plan."""

    NAME: ClassVar[str] = "account_plan.reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    owner_id: PersonId


class AccountPlanClosed(Event):
    """The plan is not followed any more; a draft beside it is given up with it."""

    NAME: ClassVar[str] = "account_plan.closed"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    reason: Reason


PlanApprovalEvent = (
    AccountPlanSubmitted
    | AccountPlanWithdrawn
    | AccountPlanReturned
    | AccountPlanApproved
    | AccountPlanAmendmentDrafted
    | AccountPlanAmendmentDiscarded
    | AccountPlanAuthorJoined
)

AccountPlanEvent = (
    AccountPlanDrafted
    | PlanContentEvent
    | PlanActionEvent
    | PlanApprovalEvent
    | AccountPlanActivated
    | AccountPlanAttainmentRecorded
    | AccountPlanReassigned
    | AccountPlanClosed
)
