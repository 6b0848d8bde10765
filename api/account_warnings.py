"""What an account says of us, what rules have noticed about it, and how it ended."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.account_parts import Cut
from api.alert_answers import ActionPart
from api.answers import Answer, Body, Page, PersonName
from api.field_classes import PERSONAL


class SurveyAnswerPart(Body):
    """One answer of a customer."""

    answer_id: str
    survey_id: str
    kind: str
    score: Annotated[int, PERSONAL]
    scale: int
    contact_id: str | None
    comment: Annotated[PersonName, PERSONAL]
    occurred_at: datetime


class SurveysPart(Cut):
    """What the customer answered."""

    count: int
    nps_bp: int | None = Field(
        description="Of the 365 days until the day, in hundredths of a point; null: no answer."
    )
    csat_pct: int | None = Field(description="Of the same days, in percent; null: no answer.")
    latest: list[SurveyAnswerPart] = Field(description="The last given first.")


class AlertStatePart(Body):
    """The alerts in one state."""

    state: str
    count: int


class AlertPart(Body):
    """One alert that is not resolved."""

    alert_id: str
    version: int
    cause: str
    caused_on: str
    severity: str
    state: str
    owner_id: str | None = Field(description="Who is accountable; null: nobody was found.")
    due_on: str
    overdue: bool
    rule_id: str
    rule_version: int
    actions: list[ActionPart]


class AlertsPart(Cut):
    """What rules have noticed."""

    count: int
    states: list[AlertStatePart]
    waiting: list[AlertPart] = Field(description="What is not resolved, due first first.")


class OutcomePart(Body):
    """How it ended."""

    outcome_id: str
    outcome: str
    occurred_on: str = Field(description="The day it happened.")
    contract_id: str | None
    reason: str = Field(description="Why; of one that was withdrawn, why it was.")


class OutcomesPart(Cut):
    """What was lost."""

    count: int
    latest: list[OutcomePart]


class AccountOutcomeItem(OutcomePart):
    """One outcome as it was known."""

    version: int
    account_id: str
    withdrawn: bool = Field(description="Whether it is known that it never happened.")
    known_from: datetime = Field(description="Since when it is known like this.")
    known_to: datetime | None


class AccountOutcomesPage(Page):
    """Outcomes in order of their ids."""

    items: list[AccountOutcomeItem]


class AccountOutcomeAnswer(Answer):
    """One outcome."""

    item: AccountOutcomeItem
