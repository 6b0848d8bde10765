"""What can be asked of approvals, whatever is approved."""

from typing import Annotated, Literal

from pydantic import Field

from aggregates.organization import employee
from aggregates.organization.employee import EMPLOYEE
from aggregates.work import approval, stand_ins
from aggregates.work.request import APPROVAL, existing
from aggregates.work.seats import Person
from commands.acting import person_asking
from commands.approving import following
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.ports import Write
from commands.subjects import SUBJECTS
from events.values import Id, PersonId, Reason

Place = Annotated[int, Field(ge=1, le=1000)]


class DecideApproval(Command):
    """Approve a step of a request, reject it, or send its subject back; perhaps for a delegator.

    It is the employee the key acts for who decides. A key that acts for nobody decides nothing.
    """

    approval_id: Id
    step: Place
    decision: Literal["approved", "rejected", "sent_back"]
    on_behalf_of: PersonId | None = None
    comment: Reason | None = None


class DelegateApproval(Command):
    """Let somebody else decide in one's own name on these days, both inclusive."""

    approval_id: Id
    to_employee_id: PersonId
    from_day: Day
    until_day: Day


class ReplaceApprover(Command):
    """Put an employee in the place of an approver; what was decided before stays decided.

    The place 0 is that of whoever the step is escalated to.
    """

    approval_id: Id
    step: Place
    place: Annotated[int, Field(ge=0, le=1000)]
    employee_id: PersonId
    reason: Reason


class EscalateApproval(Command):
    """Let somebody else decide an overdue step; only keyledger itself asks for it."""

    approval_id: Id
    step: Place


def decide_approval(command: DecideApproval, look: Look) -> Decided:
    """Decide it; what becomes of the subject is recorded with it, at once."""
    by = person_asking(look, None, field="approval_id")
    asked = existing(look(APPROVAL, command.approval_id)).fact
    subject = SUBJECTS[asked.subject_kind]
    stream, state = subject.stream(asked.subject_id), subject.state(look, asked.subject_id)
    decided = look.decide(
        APPROVAL,
        command.approval_id,
        approval.decide,
        step=command.step,
        decision=command.decision,
        by=by,
        on_behalf_of=command.on_behalf_of,
        approver=_person(look, command.on_behalf_of or by, field="on_behalf_of"),
        comment=command.comment,
        content_sha256=subject.describe(look, state, asked.subject_id, 0).sha256,
        on=look.context.business_date,
    )
    ended = following(subject, state, [write.event for write in decided.writes])
    return Decided(decided.stream, (*decided.writes, *(Write(stream, event) for event in ended)))


def delegate_approval(command: DelegateApproval, look: Look) -> Decided:
    """Delegate it; both must work here."""
    giver = person_asking(look, None, field="approval_id")
    employee.active(look(EMPLOYEE, command.to_employee_id), field="to_employee_id")
    return look.decide(
        APPROVAL,
        command.approval_id,
        stand_ins.delegate,
        approver=_person(look, giver, field="approval_id"),
        to=command.to_employee_id,
        from_day=command.from_day,
        until_day=command.until_day,
        today=look.context.business_date,
    )


def replace_approver(command: ReplaceApprover, look: Look) -> Decided:
    """Replace them; whoever takes their place must work here."""
    employee.active(look(EMPLOYEE, command.employee_id), field="employee_id")
    return look.decide(
        APPROVAL,
        command.approval_id,
        stand_ins.replace_approver,
        step=command.step,
        place=command.place,
        employee_id=command.employee_id,
        reason=command.reason,
    )


def escalate_approval(command: EscalateApproval, look: Look) -> Decided:
    """Escalate it."""
    return look.decide(
        APPROVAL,
        command.approval_id,
        stand_ins.escalate,
        step=command.step,
        today=look.context.today,
    )


def _person(look: Look, employee_id: str, *, field: str) -> Person:
    found = employee.active(look(EMPLOYEE, employee_id), field=field)
    return Person(employee_id, found.region_id, found.roles)
