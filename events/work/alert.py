"""Facts about alerts: what a rule has noticed, who is accountable for it, and how it ended."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from events.event import Event
from events.policies.alert_rule import Severity
from events.policies.suggestion import SuggestedAction
from events.values import Id, PersonId, Reason
from events.work.approval import SubjectFact

EventId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+-[A-Za-z0-9._-]{1,200}/[1-9][0-9]*$")]
"""The id of a fact: its stream and its version there."""

Outcome = Literal["handled", "no_action_needed", "false_alarm"]
"""How an alert ended: something was done, nothing had to be, or there was nothing."""


class AlertRaised(Event):
    """A rule has noticed something about an account."""

    NAME: ClassVar[str] = "alert.raised"
    PARTITION: ClassVar[str | None] = "account_id"

    alert_id: Id
    account_id: Id
    region_id: Id | None
    """The account's at the time."""
    cause: Id
    """The kind of cause, such as ``contact_left``."""
    caused_on: date
    """The day it was so; the version of the rule is the one in force on it."""
    events: Annotated[tuple[EventId, ...], Field(min_length=1, max_length=20)]
    """The facts behind it."""
    facts: tuple[SubjectFact, ...]
    """What the condition saw."""
    rule_id: Id
    rule_version: int = Field(ge=1)
    severity: Severity
    actions: Annotated[tuple[SuggestedAction, ...], Field(min_length=1, max_length=10)]
    due_on: date
    owner_id: PersonId | None
    """Who is accountable; ``None`` where the account has no manager, nor any region above one."""
    notified_ids: tuple[PersonId, ...]
    """Who has a notice of it."""


class AlertAcknowledged(Event):
    """Whoever is accountable has taken it up."""

    NAME: ClassVar[str] = "alert.acknowledged"
    PARTITION: ClassVar[str | None] = "account_id"

    alert_id: Id
    account_id: Id
    employee_id: PersonId


class AlertReassigned(Event):
    """Somebody else is accountable, and has not taken it up yet."""

    NAME: ClassVar[str] = "alert.reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    alert_id: Id
    account_id: Id
    owner_id: PersonId


class AlertResolved(Event):
    """It is over and done with."""

    NAME: ClassVar[str] = "alert.resolved"
    PARTITION: ClassVar[str | None] = "account_id"

    alert_id: Id
    account_id: Id
    employee_id: PersonId
    outcome: Outcome
    how: Reason


AlertEvent = AlertRaised | AlertAcknowledged | AlertReassigned | AlertResolved
"""One alert: raised, taken up, perhaps handed on, resolved."""
