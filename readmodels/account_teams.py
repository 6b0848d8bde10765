"""Which accounts lack somebody in their team."""

from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "accounts", "account_classes", "account_teams")
"""The read models it rests on."""


class AccountGaps(NamedTuple):
    """One account and the roles of its team that nobody fills who works here."""

    account_id: str
    name: str
    owner_id: str | None
    region_id: str | None
    gaps: list[str]


LACKING: Final = SQL(
    """
    here AS (SELECT employee_id FROM employee WHERE {valid} AND active),
    team AS (SELECT * FROM account_team WHERE {valid}),
    account_then AS (SELECT * FROM account WHERE {valid}),
    ordinary AS (
        SELECT account_id FROM account_class WHERE account_class = 'ordinary' AND {valid}),
    lacking AS (
        SELECT account_then.account_id, name, owner_id, region_id,
            greatest(account_then.valid_from, team.valid_from) AS valid_from, ARRAY(
            SELECT role FROM (VALUES
                (1, 'account_manager', owner_id), (2, 'solution_architect', solution_architect),
                (3, 'delivery_expert', delivery_expert), (4, 'executive_sponsor', executive_sponsor)
            ) AS filled (place, role, employee_id)
            WHERE employee_id IS NULL OR employee_id NOT IN (SELECT employee_id FROM here)
            ORDER BY place
        ) AS gaps
        FROM account_then LEFT JOIN team USING (account_id))"""
).format(valid=VALID)
"""Common table expressions: every account as of a moment, with the gaps of its team."""

_PAGE: Final = SQL(
    """
    WITH RECURSIVE {tree}, {lacking}
    SELECT account_id, name, owner_id, region_id, gaps FROM lacking
    WHERE gaps <> ARRAY[]::text[] AND account_id > %(after)s
        AND (%(every_class)s OR account_id NOT IN (SELECT account_id FROM ordinary))
        AND (%(role)s::text IS NULL OR %(role)s = ANY(gaps))
        AND (%(owner)s::text IS NULL OR owner_id = %(owner)s)
        AND (%(region)s::text IS NULL OR region_id = %(region)s OR region_id IN (
            SELECT region_id FROM within WHERE ancestor_id = %(region)s))
    ORDER BY account_id LIMIT %(limit)s"""
).format(tree=REGION_TREE, lacking=LACKING)


def account_gaps(
    connection: Connection[Any],
    moment: Moment,
    *,
    role: str | None = None,
    owner: str | None = None,
    region: str | None = None,
    every_class: bool = False,
    after: str = "",
    limit: int = 100,
) -> tuple[AccountGaps, ...]:
    """Up to ``limit`` accounts whose team has a gap as of ``moment``, in order of their ids.

    Those that lack ``role``, that ``owner`` manages, and that lie in ``region`` or below it as the
    regions lay then; from after ``after``, often empty. A team is asked of key and strategic
    accounts and of those never ranked; with ``every_class`` of ordinary ones as well. Asked for
    inside :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "role": role,
        "owner": owner,
        "region": region,
        "every_class": every_class,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(AccountGaps)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
