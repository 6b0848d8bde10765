"""Tasks one by one, and who has answered for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.tasks import State, TaskRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("tasks",)
"""The read model it rests on."""

TaskState = State
"""Where a task stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSelection:
    """Tasks that meet every condition given; without one, all of them."""

    owner: str | None = None
    account: str | None = None
    state: str | None = None
    rule: str | None = None
    """Those that come from this rule."""
    due_to: date | None = None
    """Due on this day or earlier."""

    @property
    def conditions(self) -> Mapping[str, str]:
        """The conditions given, by name."""
        given = {
            "owner": self.owner,
            "account": self.account,
            "state": self.state,
            "rule": self.rule,
            "due_to": None if self.due_to is None else self.due_to.isoformat(),
        }
        return {name: value for name, value in given.items() if value is not None}


EVERY_TASK: Final = TaskSelection()


class Ownership(NamedTuple):
    """Who answered for a task, and since when."""

    owner_id: str
    since: datetime


_CONDITIONS: Final = {
    "owner": SQL("owner_id = %(owner)s"),
    "account": SQL("account_id = %(account)s"),
    "state": SQL("state = %(state)s"),
    "rule": SQL("rule_id = %(rule)s"),
    "due_to": SQL("due_on <= %(due_to)s"),
}
_PAGE: Final = SQL(
    "SELECT * FROM task WHERE {valid} AND task_id > %(after)s"
    " AND {conditions} ORDER BY task_id LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM task WHERE task_id = %(id)s AND {}").format(VALID)
_OWNERS: Final = """
    SELECT owner_id, owner_since FROM task
    WHERE task_id = %(id)s AND known_from <= %(known_at)s AND valid_from < %(valid_before)s
    GROUP BY owner_id, owner_since ORDER BY min(version)"""


def tasks(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: TaskSelection = EVERY_TASK,
    after: str = "",
    limit: int = 100,
) -> tuple[TaskRow, ...]:
    """Up to ``limit`` tasks as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        valid=VALID,
        conditions=SQL(" AND ").join([SQL("true"), *(_CONDITIONS[name] for name in given)]),
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(TaskRow)) as cursor:
        return tuple(cursor.execute(query, values))


def task(connection: Connection[Any], moment: Moment, task_id: str) -> TaskRow | None:
    """The task as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(TaskRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": task_id}).fetchone()


def owners(connection: Connection[Any], moment: Moment, task_id: str) -> tuple[Ownership, ...]:
    """Everybody who answered for the task up to ``moment``, one after the other, the first first.

    Each until the next; empty when there was no such task.
    """
    with connection.cursor(row_factory=args_row(Ownership)) as cursor:
        return tuple(cursor.execute(_OWNERS, {**moment.parameters, "id": task_id}))
