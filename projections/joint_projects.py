"""What we do together with customers: each joint project, at every time."""

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, get_args

from events.planning.joint_project import (
    JointProjectClosed,
    JointProjectEvent,
    JointProjectMemberJoined,
    JointProjectMemberLeft,
    JointProjectMilestoneAdded,
    JointProjectMilestoneMet,
    JointProjectMilestoneMoved,
    JointProjectStarted,
    JointProjectStatusChanged,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table

State = Literal["on_track", "at_risk", "paused", "completed", "stopped"]


class JointProjectRow(NamedTuple):
    """One project as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    project_id: str
    version: int
    account_id: str
    name: str
    plan_id: str | None
    objective_id: str | None
    state: State
    """How it goes, or how it ended."""
    reason: str | None
    """Why its state is what it is; ``None`` for the first."""
    milestones: dict[str, Any]
    """By id: ``name``, ``due_on``, ``state`` (open, met or missed), ``met_on``, ``reason``."""
    members: dict[str, Any]
    """By party and person, with a slash between: what they do in it."""
    closed_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


JOINT_PROJECT: Final = Table(
    "joint_project",
    JointProjectRow,
    guard=ByAccount(),
    key=("project_id", "version"),
    indexes=(("account_id",),),
)


def keys(recorded: Recorded[JointProjectEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(JOINT_PROJECT, recorded.event.project_id, recorded)


def evolve(rows: Rows, recorded: Recorded[JointProjectEvent]) -> Rows:
    """The project as it was, closed, and as it is from now on."""
    event = recorded.event
    if isinstance(event, JointProjectStarted):
        return begin(JOINT_PROJECT, _started(event, recorded))
    (last,) = rows.values()
    changes: dict[str, Any]
    match event:
        case JointProjectStatusChanged(status=status, reason=reason):
            changes = {"state": status, "reason": reason}
        case JointProjectClosed(outcome=outcome, reason=reason):
            closed_at = recorded.envelope.occurred_at
            changes = {"state": outcome, "reason": reason, "closed_at": closed_at}
        case JointProjectMemberJoined(party=party, person_id=person_id, duty=duty):
            changes = {"members": {**last.members, f"{party}/{person_id}": duty}}
        case JointProjectMemberLeft(party=party, person_id=person_id):
            gone = f"{party}/{person_id}"
            changes = {"members": {one: last.members[one] for one in last.members if one != gone}}
        case _:
            there = last.milestones.get(event.milestone_id, {})
            milestones = {**last.milestones, event.milestone_id: {**there, **_milestone(event)}}
            changes = {"milestones": milestones}
    return succeed(rows, recorded, changes)


def _milestone(event: Any) -> dict[str, Any]:
    match event:
        case JointProjectMilestoneAdded(name=name, due_on=due_on):
            due = {"name": name, "due_on": due_on.isoformat()}
            return {**due, "state": "open", "met_on": None, "reason": None}
        case JointProjectMilestoneMoved(due_on=due_on, reason=reason):
            return {"due_on": due_on.isoformat(), "state": "open", "reason": reason}
        case JointProjectMilestoneMet(met_on=met_on):
            return {"state": "met", "met_on": met_on.isoformat()}
        case _:
            return {"state": "missed", "reason": event.reason}


def _started(event: JointProjectStarted, recorded: Recorded[Any]) -> JointProjectRow:
    return JointProjectRow(
        event.project_id,
        recorded.envelope.version,
        event.account_id,
        event.name,
        event.plan_id,
        event.objective_id,
        "on_track",
        None,
        {},
        {},
        None,
        *interval(recorded),
    )


JOINT_PROJECTS: Final = Projection(
    name="joint_projects",
    version=1,
    tables=(JOINT_PROJECT,),
    subscribes=frozenset(get_args(JointProjectEvent)),
    keys=keys,
    evolve=evolve,
)
