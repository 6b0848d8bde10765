"""What is in the pipeline, one by one."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL, Identifier

from projections.funnel import OpportunityRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded
from readmodels.selection import EVERYTHING, Selection, parameters, selected

READS: Final = ("organization", "accounts", "funnel")
"""The read models it rests on. What it lists is what the funnel counts: the same rows."""

_ONE: Final = SQL("SELECT * FROM opportunity WHERE opportunity_id = %(id)s AND {}").format(VALID)


def opportunities(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: Selection = EVERYTHING,
    after: str = "",
    limit: int = 100,
) -> tuple[OpportunityRow, ...]:
    """Up to ``limit`` opportunities as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    query = SQL(
        "{} SELECT {} FROM selected WHERE opportunity_id > %(after)s"
        " ORDER BY opportunity_id LIMIT %(limit)s"
    ).format(
        selected(selection),
        SQL(", ").join(Identifier(column) for column in OpportunityRow._fields),
    )
    values = parameters(selection, moment) | {"after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(OpportunityRow)) as cursor:
        return tuple(cursor.execute(query, values))


def opportunity(
    connection: Connection[Any], moment: Moment, opportunity_id: str
) -> OpportunityRow | None:
    """The opportunity as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(OpportunityRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": opportunity_id}).fetchone()
