"""How the pipeline does: how many, how much, how often won, how fast."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier

from events.values import Money
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded
from readmodels.selection import EVERYTHING, Selection, parameters, selected

READS: Final = ("organization", "accounts", "products", "funnel")
"""The read models it rests on: an answer is as fresh as the slowest of them."""

Dimension = Literal[
    "region", "manager", "agent", "product", "account", "sector", "stage", "month", "quarter"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRow:
    """The opportunities of one group."""

    group: Mapping[Dimension, str | None]
    """What they have in common: ids, a sector, or a month; ``None`` where they have none."""
    names: Mapping[Dimension, Any]
    """The names of what ``group`` names by id; a person's is a sealed value."""
    count: int
    open: int
    won: int
    lost: int
    amounts: tuple[Money, ...]
    """What the won ones brought, by currency in alphabetical order."""
    win_rate_bp: int | None
    """Won of those closed, in basis points, half up; ``None`` when none is closed."""
    days_mean: float | None
    """From the day they were engaged to the day they were won, to two decimals; ``None`` when
    no won one was ever engaged."""
    days_median: float | None


def funnel(
    connection: Connection[Any],
    moment: Moment,
    *,
    group_by: Sequence[Dimension] = (),
    selection: Selection = EVERYTHING,
    skip: int = 0,
    limit: int = 500,
) -> tuple[FunnelRow, ...]:
    """The funnel as of ``moment``, a row a group in the order of their values, ``None`` last.

    Without ``group_by`` it is one row, the total, also of nothing. By region each row holds what
    lies in the region and below it, so these rows do not add up to the total. Region tree,
    managers and sectors are as they were then. ``skip`` rows come before the page, which holds
    up to ``limit``; asked for inside :func:`readmodels.reading.reading`.
    """
    query = SQL(
        "{selected}, grouped AS (SELECT ARRAY[{group}]::text[] AS g, selected.* FROM selected"
        " {within}), {answer}"
    ).format(
        selected=selected(selection),
        group=SQL(", ").join(_value(dimension) for dimension in group_by),
        within=SQL(_WITHIN if "region" in group_by else ""),
        answer=SQL(_ANSWER),
    )
    values = parameters(selection, moment) | {"skip": skip, "limit": bounded(limit)}
    rows = connection.execute(query, values).fetchall()
    if not group_by and not rows and not skip:
        rows = [([], 0, 0, 0, 0, None, None, None)]
    names = {
        dimension: _names(connection, moment, dimension, {row[0][place] for row in rows})
        for place, dimension in enumerate(group_by)
        if dimension in _NAMED
    }
    return tuple(_row(group_by, row, names) for row in rows)


_WITHIN: Final = "LEFT JOIN within ON within.region_id = selected.region_id"
_ANSWER: Final = """
    counted AS (
        SELECT g, count(*) AS all_of_them,
            count(*) FILTER (WHERE state = 'open') AS open,
            count(*) FILTER (WHERE state = 'won') AS won,
            count(*) FILTER (WHERE state = 'lost') AS lost,
            round(avg(days), 2)::float8 AS days_mean,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS days_median
        FROM grouped GROUP BY g),
    paid AS (
        SELECT g, jsonb_object_agg(currency, minor) AS amounts FROM (
            SELECT g, currency, sum(amount_minor)::bigint AS minor
            FROM grouped WHERE state = 'won' GROUP BY g, currency) AS by_currency
        GROUP BY g)
    SELECT g, all_of_them, open, won, lost, amounts, days_mean, days_median
    FROM counted LEFT JOIN paid USING (g)
    ORDER BY g OFFSET %(skip)s LIMIT %(limit)s"""

_NAMED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "region": ("region", "region_id"),
        "manager": ("employee", "employee_id"),
        "agent": ("employee", "employee_id"),
        "product": ("product", "product_id"),
        "account": ("account", "account_id"),
    }
)
"""The dimensions that are ids: the table that has the names, and its column of the id."""


def _value(dimension: Dimension) -> Composable:
    if dimension == "region":
        return SQL("coalesce(within.ancestor_id, selected.region)")
    return SQL("selected.{}").format(Identifier(dimension))


def _names(
    connection: Connection[Any], moment: Moment, dimension: Dimension, ids: Iterable[str | None]
) -> dict[str, Any]:
    table, column = map(Identifier, _NAMED[dimension])
    query = SQL("SELECT {column}, name FROM {table} WHERE {column} = ANY(%(ids)s) AND {valid}")
    values = {**moment.parameters, "ids": [one for one in ids if one is not None]}
    return dict(
        connection.execute(query.format(table=table, column=column, valid=VALID), values).fetchall()
    )


def _row(
    group_by: Sequence[Dimension], row: Any, names: Mapping[Dimension, Mapping[str, Any]]
) -> FunnelRow:
    group, count, still_open, won, lost, amounts, days_mean, days_median = row
    named = dict(zip(group_by, group, strict=True))
    closed = won + lost
    return FunnelRow(
        group=named,
        names={dimension: known.get(named[dimension]) for dimension, known in names.items()},
        count=count,
        open=still_open,
        won=won,
        lost=lost,
        amounts=tuple(
            Money(minor=minor, currency=currency)
            for currency, minor in sorted((amounts or {}).items())
        ),
        win_rate_bp=(2 * 10_000 * won + closed) // (2 * closed) if closed else None,
        days_mean=days_mean,
        days_median=days_median,
    )
