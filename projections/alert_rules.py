"""What is to be noticed: a row for each version of an alert rule, and for each put in force."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.policies.alert_rule import AlertRuleActivated, AlertRuleDrafted, AlertRuleEvent
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class AlertRuleDraftRow(NamedTuple):
    """One version of a rule."""

    rule_id: str
    draft: int
    """The version of the rule, 1 for the first."""
    cause: str
    document: dict[str, Any]
    known_from: datetime


class AlertRuleInForceRow(NamedTuple):
    """One version put in force from a day on."""

    rule_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    cause: str
    effective_on: str
    """The first day it holds, as ``2026-01-31``."""
    document: dict[str, Any]
    known_from: datetime


ALERT_RULE_DRAFT: Final = Table(
    "alert_rule_draft",
    AlertRuleDraftRow,
    guard=ForEverybody(),
    key=("rule_id", "draft"),
    indexes=(("cause",),),
)
ALERT_RULE_IN_FORCE: Final = Table(
    "alert_rule_in_force",
    AlertRuleInForceRow,
    guard=ForEverybody(),
    key=("rule_id", "version"),
    indexes=(("cause",),),
)


def keys(recorded: Recorded[AlertRuleEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    match recorded.event:
        case AlertRuleActivated(rule_id=rule_id, version=version):
            return ((ALERT_RULE_DRAFT, (rule_id, version)),)
        case AlertRuleDrafted():
            return ()
        case unknown:
            assert_never(unknown)


def evolve(rows: Rows, recorded: Recorded[AlertRuleEvent]) -> Rows:
    """The draft, or the draft put in force."""
    event, known_from = recorded.event, recorded.envelope.recorded_at
    row: Any
    match event:
        case AlertRuleDrafted(rule_id=rule_id, version=version, document=document):
            told = document.model_dump(mode="json")
            row = AlertRuleDraftRow(rule_id, version, document.cause, told, known_from)
            return {(ALERT_RULE_DRAFT, row[:2]): row}
        case AlertRuleActivated(rule_id=rule_id, version=version, effective_on=day):
            (drafted,) = rows.values()
            row = AlertRuleInForceRow(
                rule_id,
                recorded.envelope.version,
                version,
                drafted.cause,
                day.isoformat(),
                drafted.document,
                known_from,
            )
            return {(ALERT_RULE_IN_FORCE, row[:2]): row}
        case unknown:
            assert_never(unknown)


ALERT_RULES: Final = Projection(
    name="alert_rules",
    version=1,
    tables=(ALERT_RULE_DRAFT, ALERT_RULE_IN_FORCE),
    subscribes=frozenset(get_args(AlertRuleEvent)),
    keys=keys,
    evolve=evolve,
)
