"""Joint projects: milestones met or missed, members of both parties, completed or stopped."""

from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import pytest

from aggregates.planning.joint_project import (
    JOINT_PROJECT,
    MEMBERS_MAX,
    add_member,
    change_status,
    close,
    remove_member,
    start,
)
from aggregates.planning.project_milestone import (
    MILESTONES_MAX,
    add_milestone,
    meet_milestone,
    miss_milestone,
    move_milestone,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from tests.examples.cast import ANN
from tests.examples.planning import (
    AT_RISK,
    COMPLETED,
    JOINED,
    MEMBER_LEFT,
    MILESTONE_ADDED,
    MILESTONE_MET,
    MILESTONE_MISSED,
    MILESTONE_MOVED,
    STARTED,
    THEY_JOINED,
)
from tests.given import given

RUNNING: Final = (STARTED, MILESTONE_ADDED)
TODAY: Final = MILESTONE_MET.met_on
STOPPED: Final = COMPLETED.model_copy(update={"outcome": "stopped"})


def test_a_project_is_started_once() -> None:
    """KAM-15."""
    given(JOINT_PROJECT).when(start, fact=STARTED).then(STARTED)
    other = STARTED.model_copy(update={"name": "Another"})
    for facts in (RUNNING, (STARTED, COMPLETED)):
        given(JOINT_PROJECT, *facts).when(start, fact=STARTED).then()
        given(JOINT_PROJECT, *facts).when(start, fact=other).then_refused(
            "project-already-started", WrongState, field="project_id"
        )


# --- milestones -------------------------------------------------------------------


def test_a_milestone_is_added_once() -> None:
    """KAM-15."""
    given(JOINT_PROJECT, STARTED).when(add_milestone, fact=MILESTONE_ADDED).then(MILESTONE_ADDED)
    other = MILESTONE_ADDED.model_copy(update={"due_on": date(2026, 5, 2)})
    given(JOINT_PROJECT, *RUNNING).when(add_milestone, fact=other).then_refused(
        "milestone-already-added", WrongState, field="milestone_id"
    )


@pytest.mark.parametrize("facts", [RUNNING, (*RUNNING, MILESTONE_MISSED)])
def test_a_milestone_is_moved_and_open_again(facts: tuple[Event, ...]) -> None:
    """KAM-15."""
    given(JOINT_PROJECT, *facts).when(move_milestone, fact=MILESTONE_MOVED).then(MILESTONE_MOVED)


@pytest.mark.parametrize("facts", [RUNNING, (*RUNNING, MILESTONE_MISSED)])
def test_a_milestone_is_met_in_time_or_late(facts: tuple[Event, ...]) -> None:
    """KAM-15."""
    given(JOINT_PROJECT, *facts).when(meet_milestone, fact=MILESTONE_MET, today=TODAY).then(
        MILESTONE_MET
    )


def test_what_is_to_come_is_not_met() -> None:
    given(JOINT_PROJECT, *RUNNING).when(
        meet_milestone, fact=MILESTONE_MET, today=TODAY - timedelta(days=1)
    ).then_refused("day-in-the-future", Invalid, field="met_on")


def test_a_milestone_is_missed() -> None:
    """KAM-15."""
    given(JOINT_PROJECT, *RUNNING).when(miss_milestone, fact=MILESTONE_MISSED).then(
        MILESTONE_MISSED
    )


def test_a_milestone_that_was_met_stays_met() -> None:
    met = given(JOINT_PROJECT, *RUNNING, MILESTONE_MET)
    met.when(meet_milestone, fact=MILESTONE_MET, today=TODAY).then()
    other_day = MILESTONE_MET.model_copy(update={"met_on": date(2026, 2, 1)})
    for asked in (
        met.when(meet_milestone, fact=other_day, today=TODAY),
        met.when(miss_milestone, fact=MILESTONE_MISSED),
        met.when(move_milestone, fact=MILESTONE_MOVED),
    ):
        asked.then_refused("milestone-met", WrongState, field="milestone_id")


@pytest.mark.parametrize(
    "verb",
    [
        partial(move_milestone, fact=MILESTONE_MOVED),
        partial(meet_milestone, fact=MILESTONE_MET, today=TODAY),
        partial(miss_milestone, fact=MILESTONE_MISSED),
    ],
)
def test_a_milestone_that_is_named_is_there(verb: Any) -> None:
    given(JOINT_PROJECT, STARTED).when(verb).then_refused(
        "unknown-milestone", NotFound, field="milestone_id"
    )


def test_a_project_has_a_largest_number_of_milestones() -> None:
    many = [
        MILESTONE_ADDED.model_copy(update={"milestone_id": f"m{n}"})
        for n in range(MILESTONES_MAX + 1)
    ]
    given(JOINT_PROJECT, STARTED, *many[2:]).when(add_milestone, fact=many[0]).then(many[0])
    given(JOINT_PROJECT, STARTED, *many[1:]).when(add_milestone, fact=many[0]).then_refused(
        "project-full", Invalid, field="milestone_id"
    )


# --- members ------------------------------------------------------------------------


@pytest.mark.parametrize("fact", [JOINED, THEY_JOINED])
def test_members_of_both_parties_take_part(fact: Any) -> None:
    """KAM-15."""
    given(JOINT_PROJECT, STARTED).when(add_member, fact=fact).then(fact)


def test_a_member_does_something_else_or_leaves() -> None:
    other = JOINED.model_copy(update={"duty": "advises"})
    given(JOINT_PROJECT, STARTED, JOINED).when(add_member, fact=other).then(other)
    given(JOINT_PROJECT, STARTED, JOINED, THEY_JOINED).when(
        remove_member, party="ours", person_id=ANN
    ).then(MEMBER_LEFT)
    given(JOINT_PROJECT, STARTED, JOINED).when(
        remove_member, party="customers", person_id=ANN
    ).then()


def test_a_project_has_a_largest_number_of_members() -> None:
    many = [
        JOINED.model_copy(update={"person_id": f"0a9e4f6c-1111-4a4a-8b8b-{n:012x}"})
        for n in range(MEMBERS_MAX + 1)
    ]
    given(JOINT_PROJECT, STARTED, *many[2:]).when(add_member, fact=many[0]).then(many[0])
    given(JOINT_PROJECT, STARTED, *many[1:]).when(add_member, fact=many[0]).then_refused(
        "project-full", Invalid, field="person_id"
    )


# --- how it goes ----------------------------------------------------------------------


def test_a_project_goes_otherwise() -> None:
    """KAM-15."""
    given(JOINT_PROJECT, STARTED).when(change_status, fact=AT_RISK).then(AT_RISK)
    back = AT_RISK.model_copy(update={"status": "on_track"})
    given(JOINT_PROJECT, STARTED).when(change_status, fact=back).then()
    given(JOINT_PROJECT, STARTED, AT_RISK).when(change_status, fact=back).then(back)


@pytest.mark.parametrize(
    "facts",
    [(STARTED,), (*RUNNING, MILESTONE_MET), (*RUNNING, MILESTONE_MISSED)],
)
def test_a_project_without_an_open_milestone_is_completed(facts: tuple[Event, ...]) -> None:
    given(JOINT_PROJECT, *facts).when(close, fact=COMPLETED).then(COMPLETED)


def test_a_project_with_an_open_milestone_is_stopped_but_not_completed() -> None:
    given(JOINT_PROJECT, *RUNNING).when(close, fact=COMPLETED).then_refused(
        "milestone-open", WrongState
    )
    given(JOINT_PROJECT, *RUNNING).when(close, fact=STOPPED).then(STOPPED)


VERBS: Final = (
    partial(add_milestone, fact=MILESTONE_ADDED),
    partial(move_milestone, fact=MILESTONE_MOVED),
    partial(meet_milestone, fact=MILESTONE_MET, today=TODAY),
    partial(miss_milestone, fact=MILESTONE_MISSED),
    partial(add_member, fact=JOINED),
    partial(remove_member, party="ours", person_id=ANN),
    partial(change_status, fact=AT_RISK),
    partial(close, fact=STOPPED),
)


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_with_a_project_that_is_closed_or_not_there(verb: Any) -> None:
    given(JOINT_PROJECT, *RUNNING, MILESTONE_MET, COMPLETED).when(verb).then_refused(
        "project-closed", WrongState, field="project_id"
    )
    given(JOINT_PROJECT).when(verb).then_refused("unknown-project", NotFound, field="project_id")
