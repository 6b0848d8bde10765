"""One joint project: started, its milestones met or missed, its members of both parties, closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.planning.joint_project import (
    JointProjectClosed,
    JointProjectEvent,
    JointProjectMemberJoined,
    JointProjectMemberLeft,
    JointProjectMilestoneAdded,
    JointProjectMilestoneMet,
    JointProjectMilestoneMissed,
    JointProjectMilestoneMoved,
    JointProjectStarted,
    JointProjectStatusChanged,
    Party,
    ProjectOutcome,
    ProjectStatus,
)

# --- state: only what a later decision needs ---------------------------------

MEMBERS_MAX: Final = 200
"""The most members of one project, so that a row about it stays small."""


@dataclass(frozen=True, slots=True)
class Unstarted:
    """There is no such project."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something to be reached."""

    name: str
    due_on: date
    state: Literal["open", "met", "missed"] = "open"
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A project that is not closed."""

    started: JointProjectStarted
    status: ProjectStatus = "on_track"
    milestones: Mapping[str, Milestone] = field(default_factory=dict)
    members: Mapping[tuple[Party, str], str] = field(default_factory=dict)
    """Party and person to what they do in it."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A project that is over."""

    started: JointProjectStarted
    outcome: ProjectOutcome


JointProject = Unstarted | Running | Closed

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(project: JointProject, event: JointProjectEvent) -> JointProject:
    """The project after ``event``."""
    if isinstance(event, JointProjectStarted):
        return Running(event)
    assert isinstance(project, Running)
    match event:
        case JointProjectClosed():
            return Closed(project.started, event.outcome)
        case JointProjectStatusChanged():
            return replace(project, status=event.status)
        case JointProjectMemberJoined():
            members = {**project.members, (event.party, event.person_id): event.duty}
            return replace(project, members=members)
        case JointProjectMemberLeft():
            gone = (event.party, event.person_id)
            left = {one: duty for one, duty in project.members.items() if one != gone}
            return replace(project, members=left)
        case _:
            found = _milestone_after(project.milestones.get(event.milestone_id), event)
            milestones = {**project.milestones, event.milestone_id: found}
            return replace(project, milestones=milestones)


def _milestone_after(
    milestone: Milestone | None,
    event: JointProjectMilestoneAdded
    | JointProjectMilestoneMoved
    | JointProjectMilestoneMet
    | JointProjectMilestoneMissed,
) -> Milestone:
    if isinstance(event, JointProjectMilestoneAdded):
        return Milestone(event.name, event.due_on)
    assert milestone is not None
    match event:
        case JointProjectMilestoneMoved():
            return replace(milestone, due_on=event.due_on, state="open")
        case JointProjectMilestoneMet():
            return replace(milestone, state="met", met_on=event.met_on)
        case JointProjectMilestoneMissed():
            return replace(milestone, state="missed")
        case unknown:
            assert_never(unknown)


JOINT_PROJECT: Final[Decider[JointProject, JointProjectEvent]] = Decider(
    "joint_project", Unstarted(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(project: JointProject) -> JointProjectStarted:
    """What was started, whatever became of it.

    Raises:
        NotFound: ``unknown-project``.
    """
    match project:
        case Running(started=started) | Closed(started=started):
            return started
        case Unstarted():
            raise NotFound("unknown-project", "there is no such joint project", field="project_id")
        case unknown:
            assert_never(unknown)


def start(project: JointProject, *, fact: JointProjectStarted) -> tuple[JointProjectEvent, ...]:
    """Start it as ``fact`` says; nothing when it was started just so.

    Raises:
        WrongState: ``project-already-started``, otherwise than asked for.
    """
    if isinstance(project, Unstarted):
        return (fact,)
    if existing(project) == fact:
        return ()
    raise WrongState("project-already-started", "this id is taken", field="project_id")


def add_member(
    project: JointProject, *, fact: JointProjectMemberJoined
) -> tuple[JointProjectEvent, ...]:
    """Have somebody take part; nothing if they do just that.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``.
        Invalid: ``project-full``, with 200 others.
    """
    found = running(project)
    key = (fact.party, fact.person_id)
    if found.members.get(key) == fact.duty:
        return ()
    check_room(len(found.members.keys() - {key}), MEMBERS_MAX, field="person_id")
    return (fact,)


def remove_member(
    project: JointProject, *, party: Party, person_id: str
) -> tuple[JointProjectEvent, ...]:
    """Have somebody take part no more; nothing if they do not.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``.
    """
    found = running(project)
    if (party, person_id) not in found.members:
        return ()
    return (
        JointProjectMemberLeft(
            project_id=found.started.project_id,
            account_id=found.started.account_id,
            party=party,
            person_id=person_id,
        ),
    )


def change_status(
    project: JointProject, *, fact: JointProjectStatusChanged
) -> tuple[JointProjectEvent, ...]:
    """Say that it goes otherwise; nothing if it goes so.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``.
    """
    return () if running(project).status == fact.status else (fact,)


def close(project: JointProject, *, fact: JointProjectClosed) -> tuple[JointProjectEvent, ...]:
    """Close it; nothing when it ended so.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``, with another outcome; ``milestone-open``: it is not
            completed while a milestone is neither met nor missed.
    """
    if isinstance(project, Closed) and project.outcome == fact.outcome:
        return ()
    waiting = [name for name, one in running(project).milestones.items() if one.state == "open"]
    if fact.outcome == "completed" and waiting:
        raise WrongState("milestone-open", f"{waiting[0]} is neither met nor missed")
    return (fact,)


def running(project: JointProject) -> Running:
    """The project, which must not be closed.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``.
    """
    existing(project)
    if not isinstance(project, Running):
        raise WrongState("project-closed", "the project is closed", field="project_id")
    return project


def check_room(others: int, most: int, *, field: str) -> None:
    """Let pass a project that has fewer than ``most`` of something.

    Raises:
        Invalid: ``project-full``; ``field`` named one more.
    """
    if others >= most:
        raise Invalid("project-full", f"a project has up to {most} of these", field=field)
