"""What is to be done and who answers for it: each task, at every time."""

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.recorded import Recorded
from events.work.task import (
    TaskCancelled,
    TaskCompleted,
    TaskDueDateChanged,
    TaskEvent,
    TaskOpened,
    TaskReassigned,
)
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table

State = Literal["open", "completed", "cancelled"]


class TaskRow(NamedTuple):
    """One task as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    task_id: str
    version: int
    account_id: str | None
    title: str
    subject_kind: str | None
    subject_id: str | None
    owner_id: str
    """The one employee who answers for it."""
    owner_since: datetime
    """Since when they do."""
    state: State
    due_on: str
    """The last day on which it is not overdue, ISO 8601."""
    opened_by: str | None
    """Who opened it; ``None`` where a program did."""
    rule_id: str | None
    """The rule it comes from; ``None`` for one opened by hand."""
    rule_version: int | None
    reason: str | None
    """Why it was cancelled."""
    opened_at: datetime
    ended_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


TASK: Final = Table(
    "task",
    TaskRow,
    guard=ByRecord("task", "task_id"),
    key=("task_id", "version"),
    indexes=(("owner_id",), ("account_id",)),
)


def keys(recorded: Recorded[TaskEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(TASK, recorded.event.task_id, recorded)


def evolve(rows: Rows, recorded: Recorded[TaskEvent]) -> Rows:
    """The task as it was, closed, and as it is from now on."""
    event, at = recorded.event, recorded.envelope.occurred_at
    changes: dict[str, Any]
    match event:
        case TaskOpened():
            return begin(TASK, _opened(event, recorded))
        case TaskReassigned(owner_id=owner_id):
            changes = {"owner_id": owner_id, "owner_since": at}
        case TaskDueDateChanged(due_on=due_on):
            changes = {"due_on": due_on.isoformat()}
        case TaskCompleted():
            changes = {"state": "completed", "ended_at": at}
        case TaskCancelled(reason=reason):
            changes = {"state": "cancelled", "ended_at": at, "reason": reason}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, changes)


def _opened(event: TaskOpened, recorded: Recorded[Any]) -> TaskRow:
    at = recorded.envelope.occurred_at
    return TaskRow(
        event.task_id,
        recorded.envelope.version,
        event.account_id,
        event.title,
        None if event.subject is None else event.subject.kind,
        None if event.subject is None else event.subject.record_id,
        event.owner_id,
        at,
        "open",
        event.due_on.isoformat(),
        event.opened_by,
        None if event.rule is None else event.rule.rule_id,
        None if event.rule is None else event.rule.version,
        None,
        at,
        None,
        *interval(recorded),
    )


TASKS: Final = Projection(
    name="tasks",
    version=1,
    tables=(TASK,),
    subscribes=frozenset(get_args(TaskEvent)),
    keys=keys,
    evolve=evolve,
)
