"""What can be asked of alert rules."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from aggregates.policies import alert_rule
from aggregates.policies.alert_rule import ALERT_RULE, CAUSES
from aggregates.policies.condition import Kind
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.alert_rule import AlertRule
from events.values import Id


class DraftAlertRule(Command):
    """Write down the next version of an alert rule; nothing is noticed by it yet."""

    rule_id: Id
    document: AlertRule


class ActivateAlertRule(Command):
    """Put a version in force from a day on; what it noticed before stays noticed."""

    rule_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_alert_rule(command: DraftAlertRule, look: Look) -> Decided:
    """Draft it; the region it is for must exist."""
    regions_from(look, command.document.region_id, field="document.region_id")
    return look.decide(
        ALERT_RULE,
        command.rule_id,
        alert_rule.draft,
        rule_id=command.rule_id,
        document=command.document,
    )


def activate_alert_rule(command: ActivateAlertRule, look: Look) -> Decided:
    """Activate it."""
    return look.decide(
        ALERT_RULE,
        command.rule_id,
        alert_rule.activate,
        rule_id=command.rule_id,
        version=command.version,
        effective_on=command.effective_on,
    )


def causes() -> Mapping[str, Mapping[str, Kind]]:
    """The kinds of cause there are, each with the facts a condition over it may name."""
    return CAUSES
