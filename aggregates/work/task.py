"""One task: opened for one employee who answers for it, perhaps for others later, and ended."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotFound, WrongState
from events.work.task import (
    TaskCancelled,
    TaskCompleted,
    TaskDueDateChanged,
    TaskEvent,
    TaskOpened,
    TaskReassigned,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unopened:
    """There is no such task."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something somebody is to do."""

    opened: TaskOpened
    owner_id: str
    """Who answers for it: one employee, at every time."""
    due_on: date


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that was done, or is not to be done."""

    opened: TaskOpened
    owner_id: str
    """Who answered for it to the end."""
    outcome: Literal["completed", "cancelled"]


Task = Unopened | Open | Ended

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(task: Task, event: TaskEvent) -> Task:
    """The task after ``event``."""
    if isinstance(event, TaskOpened):
        return Open(event, event.owner_id, event.due_on)
    assert isinstance(task, Open)
    match event:
        case TaskReassigned(owner_id=owner_id):
            return replace(task, owner_id=owner_id)
        case TaskDueDateChanged(due_on=due_on):
            return replace(task, due_on=due_on)
        case TaskCompleted():
            return Ended(task.opened, task.owner_id, "completed")
        case TaskCancelled():
            return Ended(task.opened, task.owner_id, "cancelled")
        case unknown:
            assert_never(unknown)


TASK: Final[Decider[Task, TaskEvent]] = Decider("task", Unopened(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(task: Task) -> Open | Ended:
    """The task, open or ended.

    Raises:
        NotFound: ``unknown-task``.
    """
    if isinstance(task, Unopened):
        raise NotFound("unknown-task", "there is no such task", field="task_id")
    return task


def open_task(task: Task, *, fact: TaskOpened) -> tuple[TaskEvent, ...]:
    """Open it as ``fact`` says, due on any day; nothing when it was opened just so.

    Raises:
        WrongState: ``task-already-opened``, otherwise than asked for.
    """
    if isinstance(task, Unopened):
        return (fact,)
    if task.opened == fact:
        return ()
    raise WrongState("task-already-opened", "this id is taken", field="task_id")


def reassign(task: Task, *, owner_id: str) -> tuple[TaskEvent, ...]:
    """Have ``owner_id`` answer for it; nothing if they do, or did to its end.

    Raises:
        NotFound: ``unknown-task``.
        WrongState: ``task-ended``.
    """
    if existing(task).owner_id == owner_id:
        return ()
    opened = _open(task).opened
    return (
        TaskReassigned(task_id=opened.task_id, account_id=opened.account_id, owner_id=owner_id),
    )


def change_due_date(task: Task, *, due_on: date) -> tuple[TaskEvent, ...]:
    """Have it due on another day; nothing if it is due then.

    Raises:
        NotFound: ``unknown-task``.
        WrongState: ``task-ended``.
    """
    found = _open(task)
    if found.due_on == due_on:
        return ()
    opened = found.opened
    return (
        TaskDueDateChanged(task_id=opened.task_id, account_id=opened.account_id, due_on=due_on),
    )


def complete(task: Task) -> tuple[TaskEvent, ...]:
    """Say that it has been done; nothing if that was said.

    Raises:
        NotFound: ``unknown-task``.
        WrongState: ``task-ended``: it was cancelled.
    """
    if isinstance(task, Ended) and task.outcome == "completed":
        return ()
    opened = _open(task).opened
    return (TaskCompleted(task_id=opened.task_id, account_id=opened.account_id),)


def cancel(task: Task, *, reason: str) -> tuple[TaskEvent, ...]:
    """Say that it is not to be done any more; nothing if that was said.

    Raises:
        NotFound: ``unknown-task``.
        WrongState: ``task-ended``: it has been done.
    """
    if isinstance(task, Ended) and task.outcome == "cancelled":
        return ()
    opened = _open(task).opened
    return (TaskCancelled(task_id=opened.task_id, account_id=opened.account_id, reason=reason),)


def _open(task: Task) -> Open:
    existing(task)
    if not isinstance(task, Open):
        raise WrongState("task-ended", "the task is completed or cancelled", field="task_id")
    return task
