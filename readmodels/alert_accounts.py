"""What an alert needs to know of its account: its place in the company, and who manages there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels.moment import REGION_TREE, VALID, Moment


class AlertAccount(NamedTuple):
    """An account as every condition may name it."""

    account_id: str
    account_class: str
    """``none`` where it is not ranked."""
    sector: str
    """``none`` where nobody knows."""
    region_ids: list[str]
    """Its region and all above it."""


_ACCOUNTS: Final = SQL(
    """
    WITH RECURSIVE {tree},
    class_then AS (SELECT account_id, account_class FROM account_class WHERE {valid})
    SELECT account_id, coalesce(account_class, 'none'), coalesce(sector, 'none'),
        ARRAY(SELECT ancestor_id FROM within WHERE within.region_id = account.region_id)
    FROM account LEFT JOIN class_then USING (account_id)
    WHERE account_id = ANY(%(ids)s) AND {valid}"""
).format(tree=REGION_TREE, valid=VALID)
_MANAGERS: Final = SQL(
    """
    WITH RECURSIVE region_then AS (SELECT * FROM region WHERE {valid}),
    upward (id, steps) AS (
        SELECT region_id, 0 FROM account WHERE account_id = %(account)s AND {valid}
        UNION ALL SELECT parent_id, steps + 1 FROM region_then JOIN upward ON region_id = id
        WHERE parent_id IS NOT NULL) CYCLE id SET again USING way,
    managing AS (
        SELECT employee_id, rank() OVER (ORDER BY steps) AS nearness
        FROM employee JOIN upward ON region_id = id AND NOT again
        WHERE {valid} AND active AND 'sales_manager' = ANY(roles))
    SELECT employee_id FROM managing WHERE nearness = 1 ORDER BY employee_id"""
).format(valid=VALID)


def accounts_of(
    connection: Connection[Any], moment: Moment, account_ids: Sequence[str]
) -> Mapping[str, AlertAccount]:
    """Those of ``account_ids`` that there are, by id; asked for inside ``reading``."""
    values = {**moment.parameters, "ids": list(account_ids)}
    with connection.cursor(row_factory=args_row(AlertAccount)) as cursor:
        return {one.account_id: one for one in cursor.execute(_ACCOUNTS, values)}


def managers_of(connection: Connection[Any], moment: Moment, account_id: str) -> tuple[str, ...]:
    """The sales managers of the account's region, or of the nearest above that has one.

    In order of their ids; often one, none where no region above has any.
    """
    values = {**moment.parameters, "account": account_id}
    return tuple(one for (one,) in connection.execute(_MANAGERS, values))
