"""What the doors of alerts, their rules, notices, competitors and trainings answer."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.answers import Answer, Body, Page
from api.field_classes import COMMERCIAL


class ActionPart(Body):
    """Something that is suggested."""

    kind: str
    text: str


class AlertItem(Body):
    """One alert as it was."""

    alert_id: str
    version: int
    account_id: str
    region_id: str | None
    cause: str
    caused_on: str
    severity: str
    state: str
    owner_id: str | None = Field(description="Who is accountable; null: nobody was found.")
    due_on: str
    actions: list[ActionPart] = Field(description="At least one, as the rule suggests.")
    rule_id: str
    rule_version: int
    facts: Annotated[dict[str, Any], COMMERCIAL] = Field(
        description="What the condition of the rule saw."
    )
    events: list[str] = Field(description="The ids of the facts behind it.")
    notified_ids: list[str]
    outcome: str | None
    how: str | None
    raised_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AlertsPage(Page):
    """Alerts in order of their ids."""

    items: list[AlertItem]


class RulePart(Body):
    """The rule an alert came from, in the version it was raised under."""

    rule_id: str
    version: int
    name: str
    when: str
    due_days: int
    region_id: str | None


class EventPart(Body):
    """A fact behind an alert."""

    event_id: str
    name: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    actor: str


class AlertHappening(Body):
    """What became of an alert."""

    version: int
    happened: str
    state: str
    owner_id: str | None
    employee_id: str | None = Field(description="Who took it up, was given it or resolved it.")
    occurred_at: datetime
    recorded_at: datetime


class AlertAnswer(Answer):
    """One alert, why it was raised, and what became of it."""

    item: AlertItem
    rule: RulePart
    events: list[EventPart]
    causation_id: str | None = Field(description="The fact at whose recording it was raised.")
    history: list[AlertHappening]


class AlertRuleItem(Body):
    """An alert rule as it was written last, and the version that held."""

    rule_id: str
    cause: str
    version: int = Field(description="The last version that was drafted.")
    document: dict[str, Any]
    in_force: int | None = Field(description="The version that held on the day; null: none did.")


class AlertRulesPage(Page):
    """Alert rules in order of their ids."""

    causes: dict[str, dict[str, str]] = Field(
        description="The kinds of cause there are, each with the facts a condition may name."
    )
    items: list[AlertRuleItem]


class NoticeAlert(Body):
    """The alert a notice is about, as it was."""

    cause: str
    caused_on: str
    severity: str
    state: str
    due_on: str
    actions: list[ActionPart] = Field(description="At least one, as the rule suggests.")
    rule_id: str
    rule_version: int


class NoticeItem(Body):
    """One notice as it was."""

    notice_id: str
    version: int
    employee_id: str
    account_id: str
    subject_kind: str
    subject_id: str
    alert: NoticeAlert | None = Field(
        description="Where the subject is one; null as well where it may not be seen any more."
    )
    read: bool
    sent_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class NoticesPage(Page):
    """The notices for one employee, in order of their ids."""

    employee_id: str
    items: list[NoticeItem]


class CompetitorItem(Body):
    """One entry of a competitor as it was."""

    entry_id: str
    version: int
    account_id: str
    opportunity_id: str | None
    competitor: str
    attacks: str
    evidence: str | None
    active: bool
    reason: str | None = Field(description="Why they have left.")
    entered_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class CompetitorsPage(Page):
    """Entries of competitors in order of their ids."""

    items: list[CompetitorItem]


class TrainingItem(Body):
    """One training as it was known."""

    training_id: str
    version: int
    employee_id: str
    course_id: str
    completed_on: str
    expires_on: str | None
    evidence: str | None
    counts: bool = Field(description="Whether it has not expired on the day.")
    known_from: datetime
    known_to: datetime | None


class TrainingsPage(Page):
    """Trainings in order of their ids."""

    items: list[TrainingItem]
