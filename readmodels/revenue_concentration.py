"""How much of our revenue comes from how few accounts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.sql import SQL

from projections.metrics.value import revenue_concentration
from readmodels.moment import Moment
from readmodels.selection import EVERYTHING, Selection, parameters, selected

READS: Final = ("organization", "accounts", "funnel")
"""The read models it rests on."""

METRIC: Final = "revenue_concentration"
"""The metric it computes."""

_REVENUES: Final = """
    SELECT currency, account_id, sum(amount_minor)::bigint
    FROM selected WHERE state = 'won' GROUP BY currency, account_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcentrationRow:
    """The concentration of won revenue in one currency, in its minor units."""

    currency: str
    accounts: int
    """With won revenue."""
    top_accounts: int
    total_minor: int
    top_minor: int
    share_bp: int | None
    """In basis points, half up; ``None`` where there is no revenue."""
    unassigned_minor: int
    """Won for no account; it is not in the total."""


def concentration(
    connection: Connection[Any],
    moment: Moment,
    *,
    top_percent: int,
    selection: Selection = EVERYTHING,
) -> tuple[ConcentrationRow, ...]:
    """The share of the top ``top_percent`` (1 to 100) of accounts, a row a currency; often empty.

    Asked for inside :func:`readmodels.reading.reading`.
    """
    query = SQL("{} {}").format(selected(selection), SQL(_REVENUES))
    revenues: dict[str, list[int]] = defaultdict(list)
    unassigned: dict[str, int] = {}
    for currency, account_id, minor in connection.execute(query, parameters(selection, moment)):
        if account_id is None:
            unassigned[currency] = minor
        else:
            revenues[currency].append(minor)
    return tuple(
        _row(currency, revenues[currency], unassigned.get(currency, 0), top_percent)
        for currency in sorted(revenues.keys() | unassigned.keys())
    )


def _row(currency: str, revenues: list[int], unassigned: int, top_percent: int) -> ConcentrationRow:
    found = revenue_concentration(revenues, top_percent)
    return ConcentrationRow(
        currency=currency,
        accounts=found.accounts,
        top_accounts=found.top_accounts,
        total_minor=found.total,
        top_minor=found.top,
        share_bp=found.share_bp,
        unassigned_minor=unassigned,
    )
