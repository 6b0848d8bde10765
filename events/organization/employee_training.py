"""Facts about employees' trainings: what somebody has completed, and what turned out not so."""

from datetime import date
from typing import ClassVar

from events.event import Event
from events.values import Id, PersonId, Reason, Uri


class EmployeeTrainingRecorded(Event):
    """An employee has completed a course."""

    NAME: ClassVar[str] = "employee_training.recorded"

    training_id: Id
    employee_id: PersonId
    course_id: Id
    completed_on: date
    expires_on: date | None
    """The last day it counts, inclusive; ``None``: it never lapses."""
    evidence: Uri | None
    """Where the certificate is kept."""


class EmployeeTrainingRevoked(Event):
    """What was recorded was not so: the employee never completed the course."""

    NAME: ClassVar[str] = "employee_training.revoked"

    training_id: Id
    employee_id: PersonId
    reason: Reason


EmployeeTrainingEvent = EmployeeTrainingRecorded | EmployeeTrainingRevoked
"""One completed course of one employee, perhaps revoked."""
