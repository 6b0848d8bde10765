"""What our people have completed, and what of it counts on a day."""

from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.employee_trainings import EmployeeTrainingRow
from readmodels.moment import Moment
from readmodels.reading import bounded

READS: Final = ("employee_trainings",)
"""The read model it rests on."""

KNOWN: Final = SQL(
    "known_from <= %(known_at)s AND (known_to IS NULL OR known_to > %(known_at)s)"
    " AND NOT revoked AND completed_on <= %(day)s"
)
"""Picks the trainings completed by a ``day``, as ``2026-01-31``, as far as known at a time."""

_PAGE: Final = SQL(
    """
    SELECT * FROM employee_training WHERE {known} AND training_id > %(after)s
        AND (%(employee)s::text IS NULL OR employee_id = %(employee)s)
        AND (%(course)s::text IS NULL OR course_id = %(course)s)
        AND (%(counts)s::boolean IS NULL
            OR (expires_on IS NULL OR expires_on >= %(day)s) = %(counts)s)
    ORDER BY training_id LIMIT %(limit)s"""
).format(known=KNOWN)


def trainings(
    connection: Connection[Any],
    moment: Moment,
    day: date,
    *,
    employee: str | None = None,
    course: str | None = None,
    counts: bool | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[EmployeeTrainingRow, ...]:
    """Up to ``limit`` trainings completed by ``day``, in order of their ids, from after ``after``.

    With ``counts`` only those that do, or do not, on that day: one counts to its last day,
    inclusive. Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {
        "known_at": moment.known_at,
        "day": day.isoformat(),
        "employee": employee,
        "course": course,
        "counts": counts,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(EmployeeTrainingRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
