"""What one employee has to do, across all accounts and kinds of records, those due first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels import account_teams, approvals, interactions
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = (
    "organization",
    "accounts",
    "account_teams",
    "contracts",
    "approvals",
    "account_plans",
    "joint_projects",
    "interactions",
    "tasks",
)
"""The read models it rests on."""

WorkKind = Literal["task", "approval", "plan_action", "milestone", "follow_up", "contract", "gap"]
"""What somebody has to do."""


class WorkItem(NamedTuple):
    """One thing an employee has to do."""

    kind: WorkKind
    record_id: str
    """The task, approval, plan, project, interaction, contract or account."""
    part_id: str | None
    """Which part of the record: a step, an action, a milestone, a follow-up or a role."""
    account_id: str | None
    title: str
    due_on: str | None
    """The last day on which it is not overdue, ISO 8601; ``None``: no day was set."""
    overdue: bool
    since: datetime
    """Since when it has been theirs; of a milestone and a gap, since when the record stands so."""
    place: str
    """Where it stands in the list."""


class WorkCount(NamedTuple):
    """How much there is of one kind."""

    kind: WorkKind
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSelection:
    """Work that meets every condition given; without one, all of it."""

    kind: WorkKind | None = None
    account: str | None = None
    due_to: date | None = None
    """Due on this day or earlier."""

    @property
    def parameters(self) -> Mapping[str, str | None]:
        """The parameters of the conditions."""
        due_to = None if self.due_to is None else self.due_to.isoformat()
        return {"kind": self.kind, "account": self.account, "due_to": due_to}


ALL_WORK: Final = WorkSelection()

_WORK: Final = SQL(
    """
    {inbox}, {lacking}, {promised},
    open_work (kind, record_id, part_id, account_id, title, due_on, since) AS (
        SELECT 'task', task_id, NULL, account_id, title, due_on, owner_since
        FROM task WHERE owner_id = %(employee)s AND state = 'open' AND {valid}
        UNION ALL
        SELECT 'approval', approval_id, step::text, account_id,
            concat(subject_kind, ' ', subject_id), due_on, requested_at
        FROM inbox
        UNION ALL
        SELECT 'plan_action', plan_id, act ->> 'action_id', account_id, act ->> 'statement',
            act ->> 'due_on', greatest(
                (doers -> (act ->> 'action_id') ->> 0)::timestamptz, active_since)
        FROM account_plan CROSS JOIN LATERAL jsonb_array_elements(content -> 'actions') AS act
        WHERE state = 'active' AND NOT done ? (act ->> 'action_id') AND {valid}
            AND coalesce(doers -> (act ->> 'action_id') ->> 1, act ->> 'owner_id') = %(employee)s
        UNION ALL
        SELECT 'milestone', project_id, reached.key, account_id, reached.value ->> 'name',
            reached.value ->> 'due_on', valid_from
        FROM joint_project CROSS JOIN LATERAL jsonb_each(milestones) AS reached
        WHERE closed_at IS NULL AND reached.value ->> 'state' = 'open' AND {valid}
            AND (members ? ('ours/' || %(employee)s) OR (
                account_id IN (SELECT account_id FROM account_then WHERE owner_id = %(employee)s)
                AND NOT EXISTS (SELECT FROM here WHERE members ? ('ours/' || here.employee_id))))
        UNION ALL
        SELECT 'follow_up', interaction_id, follow_up_id, account_id, text, due_on, owner_since
        FROM promised WHERE owner_id = %(employee)s AND done_at IS NULL
        UNION ALL
        SELECT 'contract', contract_id, NULL, account_id, concat('contract ', contract_id), NULL,
            drafted.valid_from
        FROM (SELECT * FROM contract WHERE state = 'drafted' AND {valid}) AS drafted
        LEFT JOIN account_then USING (account_id)
        WHERE coalesce(drafted.owner_id, account_then.owner_id) = %(employee)s
        UNION ALL
        SELECT 'gap', account_id, gap, account_id, gap, NULL, valid_from
        FROM lacking CROSS JOIN LATERAL unnest(gaps) AS gap WHERE owner_id = %(employee)s),
    wanted AS (
        SELECT kind, record_id, part_id, account_id, title, due_on,
            coalesce(due_on < to_char(%(today)s, 'YYYY-MM-DD'), false) AS overdue, since,
            concat_ws(' ', coalesce(due_on, '9999-99-99'), kind, record_id, part_id)
                COLLATE "C" AS place
        FROM open_work
        WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
            AND (%(account)s::text IS NULL OR account_id = %(account)s)
            AND (%(due_to)s::text IS NULL OR due_on <= %(due_to)s))"""
).format(
    inbox=approvals.INBOX,
    lacking=account_teams.LACKING,
    promised=interactions.PROMISED,
    valid=VALID,
)
_PAGE: Final = SQL(
    "WITH {work} SELECT * FROM wanted WHERE place > %(after)s ORDER BY place LIMIT %(limit)s"
).format(work=_WORK)
_COUNTS: Final = SQL(
    "WITH {work} SELECT kind, count(*), count(*) FILTER (WHERE overdue) FROM wanted"
    " GROUP BY kind ORDER BY kind"
).format(work=_WORK)


def open_work(
    connection: Connection[Any],
    moment: Moment,
    *,
    employee_id: str,
    today: date,
    selection: WorkSelection = ALL_WORK,
    after: str = "",
    limit: int = 100,
) -> tuple[WorkItem, ...]:
    """Up to ``limit`` things the employee had to do as of ``moment``, those due first at the front.

    ``today`` is the day on which something is overdue and a delegation holds. What has no day
    comes last. Milestones are for those of us who take part, else for the owner of the account.
    ``after`` is the ``place`` of the one before the page. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = _values(moment, employee_id, today, selection)
    paged = {**values, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(WorkItem)) as cursor:
        return tuple(cursor.execute(_PAGE, paged))


def counts(
    connection: Connection[Any],
    moment: Moment,
    *,
    employee_id: str,
    today: date,
    selection: WorkSelection = ALL_WORK,
) -> tuple[WorkCount, ...]:
    """How much of each kind there was, and how much of that was overdue; no row for none."""
    values = _values(moment, employee_id, today, selection)
    with connection.cursor(row_factory=args_row(WorkCount)) as cursor:
        return tuple(cursor.execute(_COUNTS, values))


def _values(
    moment: Moment, employee_id: str, today: date, selection: WorkSelection
) -> Mapping[str, Any]:
    return {
        **moment.parameters,
        **selection.parameters,
        "employee": employee_id,
        "today": today,
    }
