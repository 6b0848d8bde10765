"""Facts about joint projects: what we and a customer do together, from its start to its end."""

from datetime import date
from typing import ClassVar, Literal

from events.event import Event
from events.values import Id, Name, PersonId, Reason

Party = Literal["ours", "customers"]
"""Whose member somebody is."""

ProjectStatus = Literal["on_track", "at_risk", "paused"]
"""How a project that is not closed goes."""

ProjectOutcome = Literal["completed", "stopped"]
"""How a project ended."""


class JointProjectStarted(Event):
    """We and the customer have begun something together; it is on track."""

    NAME: ClassVar[str] = "joint_project.started"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    name: Name
    plan_id: Id | None
    """The account plan it belongs to, if any."""
    objective_id: Id | None
    """The objective of that plan it serves."""


class JointProjectMilestoneAdded(Event):
    """Something is to be reached by a day."""

    NAME: ClassVar[str] = "joint_project.milestone_added"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    milestone_id: Id
    name: Name
    due_on: date


class JointProjectMilestoneMoved(Event):
    """It is to be reached by another day; one that was missed is open again."""

    NAME: ClassVar[str] = "joint_project.milestone_moved"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    milestone_id: Id
    due_on: date
    reason: Reason


class JointProjectMilestoneMet(Event):
    """It was reached on this day."""

    NAME: ClassVar[str] = "joint_project.milestone_met"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    milestone_id: Id
    met_on: date


class JointProjectMilestoneMissed(Event):
    """It was not reached in time."""

    NAME: ClassVar[str] = "joint_project.milestone_missed"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    milestone_id: Id
    reason: Reason


class JointProjectMemberJoined(Event):
    """One of our employees, or a contact of the customer, takes part."""

    NAME: ClassVar[str] = "joint_project.member_joined"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    party: Party
    person_id: PersonId
    duty: Name
    """What they do in it."""


class JointProjectMemberLeft(Event):
    """They take part no more."""

    NAME: ClassVar[str] = "joint_project.member_left"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    party: Party
    person_id: PersonId


class JointProjectStatusChanged(Event):
    """It goes otherwise than before."""

    NAME: ClassVar[str] = "joint_project.status_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    status: ProjectStatus
    reason: Reason


class JointProjectClosed(Event):
    """It is over."""

    NAME: ClassVar[str] = "joint_project.closed"
    PARTITION: ClassVar[str | None] = "account_id"

    project_id: Id
    account_id: Id
    outcome: ProjectOutcome
    reason: Reason


JointProjectEvent = (
    JointProjectStarted
    | JointProjectMilestoneAdded
    | JointProjectMilestoneMoved
    | JointProjectMilestoneMet
    | JointProjectMilestoneMissed
    | JointProjectMemberJoined
    | JointProjectMemberLeft
    | JointProjectStatusChanged
    | JointProjectClosed
)
