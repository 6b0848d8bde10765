"""What a day that is closed came to: how many accounts lie in which band, and who is worst."""

from typing import Any, Final, NamedTuple

from psycopg import Connection

READS: Final = ("signals",)
"""The read model it rests on."""

WORST: Final = 3
"""How many accounts are told, the lowest scores first."""

_BANDS: Final = """
    SELECT band, count(*) FROM health_score
    WHERE closed AND day = %s GROUP BY band ORDER BY min(score) NULLS LAST, band"""
_MOVED: Final = """
    SELECT count(*) FILTER (WHERE health_score.band IS DISTINCT FROM before.band)
    FROM health_score JOIN health_score AS before USING (account_id)
    WHERE health_score.day = %s AND before.day = (%s::date - 1)::text AND before.closed
    HAVING count(*) > 0"""
_WORST: Final = """
    SELECT account_id, score FROM health_score
    WHERE closed AND day = %s AND score IS NOT NULL ORDER BY score, account_id LIMIT %s"""


class ClosedDay(NamedTuple):
    """The scores of a day, as known when it was closed."""

    bands: tuple[tuple[str | None, int], ...]
    """How many accounts lie in each, the lowest first; ``None``: nothing was measured."""
    moved: int | None
    """How many lay in another band the day before; ``None`` where that was not scored."""
    worst: tuple[tuple[str, int], ...]
    """Accounts with their scores, in millionths of a point."""


def closed_day(connection: Connection[Any], day: str) -> ClosedDay:
    """What ``day`` (ISO 8601) came to; asked for inside :func:`readmodels.reading.reading`."""
    bands = connection.execute(_BANDS, [day]).fetchall()
    row = connection.execute(_MOVED, [day, day]).fetchone()
    worst = connection.execute(_WORST, [day, WORST]).fetchall()
    return ClosedDay(tuple(bands), row[0] if row else None, tuple(worst))
