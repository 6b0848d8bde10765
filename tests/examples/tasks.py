"""A task of Ann's about a plan, handed on to Bea and done; and one that a rule opened for Carl."""

from datetime import date
from typing import Final

from events.work.task import (
    TaskCancelled,
    TaskCompleted,
    TaskDueDateChanged,
    TaskOpened,
    TaskReassigned,
    TaskRule,
    TaskSubject,
)
from tests.examples.cast import ANN, BEA, CARL

TASK_OPENED: Final = TaskOpened(
    task_id="t1",
    title="Ask for last year's volumes.",
    account_id="acme",
    subject=TaskSubject(kind="account_plan", record_id="p1"),
    owner_id=ANN,
    due_on=date(2026, 3, 10),
    opened_by=BEA,
    rule=None,
)
TASK_REASSIGNED: Final = TaskReassigned(task_id="t1", account_id="acme", owner_id=BEA)
TASK_MOVED: Final = TaskDueDateChanged(task_id="t1", account_id="acme", due_on=date(2026, 3, 20))
TASK_COMPLETED: Final = TaskCompleted(task_id="t1", account_id="acme")
TASK_LIFE: Final = (TASK_OPENED, TASK_REASSIGNED, TASK_MOVED, TASK_COMPLETED)

RULED: Final = TaskOpened(
    task_id="t2",
    title="Nobody has spoken with them for 90 days.",
    account_id=None,
    subject=None,
    owner_id=CARL,
    due_on=date(2026, 3, 5),
    opened_by=None,
    rule=TaskRule(rule_id="quiet-account", version=1),
)
TASK_CANCELLED: Final = TaskCancelled(task_id="t2", account_id=None, reason="they have called")
