"""The commands about work that waits for somebody: handlers, and who may ask for what."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.approving import DECIDING
from commands.carry_out import Handler
from commands.command import Command
from commands.roles import ADMINISTRATORS, NOBODY, SELLERS, Role
from commands.work.approval import (
    DecideApproval,
    DelegateApproval,
    EscalateApproval,
    ReplaceApprover,
    decide_approval,
    delegate_approval,
    escalate_approval,
    replace_approver,
)
from commands.work.record_fields import SetFields, set_fields
from commands.work.task import (
    CancelTask,
    ChangeTaskDueDate,
    CompleteTask,
    OpenTask,
    ReassignTask,
    cancel_task,
    change_task_due_date,
    complete_task,
    open_task,
    reassign_task,
)

WORK: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        DecideApproval: decide_approval,
        DelegateApproval: delegate_approval,
        ReplaceApprover: replace_approver,
        EscalateApproval: escalate_approval,
        OpenTask: open_task,
        ReassignTask: reassign_task,
        ChangeTaskDueDate: change_task_due_date,
        CompleteTask: complete_task,
        CancelTask: cancel_task,
        SetFields: set_fields,
    }
)

WORK_MAY_ISSUE: Final[Mapping[type[Command], frozenset[Role]]] = MappingProxyType(
    {
        DecideApproval: DECIDING,
        DelegateApproval: DECIDING,
        ReplaceApprover: ADMINISTRATORS,
        EscalateApproval: NOBODY,
        OpenTask: SELLERS,
        ReassignTask: SELLERS,
        ChangeTaskDueDate: SELLERS,
        CompleteTask: SELLERS,
        CancelTask: SELLERS,
        SetFields: SELLERS,
    }
)
"""A part of `MAY_ISSUE` in `commands/permissions.py`."""
