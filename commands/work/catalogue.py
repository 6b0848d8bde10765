"""What can be asked about approvals, tasks, alerts and webhooks: handlers and roles."""

from types import MappingProxyType
from typing import Final

from commands.issuable import Catalogue, Issuable
from commands.roles import ADMINISTRATORS, MANAGERS, NOBODY, SELLERS
from commands.work.alert import (
    AcknowledgeAlert,
    RaiseAlert,
    ReassignAlert,
    ResolveAlert,
    acknowledge_alert,
    raise_alert,
    reassign_alert,
    resolve_alert,
)
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
from commands.work.notice import MarkNoticeRead, mark_notice_read
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
from commands.work.webhook import (
    RegisterWebhook,
    RetireWebhook,
    RotateWebhookSecret,
    register_webhook,
    retire_webhook,
    rotate_webhook_secret,
)

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        DecideApproval: Issuable(decide_approval, SELLERS),
        DelegateApproval: Issuable(delegate_approval, SELLERS),
        ReplaceApprover: Issuable(replace_approver, ADMINISTRATORS),
        EscalateApproval: Issuable(escalate_approval, NOBODY),
        OpenTask: Issuable(open_task, SELLERS),
        ReassignTask: Issuable(reassign_task, SELLERS),
        ChangeTaskDueDate: Issuable(change_task_due_date, SELLERS),
        CompleteTask: Issuable(complete_task, SELLERS),
        CancelTask: Issuable(cancel_task, SELLERS),
        SetFields: Issuable(set_fields, SELLERS),
        RaiseAlert: Issuable(raise_alert, NOBODY),
        AcknowledgeAlert: Issuable(acknowledge_alert, SELLERS),
        ReassignAlert: Issuable(reassign_alert, MANAGERS),
        ResolveAlert: Issuable(resolve_alert, SELLERS),
        MarkNoticeRead: Issuable(mark_notice_read, SELLERS),
        RegisterWebhook: Issuable(register_webhook, ADMINISTRATORS),
        RotateWebhookSecret: Issuable(rotate_webhook_secret, ADMINISTRATORS),
        RetireWebhook: Issuable(retire_webhook, ADMINISTRATORS),
    }
)
