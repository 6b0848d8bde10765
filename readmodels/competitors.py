"""Who attacks what we have or want at customers."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.competitors import CompetitorRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("competitors",)
"""The read model it rests on."""

_PAGE: Final = SQL(
    """
    SELECT * FROM competitor WHERE {valid} AND entry_id > %(after)s
        AND (%(account)s::text IS NULL OR account_id = %(account)s)
        AND (%(opportunity)s::text IS NULL OR opportunity_id = %(opportunity)s)
        AND (%(active)s::boolean IS NULL OR active = %(active)s)
    ORDER BY entry_id LIMIT %(limit)s"""
).format(valid=VALID)


def competitors(
    connection: Connection[Any],
    moment: Moment,
    *,
    account: str | None = None,
    opportunity: str | None = None,
    active: bool | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[CompetitorRow, ...]:
    """Up to ``limit`` entries as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "account": account,
        "opportunity": opportunity,
        "active": active,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(CompetitorRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
