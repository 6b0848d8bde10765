"""Facts about tasks: what somebody answers for, by when, and how it ended."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.event import Event
from events.values import Id, PersonId, Reason

TaskTitle = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
"""What is to be done, in a short sentence without personal data."""


class TaskSubject(BaseModel):
    """The record a task is about."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Id
    """What it is: the category of its stream."""
    record_id: Id


class TaskRule(BaseModel):
    """The rule a task comes from, where no person opened it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rule_id: Id
    version: int = Field(ge=1)
    """The version of the rule that was in force."""


class TaskOpened(Event):
    """Somebody answers for this from now on."""

    NAME: ClassVar[str] = "task.opened"
    PARTITION: ClassVar[str | None] = "account_id"

    task_id: Id
    title: TaskTitle
    account_id: Id | None
    """The account it is for; that of its subject, where only a subject was named."""
    subject: TaskSubject | None
    owner_id: PersonId
    due_on: date
    """The last day on which it is not overdue."""
    opened_by: PersonId | None
    """Who opened it; ``None`` where a program did."""
    rule: TaskRule | None
    """The rule it comes from; ``None`` for one opened by hand."""


class TaskReassigned(Event):
    """Another employee answers for it, in the place of whoever did."""

    NAME: ClassVar[str] = "task.reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    task_id: Id
    account_id: Id | None
    owner_id: PersonId


class TaskDueDateChanged(Event):
    """It is due on another day."""

    NAME: ClassVar[str] = "task.due_date_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    task_id: Id
    account_id: Id | None
    due_on: date


class TaskCompleted(Event):
    """It has been done; whoever answered for it did so to the end."""

    NAME: ClassVar[str] = "task.completed"
    PARTITION: ClassVar[str | None] = "account_id"

    task_id: Id
    account_id: Id | None


class TaskCancelled(Event):
    """It is not to be done any more."""

    NAME: ClassVar[str] = "task.cancelled"
    PARTITION: ClassVar[str | None] = "account_id"

    task_id: Id
    account_id: Id | None
    reason: Reason


TaskEvent = TaskOpened | TaskReassigned | TaskDueDateChanged | TaskCompleted | TaskCancelled
