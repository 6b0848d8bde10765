"""Facts about alert rules: what is to be noticed, how badly it matters, and what to do about it."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.policies.approval_route import Condition
from events.policies.suggestion import SuggestedAction
from events.values import Id, Name

Severity = Literal["low", "medium", "high", "critical"]
"""How badly it matters."""

Recipient = Literal["account_manager", "regional_manager"]
"""Who is told: the account's owner, or who manages sales in its region or the nearest above."""


class AlertRule(BaseModel):
    """The policy document: an alert is raised where the condition holds for a cause.

    A rule is switched off by a version whose condition is ``false``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    region_id: Id | None = None
    """For the accounts of this region and below; ``None``: for all."""
    cause: Id
    """The kind of cause, which says what facts the condition may name."""
    when: Condition
    window_days: Annotated[int, Field(ge=1, le=366)] | None = None
    """How many days are compared with as many before them; for causes that compare windows."""
    severity: Severity
    actions: Annotated[tuple[SuggestedAction, ...], Field(min_length=1, max_length=10)]
    due_days: Annotated[int, Field(ge=0, le=366)]
    """How many days whoever is accountable has."""
    notify: Annotated[tuple[Recipient, ...], Field(max_length=2)] = ()


class AlertRuleDrafted(Event):
    """A new version of an alert rule has been written down; nothing is noticed by it yet."""

    NAME: ClassVar[str] = "alert_rule.drafted"
    VERSION: ClassVar[int] = 2

    rule_id: Id
    version: int = Field(ge=1)
    document: AlertRule
    """It names no window before version 2."""


class AlertRuleActivated(Event):
    """A version is in force for causes from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "alert_rule.activated"

    rule_id: Id
    version: int = Field(ge=1)
    effective_on: date


AlertRuleEvent = AlertRuleDrafted | AlertRuleActivated
"""An alert rule: drafted in versions, each put in force from a day on."""
