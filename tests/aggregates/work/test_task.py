"""KAM-30: a task has one employee who answers for it, from its first day to its last."""

from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from aggregates.refusals import NotFound, Refusal, WrongState
from aggregates.work.task import (
    TASK,
    Unopened,
    cancel,
    change_due_date,
    complete,
    existing,
    open_task,
    reassign,
)
from events.work.task import TaskEvent
from tests.examples.cast import ANN, BEA, CARL, DORA
from tests.examples.tasks import (
    RULED,
    TASK_CANCELLED,
    TASK_COMPLETED,
    TASK_MOVED,
    TASK_OPENED,
    TASK_REASSIGNED,
)
from tests.given import given

VERBS: Final[tuple[tuple[Any, dict[str, Any]], ...]] = (
    (reassign, {"owner_id": CARL}),
    (change_due_date, {"due_on": date(2026, 3, 21)}),
    (complete, {}),
    (cancel, {"reason": "x"}),
)
DONE: Final = (TASK_OPENED, TASK_COMPLETED)
CANCELLED: Final = (RULED, TASK_CANCELLED)


def test_a_task_is_opened() -> None:
    given(TASK).when(open_task, fact=TASK_OPENED).then(TASK_OPENED)


@pytest.mark.parametrize("facts", [(), (TASK_REASSIGNED,), (TASK_COMPLETED,)])
def test_a_task_is_opened_once(facts: tuple[TaskEvent, ...]) -> None:
    told = given(TASK, TASK_OPENED, *facts)
    told.when(open_task, fact=TASK_OPENED).then()
    other = TASK_OPENED.model_copy(update={"due_on": date(2026, 3, 11)})
    told.when(open_task, fact=other).then_refused(
        "task-already-opened", WrongState, field="task_id"
    )


def test_kam_30_another_answers_for_it() -> None:
    given(TASK, TASK_OPENED).when(reassign, owner_id=BEA).then(TASK_REASSIGNED)


@pytest.mark.parametrize("facts", [(TASK_OPENED,), DONE])
def test_a_task_that_is_theirs_stays_theirs(facts: tuple[TaskEvent, ...]) -> None:
    given(TASK, *facts).when(reassign, owner_id=ANN).then()


def test_a_task_is_due_on_another_day() -> None:
    given(TASK, TASK_OPENED).when(change_due_date, due_on=TASK_MOVED.due_on).then(TASK_MOVED)


def test_a_task_that_is_due_then_is_due_then() -> None:
    given(TASK, TASK_OPENED).when(change_due_date, due_on=TASK_OPENED.due_on).then()


def test_a_task_is_done() -> None:
    given(TASK, TASK_OPENED).when(complete).then(TASK_COMPLETED)


def test_a_task_is_given_up() -> None:
    given(TASK, RULED).when(cancel, reason="they have called").then(TASK_CANCELLED)


@pytest.mark.parametrize(("verb", "asked"), VERBS)
@pytest.mark.parametrize("facts", [DONE, CANCELLED])
def test_an_ended_task_does_not_change(
    facts: tuple[TaskEvent, ...], verb: Any, asked: dict[str, Any]
) -> None:
    told = given(TASK, *facts)
    same = {(complete, DONE), (cancel, CANCELLED)}
    if (verb, facts) in same or (facts == CANCELLED and asked.get("owner_id") == CARL):
        told.when(verb, **asked).then()
    else:
        told.when(verb, **asked).then_refused("task-ended", WrongState, field="task_id")


@pytest.mark.parametrize(("verb", "asked"), VERBS)
def test_a_task_nobody_opened_is_not_found(verb: Any, asked: dict[str, Any]) -> None:
    given(TASK).when(verb, **asked).then_refused("unknown-task", NotFound, field="task_id")


ASKED: Final[st.SearchStrategy[tuple[Any, dict[str, Any]]]] = st.one_of(
    st.sampled_from([ANN, BEA, CARL, DORA]).map(lambda who: (reassign, {"owner_id": who})),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(
        lambda day: (change_due_date, {"due_on": day})
    ),
    st.just((complete, {})),
    st.just((cancel, {"reason": "x"})),
    st.just((open_task, {"fact": TASK_OPENED})),
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given_any(st.lists(ASKED, max_size=12))
def test_kam_30_whatever_is_asked_one_answers_for_it_after_every_fact(
    asked: list[tuple[Any, dict[str, Any]]],
) -> None:
    """The owner is the one last asked for before it ended, and nobody else at any time."""
    state, owner = TASK.initial, None
    for verb, arguments in [(open_task, {"fact": TASK_OPENED}), *asked]:
        try:
            facts = verb(state, **arguments)
        except Refusal:
            continue
        state = TASK.fold(facts, state)
        assert not isinstance(state, Unopened)
        owner = ANN if owner is None else owner
        owner = arguments["owner_id"] if verb is reassign and facts else owner
        assert existing(state).owner_id == owner
