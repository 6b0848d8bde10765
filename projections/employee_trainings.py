"""What our people have completed: each training, as it was known at every time.

A training counts from the day it was completed, whenever we heard of it; a revoked one never did.
So a row tells what was known from one fact to the next, and in it the days it counts.
"""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.organization.employee_training import (
    EmployeeTrainingEvent,
    EmployeeTrainingRecorded,
    EmployeeTrainingRevoked,
)
from events.recorded import Recorded
from projections.history import row_before
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class EmployeeTrainingRow(NamedTuple):
    """One training as it was known from ``known_from`` (inclusive) to ``known_to``."""

    training_id: str
    version: int
    employee_id: str
    course_id: str
    completed_on: str
    """The first day it counts, ISO 8601."""
    expires_on: str | None
    """The last one; ``None``: it never lapses."""
    evidence: str | None
    revoked: bool
    """Whether it is known that it was never completed."""
    reason: str | None
    """Why it was revoked."""
    known_from: datetime
    known_to: datetime | None


EMPLOYEE_TRAINING: Final = Table(
    "employee_training",
    EmployeeTrainingRow,
    guard=ForEverybody(),
    key=("training_id", "version"),
    indexes=(("employee_id",), ("course_id",)),
)


def keys(recorded: Recorded[EmployeeTrainingEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(EMPLOYEE_TRAINING, recorded.event.training_id, recorded)


def evolve(rows: Rows, recorded: Recorded[EmployeeTrainingEvent]) -> Rows:
    """The training as it was known until now, and as it is known from now on."""
    event, envelope = recorded.event, recorded.envelope
    match event:
        case EmployeeTrainingRecorded():
            row = EmployeeTrainingRow(
                event.training_id,
                envelope.version,
                event.employee_id,
                event.course_id,
                event.completed_on.isoformat(),
                None if event.expires_on is None else event.expires_on.isoformat(),
                event.evidence,
                False,
                None,
                envelope.recorded_at,
                None,
            )
            return {(EMPLOYEE_TRAINING, row[:2]): row}
        case EmployeeTrainingRevoked(reason=reason):
            ((key, last),) = rows.items()
            following = last._replace(
                version=envelope.version,
                revoked=True,
                reason=reason,
                known_from=envelope.recorded_at,
                known_to=None,
            )
            closed = last._replace(known_to=envelope.recorded_at)
            return {key: closed, (EMPLOYEE_TRAINING, following[:2]): following}
        case unknown:
            assert_never(unknown)


EMPLOYEE_TRAININGS: Final = Projection(
    name="employee_trainings",
    version=1,
    tables=(EMPLOYEE_TRAINING,),
    subscribes=frozenset(get_args(EmployeeTrainingEvent)),
    keys=keys,
    evolve=evolve,
)
