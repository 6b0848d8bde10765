"""Signals of accounts: as rows to be read, and as a frame to be scored."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import polars as pl
from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events import signal_kinds
from readmodels.frames import copied_out, micros, parts_copied_out
from readmodels.moment import Moment
from readmodels.reading import bounded

READS: Final = ("signals",)
"""The read model it rests on."""

_MICROS: Final = pl.Datetime("us", "UTC")
FRAME: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "position": pl.Int64(),
        "number": pl.Int64(),
        "kind": pl.String(),
        "magnitude": pl.Int64(),
        "occurred_at": _MICROS,
        "recorded_at": _MICROS,
        "event_id": pl.String(),
        "known_to": _MICROS,
    }
)
"""The columns of a frame of signals; ``known_to`` is null where a signal goes on counting."""

TOLD: Final = pl.Schema(
    {
        **{name: kind for name, kind in FRAME.items() if name != "known_to"},
        "ended_at_position": pl.Int64(),
    }
)
"""The columns of the frames of :func:`told`."""

SignalKind = signal_kinds.SignalKind
"""What a signal is of."""

_NUMBERS: Final = 16
"""More than one fact has signals."""


class CountedSignal(NamedTuple):
    """A signal that counts as of a moment."""

    account_id: str
    position: int
    number: int
    kind: str
    magnitude: int
    """In millionths."""
    occurred_at: datetime
    recorded_at: datetime
    event_id: str


COUNTED: Final = SQL(
    """recorded_at <= %(known_at)s AND occurred_at < %(valid_before)s
    AND NOT EXISTS (
        SELECT FROM signal_end WHERE signal_end.position = signal.position
            AND signal_end.number = signal.number AND signal_end.known_to <= %(known_at)s)"""
)
"""Picks the signals that count, with the parameters of a :class:`~readmodels.moment.Moment`."""

_PAGE: Final = SQL(
    """
    SELECT account_id, position, number, kind, magnitude, occurred_at, recorded_at, event_id
    FROM signal WHERE account_id = %(account)s AND {counted}
        AND (%(kind)s::text IS NULL OR kind = %(kind)s)
        AND (%(before)s = 0
            OR position <= %(before)s / {numbers}
            AND position * {numbers} + number < %(before)s)
    ORDER BY position DESC, number DESC LIMIT %(limit)s"""
).format(counted=COUNTED, numbers=_NUMBERS)
_ALL: Final = SQL(
    """
    COPY (
        SELECT account_id, position, number, kind, magnitude, {occurred_at}, {recorded_at},
            signal.event_id, {known_to}
        FROM signal LEFT JOIN (SELECT position, number, known_to FROM signal_end) AS ended
            USING (position, number)
        WHERE (%(accounts)s::text[] IS NULL OR account_id = ANY(%(accounts)s::text[]))
            AND (%(since)s::timestamptz IS NULL OR occurred_at >= %(since)s)
        ORDER BY position, number)
    TO STDOUT (FORMAT csv)"""
).format(**{name: micros(name) for name in ("occurred_at", "recorded_at", "known_to")})

_TOLD: Final = SQL(
    """
    COPY (
        SELECT account_id, position, number, kind, magnitude, {occurred_at}, {recorded_at},
            signal.event_id, ended_at_position
        FROM signal LEFT JOIN (SELECT position, number, ended_at_position FROM signal_end) AS ended
            USING (position, number)
        ORDER BY account_id, position, number)
    TO STDOUT (FORMAT csv)"""
).format(**{name: micros(name) for name in ("occurred_at", "recorded_at")})


def signals(
    connection: Connection[Any],
    moment: Moment,
    account_id: str,
    *,
    kind: str | None = None,
    before: int = 0,
    limit: int = 100,
) -> tuple[CountedSignal, ...]:
    """Up to ``limit`` signals of an account that count as of ``moment``, recorded last first.

    ``before`` is the :func:`place` of the one before the page. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "account": account_id,
        "kind": kind,
        "before": before,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(CountedSignal)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def place(signal: CountedSignal) -> int:
    """Where a signal stands in the order of the log."""
    return signal.position * _NUMBERS + signal.number


def signal_frame(
    connection: Connection[Any],
    account_ids: Sequence[str] | None = None,
    *,
    since: datetime | None = None,
) -> pl.DataFrame:
    """Every signal there ever was of these accounts, or of all, in order; the columns of FRAME.

    With ``since``, of what occurred then or later.
    What counts as of a moment is left to whoever scores: one frame answers for every day and for
    whatever was known. ``connection`` is inside :func:`readmodels.reading.reading`.
    """
    values = {"accounts": None if account_ids is None else list(account_ids), "since": since}
    return copied_out(connection, _ALL, values, FRAME)


def told(connection: Connection[Any], octets: int) -> Iterator[pl.DataFrame]:
    """Every signal there ever was, by account, in frames of some ``octets`` of text each.

    The columns of a frame of signals, and the position of the fact that ends each, in the place of
    when that was known. ``connection`` is inside :func:`readmodels.reading.reading`, and does
    nothing else meanwhile.
    """
    return parts_copied_out(connection, _TOLD, {}, TOLD, octets)


def how_many(connection: Connection[Any]) -> int:
    """How many signals there ever were."""
    row = connection.execute("SELECT count(*) FROM signal").fetchone()
    assert row is not None
    return int(row[0])


def counted(frame: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """The signals of ``frame`` that count as of ``moment``."""
    ended = pl.col("known_to") <= moment.known_at
    return frame.filter(
        pl.col("recorded_at") <= moment.known_at,
        pl.col("occurred_at") < moment.valid_before,
        ended.is_null() | ~ended,
    )
