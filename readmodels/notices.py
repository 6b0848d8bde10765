"""What each of our people is to know."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.notices import NoticeRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("notices",)
"""The read model it rests on."""

_PAGE: Final = SQL(
    """
    SELECT * FROM notice WHERE {valid} AND employee_id = %(employee)s AND notice_id > %(after)s
        AND (%(read)s::boolean IS NULL OR read = %(read)s)
    ORDER BY notice_id LIMIT %(limit)s"""
).format(valid=VALID)


def notices(
    connection: Connection[Any],
    moment: Moment,
    *,
    employee: str,
    read: bool | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[NoticeRow, ...]:
    """Up to ``limit`` notices for ``employee`` as of ``moment``, in order of their ids.

    Those read, or not read yet, where ``read`` says; from after ``after``, often empty. Asked for
    inside :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "employee": employee,
        "read": read,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(NoticeRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
