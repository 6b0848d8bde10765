"""KAM-07: what a customer wants to reach, linked to what we want to reach."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from aggregates.accounts import customer_goal, strategic_objective
from aggregates.accounts.customer_goal import CUSTOMER_GOAL, state_goal
from aggregates.accounts.strategic_objective import STRATEGIC_OBJECTIVE, pursued, state_objective
from aggregates.refusals import NotFound, WrongState
from tests.examples.histories import (
    GOAL,
    GOAL_CHANGED,
    GOAL_DROPPED,
    GOAL_LINKED,
    GOAL_UNLINKED,
    OBJECTIVE,
    OBJECTIVE_DROPPED,
    OBJECTIVE_REWORDED,
)
from tests.given import given

change = partial(
    customer_goal.change, goal_id="g1", title=GOAL.title, measure="hours a quarter", due_on=None
)
drop = partial(customer_goal.drop, goal_id="g1")
link = partial(customer_goal.link, goal_id="g1", objective_id="cloud")
unlink = partial(customer_goal.unlink, goal_id="g1", objective_id="cloud")
reword = partial(strategic_objective.change, objective_id="cloud", title=OBJECTIVE_REWORDED.title)
drop_objective = partial(strategic_objective.drop, objective_id="cloud")


# --- customer goals ------------------------------------------------------------------


def test_a_goal_is_stated() -> None:
    given(CUSTOMER_GOAL).when(state_goal, fact=GOAL).then(GOAL)


def test_stating_it_just_so_again_changes_nothing() -> None:
    given(CUSTOMER_GOAL, GOAL, GOAL_CHANGED).when(state_goal, fact=GOAL).then()


@pytest.mark.parametrize("other", [{"title": "Grow"}, {"account_id": "globex"}])
def test_a_taken_goal_id_is_refused(other: dict[str, Any]) -> None:
    given(CUSTOMER_GOAL, GOAL).when(state_goal, fact=GOAL.model_copy(update=other)).then_refused(
        "goal-already-stated", WrongState, field="goal_id"
    )


def test_a_goal_is_changed() -> None:
    given(CUSTOMER_GOAL, GOAL).when(change).then(GOAL_CHANGED)


def test_a_goal_may_be_due_another_day_alone() -> None:
    day = date(2028, 1, 1)
    given(CUSTOMER_GOAL, GOAL, GOAL_CHANGED).when(change, due_on=day).then(
        GOAL_CHANGED.model_copy(update={"due_on": day})
    )


def test_a_goal_is_dropped_and_not_changed_or_linked_after_that() -> None:
    given(CUSTOMER_GOAL, GOAL, GOAL_LINKED).when(drop).then(GOAL_DROPPED)
    gone = given(CUSTOMER_GOAL, GOAL, GOAL_DROPPED)
    gone.when(drop).then()
    gone.when(change).then_refused("goal-dropped", WrongState, field="goal_id")
    gone.when(link).then_refused("goal-dropped", WrongState, field="goal_id")


def test_kam_07_an_objective_is_linked_once_and_unlinked_once() -> None:
    given(CUSTOMER_GOAL, GOAL).when(link).then(GOAL_LINKED)
    given(CUSTOMER_GOAL, GOAL, GOAL_LINKED).when(unlink).then(GOAL_UNLINKED)


def test_kam_07_several_objectives_may_serve_one_goal() -> None:
    given(CUSTOMER_GOAL, GOAL, GOAL_LINKED).when(link, objective_id="growth").then(
        GOAL_LINKED.model_copy(update={"objective_id": "growth"})
    )


def test_the_link_of_a_dropped_goal_can_be_taken_away() -> None:
    given(CUSTOMER_GOAL, GOAL, GOAL_LINKED, GOAL_DROPPED).when(unlink).then(GOAL_UNLINKED)


@pytest.mark.parametrize("asked", [change, drop, link, unlink])
def test_a_goal_nobody_stated_is_not_found(asked: Any) -> None:
    given(CUSTOMER_GOAL).when(asked).then_refused("unknown-goal", NotFound, field="goal_id")


# --- our objectives ------------------------------------------------------------------


def test_an_objective_is_stated_once() -> None:
    given(STRATEGIC_OBJECTIVE).when(state_objective, fact=OBJECTIVE).then(OBJECTIVE)


def test_a_taken_objective_id_is_refused() -> None:
    given(STRATEGIC_OBJECTIVE, OBJECTIVE).when(
        state_objective, fact=OBJECTIVE.model_copy(update={"region_id": None})
    ).then_refused("objective-already-stated", WrongState, field="objective_id")


def test_an_objective_is_put_in_other_words() -> None:
    given(STRATEGIC_OBJECTIVE, OBJECTIVE).when(reword).then(OBJECTIVE_REWORDED)


def test_an_objective_is_dropped_and_neither_changed_nor_pursued_after_that() -> None:
    given(STRATEGIC_OBJECTIVE, OBJECTIVE).when(drop_objective).then(OBJECTIVE_DROPPED)
    gone = given(STRATEGIC_OBJECTIVE, OBJECTIVE, OBJECTIVE_DROPPED)
    gone.when(reword).then_refused("objective-dropped", WrongState, field="objective_id")
    with pytest.raises(WrongState, match="do not pursue"):
        pursued(STRATEGIC_OBJECTIVE.fold([OBJECTIVE, OBJECTIVE_DROPPED]))


@pytest.mark.parametrize("asked", [reword, drop_objective])
def test_an_objective_nobody_stated_is_not_found(asked: Any) -> None:
    given(STRATEGIC_OBJECTIVE).when(asked).then_refused(
        "unknown-objective", NotFound, field="objective_id"
    )
