"""What an employee looks after: accounts, opportunities, roles in teams, and all open work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels.interactions import PROMISED
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = (
    "organization",
    "accounts",
    "account_teams",
    "funnel",
    "contracts",
    "account_plans",
    "joint_projects",
    "interactions",
    "tasks",
    "alerts",
    "approvals",
)
"""The read models it rests on."""


class PortfolioItem(NamedTuple):
    """One thing an employee looks after."""

    key: str
    """Where it stands in the list."""
    kind: str
    """``account``, ``opportunity``, ``team_role``, ``contract``, ``plan``, ``plan_action``,
    ``project``, ``follow_up``, ``task``, ``alert`` or ``approval``."""
    account_id: str | None
    opportunity_id: str | None
    role: str | None
    """The role in the team of the account."""
    region_id: str | None
    record_id: str
    """The account, plan, interaction or whatever record it stands in."""
    part_id: str | None
    """The role, action, follow-up or, as step and place, the approver it is of that record."""
    valid_from: datetime
    """Since when the record has stood as it does."""


HELD: Final = SQL(
    """
    {promised},
    held (kind, account_id, region_id, record_id, part_id, valid_from) AS (
        SELECT 'account', account_id, region_id, account_id, NULL, valid_from
        FROM account WHERE owner_id = %(employee)s AND {valid}
        UNION ALL SELECT 'opportunity', account_id, region_id, opportunity_id, NULL, valid_from
        FROM opportunity WHERE owner_id = %(employee)s AND state = 'open' AND {valid}
        UNION ALL SELECT 'team_role', account_id, NULL, account_id, filled.role, valid_from
        FROM account_team CROSS JOIN LATERAL (VALUES
            ('solution_architect', solution_architect), ('delivery_expert', delivery_expert),
            ('executive_sponsor', executive_sponsor)) AS filled (role, employee_id)
        WHERE filled.employee_id = %(employee)s AND {valid}
        UNION ALL SELECT 'contract', account_id, region_id, contract_id, NULL, valid_from
        FROM contract WHERE owner_id = %(employee)s AND {valid}
        UNION ALL SELECT 'plan', account_id, region_id, plan_id, NULL, valid_from
        FROM account_plan WHERE owner_id = %(employee)s AND state <> 'closed' AND {valid}
        UNION ALL
        SELECT 'plan_action', account_id, region_id, plan_id, act ->> 'action_id', valid_from
        FROM account_plan CROSS JOIN LATERAL jsonb_array_elements(content -> 'actions') AS act
        WHERE state <> 'closed' AND NOT done ? (act ->> 'action_id') AND {valid}
            AND coalesce(doers -> (act ->> 'action_id') ->> 1, act ->> 'owner_id') = %(employee)s
        UNION ALL SELECT 'project', account_id, NULL, project_id, NULL, valid_from
        FROM joint_project
        WHERE closed_at IS NULL AND members ? ('ours/' || %(employee)s) AND {valid}
        UNION ALL
        SELECT 'follow_up', account_id, NULL, interaction_id, follow_up_id, owner_since
        FROM promised WHERE owner_id = %(employee)s AND done_at IS NULL
        UNION ALL SELECT 'task', account_id, NULL, task_id, NULL, valid_from
        FROM task WHERE owner_id = %(employee)s AND state = 'open' AND {valid}
        UNION ALL SELECT 'alert', account_id, region_id, alert_id, NULL, valid_from
        FROM alert WHERE owner_id = %(employee)s AND state <> 'resolved' AND {valid}
        UNION ALL
        SELECT 'approval', account_id, region_id, approval_id, concat(nth, '.', place), valid_from
        FROM approval
        CROSS JOIN LATERAL jsonb_array_elements(steps -> 'steps') WITH ORDINALITY AS of (asked, nth)
        CROSS JOIN LATERAL (
            SELECT one, place FROM jsonb_array_elements(asked -> 'approvers')
                WITH ORDINALITY AS named (one, place)
            UNION ALL SELECT asked -> 'escalate_to', 0) AS seat
        WHERE state = 'pending' AND nth >= step AND {valid}
            AND one ->> 'employee_id' = %(employee)s
            AND NOT EXISTS (
                SELECT FROM jsonb_array_elements(asked -> 'decisions') AS said
                WHERE coalesce(said ->> 'on_behalf_of', said ->> 'employee_id') = %(employee)s
                    AND said -> 'places' @> to_jsonb(place)))"""
).format(promised=PROMISED, valid=VALID)
"""Common table expressions: what ``employee`` looks after as of a moment."""

_KNOWN: Final = SQL("SELECT 1 FROM employee WHERE employee_id = %(employee)s AND {}").format(VALID)
_PAGE: Final = SQL(
    """
    WITH {held},
    placed AS (
        SELECT concat_ws(' ', kind, record_id, part_id) COLLATE "C" AS key, kind, account_id,
            CASE kind WHEN 'opportunity' THEN record_id END AS opportunity_id,
            CASE kind WHEN 'team_role' THEN part_id END AS role,
            region_id, record_id, part_id, valid_from FROM held)
    SELECT * FROM placed WHERE key > %(after)s ORDER BY key LIMIT %(limit)s"""
).format(held=HELD)
_RECORDS: Final = SQL(
    "WITH {held} SELECT kind, array_agg(DISTINCT record_id ORDER BY record_id) FROM held"
    " GROUP BY kind"
).format(held=HELD)


def exists(connection: Connection[Any], moment: Moment, employee_id: str) -> bool:
    """Whether there was such an employee as of ``moment``, working here or gone."""
    values = {**moment.parameters, "employee": employee_id}
    return connection.execute(_KNOWN, values).fetchone() is not None


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
    if not exists(connection, moment, employee_id):
        return None
    values = {
        **moment.parameters,
        "employee": employee_id,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(PortfolioItem)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def records(connection: Connection[Any], employee_id: str) -> Mapping[str, list[str]]:
    """The ids of all records in which the employee looks after something now, by kind.

    Asked for inside :func:`readmodels.reading.reading`.
    """
    values = {**Moment().parameters, "employee": employee_id}
    return dict(connection.execute(_RECORDS, values).fetchall())
