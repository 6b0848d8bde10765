"""What rules have noticed and who is accountable for it: each alert, at every time."""

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.recorded import Recorded
from events.work.alert import (
    AlertAcknowledged,
    AlertEvent,
    AlertRaised,
    AlertReassigned,
    AlertResolved,
)
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table

State = Literal["open", "acknowledged", "resolved"]


class AlertRow(NamedTuple):
    """One alert as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    alert_id: str
    version: int
    account_id: str
    region_id: str | None
    """The account's when it was raised."""
    rule_id: str
    rule_version: int
    cause: str
    caused_on: str
    """The day it was so, ISO 8601."""
    severity: str
    state: State
    owner_id: str | None
    """Who is accountable; ``None``: nobody was found."""
    due_on: str
    actions: dict[str, Any]
    """Under ``actions``: what the rule suggests, each with ``kind`` and ``text``."""
    facts: dict[str, Any]
    """What the condition saw."""
    events: tuple[str, ...]
    """The facts behind it, by their ids."""
    notified_ids: tuple[str, ...]
    happened: str
    """The fact that made it so, such as ``alert.raised``."""
    employee_id: str | None
    """Who took it up, was given it or resolved it in that fact."""
    outcome: str | None
    how: str | None
    """How it was resolved."""
    causation_id: str | None
    """The command that raised it was caused by this fact."""
    raised_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ALERT: Final = Table(
    "alert",
    AlertRow,
    guard=ByRecord("alert", "alert_id"),
    key=("alert_id", "version"),
    indexes=(("account_id",), ("owner_id",), ("rule_id",), ("state",)),
)


def keys(recorded: Recorded[AlertEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ALERT, recorded.event.alert_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AlertEvent]) -> Rows:
    """The alert as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case AlertRaised():
            return begin(ALERT, _raised(event, recorded))
        case AlertAcknowledged(employee_id=employee_id):
            changes = {"state": "acknowledged", "employee_id": employee_id}
        case AlertReassigned(owner_id=owner_id):
            changes = {"state": "open", "owner_id": owner_id, "employee_id": owner_id}
        case AlertResolved(employee_id=employee_id, outcome=outcome, how=how):
            ended = {"outcome": outcome, "how": how}
            changes = {"state": "resolved", "employee_id": employee_id, **ended}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, {**changes, "happened": event.NAME})


def _raised(event: AlertRaised, recorded: Recorded[Any]) -> AlertRow:
    return AlertRow(
        event.alert_id,
        recorded.envelope.version,
        event.account_id,
        event.region_id,
        event.rule_id,
        event.rule_version,
        event.cause,
        event.caused_on.isoformat(),
        event.severity,
        "open",
        event.owner_id,
        event.due_on.isoformat(),
        {"actions": [one.model_dump(mode="json") for one in event.actions]},
        {fact.name: fact.value for fact in event.facts},
        event.events,
        event.notified_ids,
        event.NAME,
        None,
        None,
        None,
        recorded.envelope.causation_id,
        recorded.envelope.occurred_at,
        *interval(recorded),
    )


ALERTS: Final = Projection(
    name="alerts",
    version=1,
    tables=(ALERT,),
    subscribes=frozenset(get_args(AlertEvent)),
    keys=keys,
    evolve=evolve,
)
