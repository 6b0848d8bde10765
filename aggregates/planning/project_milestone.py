"""The milestones of a joint project: added, moved, met or missed."""

from datetime import date
from typing import Final

from aggregates.planning.joint_project import JointProject, Milestone, check_room, running
from aggregates.refusals import Invalid, NotFound, WrongState
from events.planning.joint_project import (
    JointProjectEvent,
    JointProjectMilestoneAdded,
    JointProjectMilestoneMet,
    JointProjectMilestoneMissed,
    JointProjectMilestoneMoved,
)

MILESTONES_MAX: Final = 200
"""The most milestones of one project, so that a row about it stays small."""


def add_milestone(
    project: JointProject, *, fact: JointProjectMilestoneAdded
) -> tuple[JointProjectEvent, ...]:
    """Have a milestone; nothing if it is there under this name for this day.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``; ``milestone-already-added``, otherwise than asked for.
        Invalid: ``project-full``, with 200 others.
    """
    found = running(project)
    there = found.milestones.get(fact.milestone_id)
    if there is not None:
        if (there.name, there.due_on) == (fact.name, fact.due_on):
            return ()
        raise WrongState(
            "milestone-already-added", "move the milestone instead", field="milestone_id"
        )
    check_room(len(found.milestones), MILESTONES_MAX, field="milestone_id")
    return (fact,)


def move_milestone(
    project: JointProject, *, fact: JointProjectMilestoneMoved
) -> tuple[JointProjectEvent, ...]:
    """Have it due on another day; nothing if it is open and due then.

    Raises:
        NotFound: ``unknown-project``; ``unknown-milestone``.
        WrongState: ``project-closed``; ``milestone-met``.
    """
    milestone = _milestone(project, fact.milestone_id)
    if milestone.state == "met":
        raise WrongState("milestone-met", "it was met already", field="milestone_id")
    if milestone.state == "open" and milestone.due_on == fact.due_on:
        return ()
    return (fact,)


def meet_milestone(
    project: JointProject, *, fact: JointProjectMilestoneMet, today: date
) -> tuple[JointProjectEvent, ...]:
    """Record that it was reached, in time or late; nothing if that is recorded for this day.

    Raises:
        NotFound: ``unknown-project``; ``unknown-milestone``.
        WrongState: ``project-closed``; ``milestone-met``, on another day.
        Invalid: ``day-in-the-future``: after ``today``.
    """
    milestone = _milestone(project, fact.milestone_id)
    if milestone.state == "met":
        if milestone.met_on == fact.met_on:
            return ()
        raise WrongState("milestone-met", "it was met on another day", field="milestone_id")
    if fact.met_on > today:
        raise Invalid("day-in-the-future", "what is to come is not met", field="met_on")
    return (fact,)


def miss_milestone(
    project: JointProject, *, fact: JointProjectMilestoneMissed
) -> tuple[JointProjectEvent, ...]:
    """Record that it was not reached in time; nothing if that is recorded.

    Raises:
        NotFound: ``unknown-project``; ``unknown-milestone``.
        WrongState: ``project-closed``; ``milestone-met``.
    """
    milestone = _milestone(project, fact.milestone_id)
    if milestone.state == "met":
        raise WrongState("milestone-met", "it was met already", field="milestone_id")
    return () if milestone.state == "missed" else (fact,)


def _milestone(project: JointProject, milestone_id: str) -> Milestone:
    found = running(project).milestones.get(milestone_id)
    if found is None:
        raise NotFound(
            "unknown-milestone", "the project has no such milestone", field="milestone_id"
        )
    return found
