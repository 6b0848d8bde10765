"""What customers want to reach and what we want to reach with them, at every time."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.accounts.customer_goal import (
    CustomerGoalChanged,
    CustomerGoalDropped,
    CustomerGoalEvent,
    CustomerGoalLinked,
    CustomerGoalStated,
    CustomerGoalUnlinked,
)
from events.accounts.strategic_objective import (
    StrategicObjectiveChanged,
    StrategicObjectiveDropped,
    StrategicObjectiveEvent,
    StrategicObjectiveStated,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, ForEverybody, Key, Projection, Rows, Table


class CustomerGoalRow(NamedTuple):
    """One goal of a customer from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    goal_id: str
    version: int
    account_id: str
    title: str
    measure: str | None
    due_on: str | None
    """ISO 8601."""
    dropped: bool
    objective_ids: tuple[str, ...]
    """The objectives of ours that are linked to it, in the order of linking."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class StrategicObjectiveRow(NamedTuple):
    """One objective of ours from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    objective_id: str
    version: int
    title: str
    region_id: str | None
    """Whose it is; ``None``: the whole company's."""
    dropped: bool
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


CUSTOMER_GOAL: Final = Table(
    "customer_goal",
    CustomerGoalRow,
    guard=ByAccount(),
    key=("goal_id", "version"),
    indexes=(("account_id",),),
)
STRATEGIC_OBJECTIVE: Final = Table(
    "strategic_objective",
    StrategicObjectiveRow,
    guard=ForEverybody(),
    key=("objective_id", "version"),
)


def keys(recorded: Recorded[CustomerGoalEvent | StrategicObjectiveEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    match recorded.event:
        case (
            StrategicObjectiveStated(objective_id=objective_id)
            | StrategicObjectiveChanged(objective_id=objective_id)
            | StrategicObjectiveDropped(objective_id=objective_id)
        ):
            return row_before(STRATEGIC_OBJECTIVE, objective_id, recorded)
        case event:
            return row_before(CUSTOMER_GOAL, event.goal_id, recorded)


def evolve(rows: Rows, recorded: Recorded[CustomerGoalEvent | StrategicObjectiveEvent]) -> Rows:
    """The goal or objective as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case CustomerGoalStated():
            return begin(CUSTOMER_GOAL, _goal(event, recorded))
        case StrategicObjectiveStated():
            return begin(STRATEGIC_OBJECTIVE, _objective(event, recorded))
        case CustomerGoalChanged(title=title, measure=measure, due_on=due_on):
            changes = {"title": title, "measure": measure, "due_on": _iso(due_on)}
        case CustomerGoalLinked(objective_id=objective_id):
            changes = {"objective_ids": (*_linked(rows, objective_id), objective_id)}
        case CustomerGoalUnlinked(objective_id=objective_id):
            changes = {"objective_ids": _linked(rows, objective_id)}
        case StrategicObjectiveChanged(title=title):
            changes = {"title": title}
        case CustomerGoalDropped() | StrategicObjectiveDropped():
            changes = {"dropped": True}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, changes)


def _linked(rows: Rows, objective_id: str) -> tuple[str, ...]:
    """The objectives that were linked to the goal before, but for this one."""
    (last,) = rows.values()
    return tuple(found for found in last.objective_ids if found != objective_id)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _goal(event: CustomerGoalStated, recorded: Recorded[Any]) -> CustomerGoalRow:
    return CustomerGoalRow(
        event.goal_id,
        recorded.envelope.version,
        event.account_id,
        event.title,
        event.measure,
        _iso(event.due_on),
        False,
        (),
        *interval(recorded),
    )


def _objective(event: StrategicObjectiveStated, recorded: Recorded[Any]) -> StrategicObjectiveRow:
    version = recorded.envelope.version
    return StrategicObjectiveRow(
        event.objective_id, version, event.title, event.region_id, False, *interval(recorded)
    )


GOALS: Final = Projection(
    name="goals",
    version=1,
    tables=(CUSTOMER_GOAL, STRATEGIC_OBJECTIVE),
    subscribes=frozenset((*get_args(CustomerGoalEvent), *get_args(StrategicObjectiveEvent))),
    keys=keys,
    evolve=evolve,
)
