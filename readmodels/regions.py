"""The tree of regions, and how each of them sells."""

from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization",)
"""The read model it rests on."""


class RegionThen(NamedTuple):
    """One region as it was."""

    region_id: str
    version: int
    name: str
    parent_id: str | None
    mode: str | None
    """Its own: ``direct`` or ``channel``."""
    mode_in_force: str
    """Its own, else the nearest above; ``direct`` where none has one."""
    valid_from: Any
    valid_to: Any
    known_from: Any
    known_to: Any


_PAGE: Final = SQL(
    """
    WITH RECURSIVE region_then AS (SELECT * FROM region WHERE {valid}),
    upward (region_id, above_id, mode, steps) AS (
        SELECT region_id, parent_id, mode, 0 FROM region_then
        UNION ALL SELECT upward.region_id, above.parent_id, above.mode, steps + 1
        FROM upward JOIN region_then AS above ON above.region_id = above_id
        WHERE upward.mode IS NULL AND steps < 100)
    SELECT region_id, version, name, parent_id, mode,
        coalesce((
            SELECT upward.mode FROM upward
            WHERE upward.region_id = region_then.region_id AND upward.mode IS NOT NULL
        ), 'direct'), valid_from, valid_to, known_from, known_to
    FROM region_then WHERE region_id > %(after)s ORDER BY region_id LIMIT %(limit)s"""
).format(valid=VALID)


def regions(
    connection: Connection[Any], moment: Moment, *, after: str = "", limit: int = 100
) -> tuple[RegionThen, ...]:
    """Up to ``limit`` regions as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {**moment.parameters, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(RegionThen)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
