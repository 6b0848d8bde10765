"""How companies are linked."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.account_links import AccountLinkRow
from readmodels.moment import Moment
from readmodels.reading import bounded

READS: Final = ("account_links",)
"""The read models it rests on."""

HELD: Final = """
    known_from <= %(known_at)s AND (known_to IS NULL OR known_to > %(known_at)s)
    AND from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s)"""
"""Picks the links that held on a day, as far as it was known: a link has days of its own."""

_PAGE: Final = SQL(
    "SELECT * FROM account_link WHERE"
    + HELD
    + """ AND link_id > %(after)s
        AND (%(account)s::text IS NULL OR %(account)s IN (account_id, other_id))
        AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    ORDER BY link_id LIMIT %(limit)s"""
)


def account_links(
    connection: Connection[Any],
    moment: Moment,
    day: date,
    *,
    account: str | None = None,
    kind: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[AccountLinkRow, ...]:
    """Up to ``limit`` links that held on ``day``, as known at ``moment``, from after ``after``.

    In order of their ids, from either side; often empty, and asked for inside
    :func:`readmodels.reading.reading`.
    """
    values: Mapping[str, Any] = {
        **moment.parameters,
        "day": day.isoformat(),
        "account": account,
        "kind": kind,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(AccountLinkRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
