"""What an employee looks after: accounts, open opportunities, roles in teams."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "accounts", "account_teams", "funnel")
"""The read models it rests on."""


class PortfolioItem(NamedTuple):
    """One thing an employee looks after."""

    key: str
    """Where it stands in the list."""
    kind: str
    """``account``, ``opportunity`` or ``team_role``."""
    account_id: str | None
    opportunity_id: str | None
    role: str | None
    """The role in the team of the account."""
    region_id: str | None
    valid_from: datetime
    """Since when the record has stood as it does."""


_KNOWN: Final = SQL("SELECT 1 FROM employee WHERE employee_id = %(employee)s AND {}").format(VALID)
_PAGE: Final = SQL(
    """
    WITH held AS (
        SELECT 'account' AS kind, account_id, NULL AS opportunity_id, NULL AS role, region_id,
            valid_from
        FROM account WHERE owner_id = %(employee)s AND {valid}
        UNION ALL SELECT 'opportunity', account_id, opportunity_id, NULL, region_id, valid_from
        FROM opportunity WHERE owner_id = %(employee)s AND state = 'open' AND {valid}
        UNION ALL SELECT 'team_role', account_id, NULL, filled.role, NULL, valid_from
        FROM account_team CROSS JOIN LATERAL (VALUES
            ('solution_architect', solution_architect), ('delivery_expert', delivery_expert),
            ('executive_sponsor', executive_sponsor)) AS filled (role, employee_id)
        WHERE filled.employee_id = %(employee)s AND {valid}),
    placed AS (
        SELECT concat_ws(' ', kind, coalesce(opportunity_id, account_id), role) COLLATE "C" AS key,
            held.* FROM held)
    SELECT * FROM placed WHERE key > %(after)s ORDER BY key LIMIT %(limit)s"""
).format(valid=VALID)


def portfolio(
    connection: Connection[Any],
    moment: Moment,
    employee_id: str,
    *,
    after: str = "",
    limit: int = 100,
) -> tuple[PortfolioItem, ...] | None:
    """Up to ``limit`` things the employee looked after as of ``moment``, from after ``after``.

    ``None`` when there was no such employee; asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "employee": employee_id,
        "after": after,
        "limit": bounded(limit),
    }
    if connection.execute(_KNOWN, values).fetchone() is None:
        return None
    with connection.cursor(row_factory=args_row(PortfolioItem)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
