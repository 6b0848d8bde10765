"""Who may see more than their own."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.access_grants import GrantRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("access_grants",)
"""The read models it rests on."""

_PAGE: Final = SQL(
    "SELECT * FROM access_grant WHERE {valid} AND grant_id > %(after)s"
    " AND (%(employee)s::text IS NULL OR employee_id = %(employee)s)"
    " AND (%(region)s::text IS NULL OR region_id = %(region)s)"
    " AND (%(account)s::text IS NULL OR account_id = %(account)s)"
    " AND (NOT %(holding)s OR NOT revoked AND until_on >= %(day)s)"
    " ORDER BY grant_id LIMIT %(limit)s"
).format(valid=VALID)


def access_grants(
    connection: Connection[Any],
    moment: Moment,
    *,
    day: str,
    employee: str | None = None,
    region: str | None = None,
    account: str | None = None,
    holding: bool = False,
    after: str = "",
    limit: int = 100,
) -> tuple[GrantRow, ...]:
    """Up to ``limit`` grants as of ``moment``, in order of their ids, from after ``after``.

    ``holding`` leaves out what was revoked, or over on ``day``. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "employee": employee,
        "region": region,
        "account": account,
        "holding": holding,
        "day": day,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(GrantRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
