"""What the customers we have bought beyond what they had."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.metrics.expansion import Purchase, expansion
from readmodels.moment import VALID, Moment
from readmodels.selection import Selection, parameters, selected

READS: Final = ("organization", "products", "accounts", "funnel")
"""The read models it rests on."""

METRIC: Final = "expansion_revenue"
"""The metric it computes."""

_PURCHASES: Final = SQL(
    """{selected},
    product_then AS (SELECT product_id, series FROM product WHERE {valid}),
    won AS (
        SELECT account_id, product_id, series, currency, amount_minor,
            (closed_at AT TIME ZONE ledger.zone)::date AS day
        FROM selected LEFT JOIN product_then USING (product_id) CROSS JOIN ledger
        WHERE state = 'won' AND account_id IS NOT NULL)
    SELECT account_id, product_id, series, min(day), currency,
        coalesce(sum(amount_minor) FILTER (WHERE day >= %(first_day)s), 0)::bigint
    FROM won WHERE day <= %(last_day)s
    GROUP BY account_id, product_id, series, currency"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpansionRow:
    """What was sold beyond, in minor units of one currency."""

    currency: str
    accounts: int
    up_sell_minor: int
    cross_sell_minor: int
    total_minor: int


def expansion_revenue(
    connection: Connection[Any],
    moment: Moment,
    *,
    first_day: date,
    last_day: date,
    account: str | None = None,
) -> tuple[ExpansionRow, ...]:
    """Up-sell and cross-sell from ``first_day`` to ``last_day``, both inclusive, a row a currency.

    Of one account or of all; often empty. Asked for inside :func:`readmodels.reading.reading`.
    """
    selection = Selection(account=account)
    query = _PURCHASES.format(selected=selected(selection), valid=VALID)
    values = parameters(selection, moment) | {"first_day": first_day, "last_day": last_day}
    with connection.cursor(row_factory=args_row(Purchase)) as cursor:
        found = expansion(cursor.execute(query, values), first_day)
    return tuple(
        ExpansionRow(
            currency=currency,
            accounts=one.accounts,
            up_sell_minor=one.up_sell,
            cross_sell_minor=one.cross_sell,
            total_minor=one.up_sell + one.cross_sell,
        )
        for currency, one in found.items()
    )
