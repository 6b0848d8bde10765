"""What goes on around one employee: plans, projects, talks and documents of their accounts.

Their accounts are those they own and those in whose teams they have a role.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.account_plans import AccountPlanRow
from projections.solution_documents import SolutionDocumentRow
from readmodels.account_plans import attainments, content_of
from readmodels.interactions import KNOWN
from readmodels.moment import VALID, Moment

READS: Final = (
    "accounts",
    "account_teams",
    "account_plans",
    "joint_projects",
    "interactions",
    "solution_documents",
)
"""The read models it rests on."""

MOST: Final = 20
"""How many of each are told: the latest of what was, and those that end first of what goes on."""


class PlanProgress(NamedTuple):
    """How far a plan has come that is not closed."""

    plan_id: str
    account_id: str
    fiscal_year: int
    state: str
    ends_on: str
    actions: int
    actions_done: int
    targets: int
    targets_reached: int


class ProjectProgress(NamedTuple):
    """How far a joint project has come that is not closed."""

    project_id: str
    account_id: str
    name: str
    state: str
    milestones: int
    milestones_met: int
    next_due_on: str | None
    """When the next open milestone is due; ``None`` when none is open."""


class RecentInteraction(NamedTuple):
    """What was last done together with a customer."""

    interaction_id: str
    account_id: str
    kind: str
    subject: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What goes on around an employee."""

    plans: tuple[PlanProgress, ...]
    projects: tuple[ProjectProgress, ...]
    interactions: tuple[RecentInteraction, ...]
    documents: tuple[SolutionDocumentRow, ...]


_MINE: Final = SQL(
    """
    mine AS (
        SELECT account_id FROM account WHERE owner_id = %(employee)s AND {valid}
        UNION SELECT account_id FROM account_team
        WHERE %(employee)s IN (solution_architect, delivery_expert, executive_sponsor) AND {valid}),
    these AS (
        SELECT account_id FROM mine
        WHERE %(account)s::text IS NULL OR account_id = %(account)s)"""
).format(valid=VALID)
_PLANS: Final = SQL(
    """
    WITH {mine}
    SELECT * FROM account_plan
    WHERE account_id IN (SELECT account_id FROM these) AND state <> 'closed' AND {valid}
    ORDER BY ends_on, plan_id LIMIT %(most)s"""
).format(mine=_MINE, valid=VALID)
_PROJECTS: Final = SQL(
    """
    WITH {mine}
    SELECT project_id, account_id, name, state,
        (SELECT count(*) FROM jsonb_object_keys(milestones)),
        (SELECT count(*) FROM jsonb_each(milestones) AS one WHERE one.value ->> 'state' = 'met'),
        (SELECT min(one.value ->> 'due_on') FROM jsonb_each(milestones) AS one
            WHERE one.value ->> 'state' = 'open') AS next_due_on
    FROM joint_project
    WHERE account_id IN (SELECT account_id FROM these) AND closed_at IS NULL AND {valid}
    ORDER BY next_due_on, project_id LIMIT %(most)s"""
).format(mine=_MINE, valid=VALID)
_INTERACTIONS: Final = SQL(
    """
    WITH {mine}
    SELECT interaction_id, account_id, kind, subject, occurred_at FROM interaction
    WHERE account_id IN (SELECT account_id FROM these) AND NOT withdrawn AND {known}
    ORDER BY occurred_at DESC, interaction_id LIMIT %(most)s"""
).format(mine=_MINE, known=KNOWN)
_DOCUMENTS: Final = SQL(
    """
    WITH {mine}
    SELECT * FROM solution_document
    WHERE account_id IN (SELECT account_id FROM these) AND {valid}
    ORDER BY valid_from DESC, document_id LIMIT %(most)s"""
).format(mine=_MINE, valid=VALID)


def around(
    connection: Connection[Any], moment: Moment, *, employee_id: str, account: str | None = None
) -> Around:
    """What went on around the employee as of ``moment``, perhaps at one ``account`` only.

    Up to 20 of each; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {**moment.parameters, "employee": employee_id, "account": account, "most": MOST}

    def asked(query: Any, kind: Any) -> tuple[Any, ...]:
        with connection.cursor(row_factory=args_row(kind)) as cursor:
            return tuple(cursor.execute(query, values))

    return Around(
        plans=tuple(_progress(row) for row in asked(_PLANS, AccountPlanRow)),
        projects=asked(_PROJECTS, ProjectProgress),
        interactions=asked(_INTERACTIONS, RecentInteraction),
        documents=asked(_DOCUMENTS, SolutionDocumentRow),
    )


def _progress(row: AccountPlanRow) -> PlanProgress:
    content = content_of(row.content)
    reached = [one for one in attainments(content, row.attained) if one.reached]
    return PlanProgress(
        row.plan_id,
        row.account_id,
        row.fiscal_year,
        row.state,
        row.ends_on,
        len(content.actions),
        len(row.done),
        len(content.targets),
        len(reached),
    )
