"""What the doors about interactions answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.answers import Answer, Body, Page, PersonName
from api.field_classes import PERSONAL


class FollowUpItem(Body):
    """One follow-up as it was."""

    interaction_id: str
    follow_up_id: str
    account_id: str
    text: str
    owner_id: str
    due_on: date
    done_at: datetime | None
    overdue: bool = Field(description="Whether it was open and due before the day asked about.")


class FollowUpsPage(Page):
    """Follow-ups in order of the days they are due."""

    items: list[FollowUpItem]


class FollowUpTold(Body):
    """A follow-up of an interaction as it was."""

    follow_up_id: str
    text: str
    owner_id: str
    due_on: date
    done_at: datetime | None


class InteractionItem(Body):
    """One interaction as it was known."""

    interaction_id: str
    version: int
    account_id: str
    kind: str
    subject: str
    employee_ids: list[str]
    contact_ids: list[str]
    minutes: int | None
    rating: Annotated[int | None, PERSONAL]
    feedback_by: str | None
    feedback: Annotated[PersonName, PERSONAL] = Field(
        description="What the contact said; null where nothing was."
    )
    follow_ups: list[FollowUpTold]
    withdrawn: bool
    occurred_at: datetime = Field(description="When it took place.")
    recorded_at: datetime = Field(description="When we knew of it first.")
    known_from: datetime = Field(description="Since when it is known like this.")
    known_to: datetime | None


class InteractionsPage(Page):
    """Interactions, the latest first."""

    items: list[InteractionItem]


class InteractionAnswer(Answer):
    """One interaction."""

    item: InteractionItem


class PolicyUsed(Body):
    """The version of the depth policy that an answer rests on."""

    region_id: str
    version: int
    effective_on: date


class DepthItem(Body):
    """How deep a relationship is, and the interactions that this rests on."""

    points: int
    level: str
    interaction_ids: list[str]


class ContactDepthItem(DepthItem):
    """How deep the relationship with one contact is."""

    contact_id: str


class DepthAnswer(Answer):
    """How deep the relationship with an account is; nulls where no depth policy is in force."""

    account_id: str
    on: date
    policy: PolicyUsed | None
    account: DepthItem | None
    contacts: list[ContactDepthItem]


class MetricDefinition(Body):
    """What a number means."""

    id: str
    name: str
    formula: str
    version: int
    window_days: int


class ContactFrequency(Body):
    """The effective interactions with one key contact."""

    contact_id: str
    interactions: int
    last_on: date | None


class FrequencyAnswer(Answer):
    """How often we meet key contacts, with the definition of the number."""

    account_id: str
    on: date
    metric: MetricDefinition
    policy: PolicyUsed | None
    interactions: int | None = Field(description="Null where no policy says what is effective.")
    per_30_days_centi: int | None = Field(description="Hundredths of interactions per 30 days.")
    interaction_ids: list[str]
    contacts: list[ContactFrequency]


class ActivityItem(Body):
    """An account, and when something last built a long relationship with it."""

    account_id: str
    name: str
    owner_id: str | None
    region_id: str | None
    last_on: date | None
    days: int | None = Field(description="How many days ago that was; null: never.")


class ActivityPage(Page):
    """Accounts in order of their ids."""

    items: list[ActivityItem]
