"""What we do together with customers, and how each project went over time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL, Identifier

from projections.joint_projects import JointProjectRow, State
from readmodels.conditions import Conditions, all_of
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("joint_projects",)
"""The read model it rests on."""

ProjectState = State
"""How a project goes, or how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSelection(Conditions):
    """Projects that meet every condition given; without one, all of them."""

    account: str | None = None
    plan: str | None = None
    state: str | None = None


EVERY_PROJECT: Final = ProjectSelection()


class ProjectLine(NamedTuple):
    """One project in a list, without its milestones and members."""

    project_id: str
    version: int
    account_id: str
    name: str
    plan_id: str | None
    objective_id: str | None
    state: str
    reason: str | None
    closed_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """From when on a project went so, and why."""

    state: str
    reason: str | None
    since: datetime


_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "plan": SQL("plan_id = %(plan)s"),
    "state": SQL("state = %(state)s"),
}
_PAGE: Final = SQL(
    "SELECT {columns} FROM joint_project WHERE {valid} AND project_id > %(after)s"
    " AND {conditions} ORDER BY project_id LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM joint_project WHERE project_id = %(id)s AND {}").format(VALID)
_LIFE: Final = """
    SELECT state, reason, valid_from FROM joint_project
    WHERE project_id = %(id)s AND known_from <= %(known_at)s AND valid_from < %(valid_before)s
    ORDER BY version"""


def joint_projects(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: ProjectSelection = EVERY_PROJECT,
    after: str = "",
    limit: int = 100,
) -> tuple[ProjectLine, ...]:
    """Up to ``limit`` projects as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        columns=SQL(", ").join(Identifier(column) for column in ProjectLine._fields),
        valid=VALID,
        conditions=all_of(_CONDITIONS, given),
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(ProjectLine)) as cursor:
        return tuple(cursor.execute(query, values))


def joint_project(
    connection: Connection[Any], moment: Moment, project_id: str
) -> JointProjectRow | None:
    """The project as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(JointProjectRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": project_id}).fetchone()


def status_history(
    connection: Connection[Any], moment: Moment, project_id: str
) -> tuple[StatusChange, ...]:
    """How the project went up to ``moment``, the first first; empty when there was none."""
    found: list[StatusChange] = []
    for row in connection.execute(_LIFE, {**moment.parameters, "id": project_id}):
        change = StatusChange(*row)
        if not found or (found[-1].state, found[-1].reason) != (change.state, change.reason):
            found.append(change)
    return tuple(found)
