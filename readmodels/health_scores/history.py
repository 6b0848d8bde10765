"""The scores of an account day by day: as known when each day was closed, or as known now."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import polars as pl
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL

from projections.scoring.daily import scores_daily
from readmodels import accounts
from readmodels.health_scores.scores import (
    OnDay,
    Score,
    Version,
    earliest,
    in_force,
    kept,
    nearest,
    scored,
    told,
    version,
)
from readmodels.signals import signal_frame

DAYS_MAX: Final = 3_660
"""So many days may be asked for at once."""


class _Stretch(NamedTuple):
    """Days that one version makes the scores of."""

    first: date
    last: date
    made_by: Version


_STARTS: Final = SQL(
    """
    SELECT (at AT TIME ZONE ledger.zone)::date FROM (
        SELECT valid_from FROM account WHERE account_id = %(account)s
        UNION SELECT valid_to FROM account WHERE account_id = %(account)s
        UNION SELECT valid_from FROM region UNION SELECT valid_to FROM region) AS moved (at), ledger
    WHERE at IS NOT NULL
    UNION SELECT effective_on::date FROM policy_in_force WHERE kind = 'scoring_policy'"""
)
"""Days on which another version may begin to make the scores."""

_CLOSED: Final = SQL(
    """
    SELECT health_score.* FROM health_score JOIN closed_day USING (day)
    WHERE account_id = %(account)s AND closed AND day BETWEEN %(first)s AND %(last)s
        AND recorded_at <= %(known_at)s"""
)


def daily_scores(
    connection: Connection[Any], on: OnDay, account_id: str, first: date
) -> dict[date, Score]:
    """The score of each day from ``first`` to ``on.day``, both inclusive, as known at one time.

    At most :data:`DAYS_MAX` days. A day before there was the account, or on which no policy holds,
    is not there. ``connection`` is inside :func:`readmodels.reading.reading`.
    """
    stretches = list(_stretches(connection, on, account_id, first))
    if not stretches:
        return {}
    documents = [one.made_by.document for one in stretches]
    since = earliest(OnDay(first, on.known_at, on.zone), documents)
    frame = signal_frame(connection, [account_id], since=since)
    found: dict[date, Score] = {}
    for one in stretches:
        found |= _of_stretch(frame, one, on, account_id)
    return found


def closed_scores(
    connection: Connection[Any], on: OnDay, account_id: str, first: date
) -> dict[date, Score]:
    """The scores of the days up to ``on.day`` that were closed, as known then.

    Of those that were closed by ``on.known_at``.
    """
    values = {
        "account": account_id,
        "first": first.isoformat(),
        "last": on.day.isoformat(),
        "known_at": on.known_at,
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_CLOSED, values).fetchall()
    makers = {(row["policy_id"], row["policy_version"]) for row in rows}
    made_by = {one: version(connection, on, *one) for one in makers}
    return {
        date.fromisoformat(row["day"]): kept(row, maker)
        for row in rows
        if (maker := made_by[row["policy_id"], row["policy_version"]]) is not None
    }


def _stretches(
    connection: Connection[Any], on: OnDay, account_id: str, first: date
) -> Iterator[_Stretch]:
    starts = connection.execute(_STARTS, {"account": account_id}).fetchall()
    days = sorted({first, *(day for (day,) in starts if first < day <= on.day)})
    for day, following in zip(days, [*days[1:], on.day + timedelta(days=1)], strict=True):
        here = OnDay(day, on.known_at, on.zone)
        row = accounts.account(connection, here.moment, account_id)
        maker = None if row is None else nearest(in_force(connection, here), row.region_id)
        if maker is not None:
            yield _Stretch(day, following - timedelta(days=1), maker)


def _of_stretch(
    frame: pl.DataFrame, stretch: _Stretch, on: OnDay, account_id: str
) -> dict[date, Score]:
    first, last, maker = stretch
    # Days on which nothing counts are all alike.
    (nothing,) = scored(frame.clear().lazy(), maker, on, [account_id])
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found = {day: nothing._replace(day=day) for day in days}
    frames: Sequence[pl.DataFrame] = list(
        scores_daily(frame.lazy(), maker.document, first, last, on.zone.key, known_at=on.known)
    )
    for part in frames:
        found |= {row["as_of"]: told(row, maker) for row in part.iter_rows(named=True)}
    return found
