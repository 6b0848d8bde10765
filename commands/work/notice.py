"""What can be asked of notices."""

from aggregates.work import notice
from aggregates.work.notice import NOTICE
from commands.acting import person_asking
from commands.command import Command
from commands.look import Decided, Look
from events.values import Id, PersonId


class MarkNoticeRead(Command):
    """Say that one has read a notice; a program of its own names the employee it is for."""

    notice_id: Id
    employee_id: PersonId | None = None


def mark_notice_read(command: MarkNoticeRead, look: Look) -> Decided:
    """Mark it."""
    return look.decide(
        NOTICE,
        command.notice_id,
        notice.read,
        notice_id=command.notice_id,
        employee_id=person_asking(look, command.employee_id, field="employee_id"),
    )
