"""What waits for whose approval, what was said, and how it ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row, tuple_row
from psycopg.sql import SQL

from projections.approvals import ApprovalRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "approvals")
"""The read models it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSelection:
    """Requests that meet every condition given; without one, all of them."""

    subject_kind: str | None = None
    subject_id: str | None = None
    account: str | None = None
    state: str | None = None


EVERY_APPROVAL: Final = ApprovalSelection()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for somebody, perhaps on behalf of who has delegated it."""

    row: ApprovalRow
    on_behalf_of: str | None


_PAGE: Final = SQL(
    "SELECT * FROM approval WHERE {valid} AND approval_id > %(after)s"
    " AND (%(kind)s::text IS NULL OR subject_kind = %(kind)s)"
    " AND (%(subject)s::text IS NULL OR subject_id = %(subject)s)"
    " AND (%(account)s::text IS NULL OR account_id = %(account)s)"
    " AND (%(state)s::text IS NULL OR state = %(state)s)"
    " ORDER BY approval_id LIMIT %(limit)s"
).format(valid=VALID)
_ONE: Final = SQL("SELECT * FROM approval WHERE approval_id = %(id)s AND {}").format(VALID)
_HISTORY: Final = SQL(
    "SELECT * FROM approval WHERE approval_id = %(id)s AND known_from <= %(known_at)s"
    " AND valid_from < %(valid_before)s ORDER BY version"
)
INBOX: Final = SQL(
    """
    pending AS (SELECT * FROM approval WHERE state = 'pending' AND {valid}),
    staff AS (
        SELECT employee_id, 'employee:' || employee_id || ARRAY(
            SELECT 'role:' || held || '@' || region_id FROM unnest(roles) AS held) AS seats
        FROM employee WHERE active AND {valid}),
    own AS (
        SELECT pending.*, NULL::text AS on_behalf_of
        FROM pending JOIN staff ON pending.waiting && staff.seats
        WHERE staff.employee_id = %(employee)s AND %(employee)s <> ALL (closed_to)),
    delegated AS (
        SELECT pending.*, staff.employee_id AS on_behalf_of
        FROM pending CROSS JOIN jsonb_to_recordset(delegations -> 'delegations')
            AS given (from_employee_id text, to_employee_id text, from_day date, until_day date)
        JOIN staff ON staff.employee_id = given.from_employee_id
            AND pending.waiting && staff.seats
        WHERE given.to_employee_id = %(employee)s AND %(today)s BETWEEN from_day AND until_day
            AND EXISTS (SELECT FROM staff AS taker WHERE taker.employee_id = %(employee)s)
            AND NOT closed_to && ARRAY[%(employee)s, staff.employee_id]),
    inbox AS (
        SELECT DISTINCT ON (approval_id) *
        FROM (SELECT * FROM own UNION ALL SELECT * FROM delegated) AS found
        ORDER BY approval_id, on_behalf_of NULLS FIRST)"""
).format(valid=VALID)
"""Common table expressions: what ``employee`` may decide as of a moment, on the day ``today``."""

_INBOX: Final = SQL(
    "WITH {inbox} SELECT * FROM inbox WHERE approval_id > %(after)s"
    " ORDER BY approval_id LIMIT %(limit)s"
).format(inbox=INBOX)
_OVERDUE: Final = (
    "SELECT approval_id, step FROM approval WHERE state = 'pending' AND valid_to IS NULL"
    " AND overdue_to AND due_on < %(today)s ORDER BY approval_id"
)


def approvals(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: ApprovalSelection = EVERY_APPROVAL,
    after: str = "",
    limit: int = 100,
) -> tuple[ApprovalRow, ...]:
    """Up to ``limit`` requests as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "kind": selection.subject_kind,
        "subject": selection.subject_id,
        "account": selection.account,
        "state": selection.state,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def approval(connection: Connection[Any], moment: Moment, approval_id: str) -> ApprovalRow | None:
    """The request as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": approval_id}).fetchone()


def history(
    connection: Connection[Any], moment: Moment, approval_id: str
) -> tuple[ApprovalRow, ...]:
    """The request as it was after each of its facts up to ``moment``, the first one first."""
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        return tuple(cursor.execute(_HISTORY, {**moment.parameters, "id": approval_id}))


def inbox(
    connection: Connection[Any],
    moment: Moment,
    *,
    employee_id: str,
    today: date,
    after: str = "",
    limit: int = 100,
) -> tuple[Waiting, ...]:
    """Up to ``limit`` requests that ``employee_id`` may decide now, in order of their ids.

    ``today`` is the day on which delegations have to hold. A request that waits for them on
    their own account is told as such, even where it was delegated to them as well.
    """
    values = {
        **moment.parameters,
        "employee": employee_id,
        "today": today,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(_waiting)) as cursor:
        return tuple(cursor.execute(_INBOX, values))


def overdue(connection: Connection[Any], today: date) -> tuple[tuple[str, int], ...]:
    """The requests whose step is overdue on ``today`` and to be escalated, each with that step."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return tuple(cursor.execute(_OVERDUE, {"today": today.isoformat()}))


def _read(*columns: Any) -> ApprovalRow:
    """Lists come as such; rows hold tuples."""
    return ApprovalRow._make(tuple(one) if isinstance(one, list) else one for one in columns)


def _waiting(*columns: Any) -> Waiting:
    return Waiting(_read(*columns[:-1]), columns[-1])
