"""What can be asked of employees' trainings."""

from aggregates.organization import employee_training
from aggregates.organization.employee import EMPLOYEE, NotHired
from aggregates.organization.employee_training import EMPLOYEE_TRAINING
from aggregates.refusals import NotFound
from commands.command import Command, Day
from commands.look import Decided, Look
from events.organization.employee_training import EmployeeTrainingRecorded
from events.values import Id, PersonId, Reason, Uri


class RecordTraining(Command):
    """Record that an employee has completed a course, and until which day that counts."""

    training_id: Id
    employee_id: PersonId
    course_id: Id
    completed_on: Day
    expires_on: Day | None = None
    evidence: Uri | None = None


class RevokeTraining(Command):
    """Say that a training that was recorded was never completed."""

    training_id: Id
    reason: Reason


def record_training(command: RecordTraining, look: Look) -> Decided:
    """Record it; the employee must be known, also if they have left since."""
    if isinstance(look(EMPLOYEE, command.employee_id), NotHired):
        raise NotFound("unknown-employee", "there is no such employee", field="employee_id")
    return look.begin(
        EMPLOYEE_TRAINING,
        command.training_id,
        employee_training.record,
        fact=EmployeeTrainingRecorded.model_validate(dict(command)),
        today=look.context.business_date,
    )


def revoke_training(command: RevokeTraining, look: Look) -> Decided:
    """Revoke it."""
    return look.decide(
        EMPLOYEE_TRAINING, command.training_id, employee_training.revoke, reason=command.reason
    )
