"""Who we sell to."""

from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.accounts import AccountRow
from readmodels.conditions import IN_REGION, Conditions, all_of
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "accounts", "account_classes")
"""The read models it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSelection(Conditions):
    """Accounts that meet every condition given; without one, all of them."""

    region: str | None = None
    """In this region or one below it, as the regions lay then."""
    owner: str | None = None
    """The employee who manages the account."""
    sector: str | None = None
    parent: str | None = None
    """The account of the parent company."""


EVERY_ACCOUNT: Final = AccountSelection()

_CONDITIONS: Final = {
    "region": IN_REGION,
    "owner": SQL("owner_id = %(owner)s"),
    "sector": SQL("sector = %(sector)s"),
    "parent": SQL("parent_id = %(parent)s"),
}
_PAGE: Final = SQL(
    "WITH RECURSIVE {tree} SELECT * FROM account WHERE {valid} AND account_id > %(after)s"
    " AND {conditions} ORDER BY account_id LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM account WHERE account_id = %(id)s AND {}").format(VALID)


def accounts(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: AccountSelection = EVERY_ACCOUNT,
    after: str = "",
    limit: int = 100,
) -> tuple[AccountRow, ...]:
    """Up to ``limit`` accounts as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        tree=REGION_TREE,
        valid=VALID,
        conditions=all_of(_CONDITIONS, given),
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(AccountRow)) as cursor:
        return tuple(cursor.execute(query, values))


def account(connection: Connection[Any], moment: Moment, account_id: str) -> AccountRow | None:
    """The account as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(AccountRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": account_id}).fetchone()
