"""Which accounts scores are asked of, and where in the company each of them lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.accounts import account_class
from readmodels.conditions import IN_REGION, Conditions, all_of
from readmodels.moment import REGION_TREE, VALID, Moment

Class = account_class.Class
"""What an account is to us."""


class PlacedAccount(NamedTuple):
    """An account and its place, as they were."""

    account_id: str
    name: str
    region_id: str | None
    owner_id: str | None
    """The employee who manages the account."""
    manager_id: str | None
    """Whom the owner reports to."""
    account_class: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSelection(Conditions):
    """Accounts that meet every condition given; without one, all of them."""

    region: str | None = None
    """In this region or one below it, as the regions lay then."""
    owner: str | None = None
    manager: str | None = None
    account_class: Class | None = None


_CONDITIONS: Final = {
    "region": IN_REGION,
    "owner": SQL("owner_id = %(owner)s"),
    "manager": SQL("manager_id = %(manager)s"),
    "account_class": SQL("account_class = %(account_class)s"),
}
_PLACED: Final = SQL(
    """
    WITH RECURSIVE {tree},
    employee_then AS (SELECT employee_id, manager_id FROM employee WHERE {valid}),
    class_then AS (SELECT account_id, account_class FROM account_class WHERE {valid}),
    account_then AS (SELECT * FROM account WHERE {valid})
    SELECT account_id, name, region_id, owner_id, manager_id, account_class
    FROM account_then LEFT JOIN employee_then ON employee_id = owner_id
        LEFT JOIN class_then USING (account_id)
    WHERE {conditions} ORDER BY account_id"""
)
_NAMES: Final = {
    "region": SQL("SELECT region_id, name FROM region WHERE {} AND region_id = ANY(%(ids)s)"),
    "employee": SQL(
        "SELECT employee_id, name FROM employee WHERE {} AND employee_id = ANY(%(ids)s)"
    ),
}


def placed(
    connection: Connection[Any], moment: Moment, selection: PlaceSelection
) -> tuple[PlacedAccount, ...]:
    """The accounts of ``selection`` as of ``moment``, in order of their ids; often empty.

    Asked for inside :func:`readmodels.reading.reading`, which leaves those that may be seen.
    """
    given = selection.conditions
    query = _PLACED.format(tree=REGION_TREE, valid=VALID, conditions=all_of(_CONDITIONS, given))
    with connection.cursor(row_factory=args_row(PlacedAccount)) as cursor:
        return tuple(cursor.execute(query, {**moment.parameters, **given}))


def names(
    connection: Connection[Any], moment: Moment, of: str, ids: Iterable[str]
) -> dict[str, Any]:
    """What each region or employee of ``ids`` is called; of a person sealed as it is stored."""
    query = _NAMES[of].format(VALID)
    return dict(connection.execute(query, {**moment.parameters, "ids": list(ids)}).fetchall())
