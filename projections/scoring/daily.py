"""Scores of every day: each day's signals are summed once, and windows are differences of sums."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from events.policies.scoring import Component, Csat, DecayedSum, Plain, ScoringPolicy
from projections.scoring.arithmetic import fading
from projections.scoring.convolution import faded
from projections.scoring.plan import DETRACTOR, PROMOTER, Plan, known, order
from projections.scoring.score import scored

_ROWS: Final = 500_000
"""How many days of accounts are worked on at once, so that memory does not grow with accounts."""


def scores_daily(
    signals: pl.LazyFrame,
    policy: ScoringPolicy,
    first: date,
    last: date,
    zone: str,
    *,
    known_at: datetime | None = None,
) -> Iterator[pl.DataFrame]:
    """The scores of each day from ``first`` to ``last``, both inclusive, some accounts at a time.

    The rows of a day are those of :func:`projections.scoring.score.score` for it, as known at
    ``known_at``. Frames are ordered by account and day.
    """
    plan = Plan(policy)
    lead = plan.windows[-1] - 1
    begin, days = first - timedelta(days=lead), lead + (last - first).days + 1
    found = (
        known(signals, plan, first, last, zone, known_at=known_at)
        .group_by("account_id", "day")
        .agg(_of_day(plan))
        .collect(engine="streaming")
    )
    names = found.get_column("account_id").unique().sort()
    told = _placed(found, names, begin, days)
    size = max(1, _ROWS // days)
    for start in range(0, len(names), size):
        some = names.slice(start, size)
        summed = _windowed(_grid(told, start, len(some), begin, days), plan, days)
        of_days = summed.filter((pl.col("row") % days >= lead) & (pl.col("any") > 0)).with_columns(
            account_id=pl.lit(some).gather(pl.col("row") // days)
        )
        yield scored(of_days.rename({"day": "as_of"}).lazy(), policy).collect()


def _placed(found: pl.DataFrame, names: pl.Series, begin: date, days: int) -> pl.DataFrame:
    """What was found, in its ``row`` among all days of all accounts in the order of ``names``."""
    accounts = pl.DataFrame({"account_id": names}).with_row_index("account")
    day = (pl.col("day") - begin).dt.total_days()
    return found.join(accounts, on="account_id").select(
        pl.exclude("account_id", "day", "account"),
        row=pl.col("account").cast(pl.Int64) * days + day,
    )


def _grid(told: pl.DataFrame, start: int, accounts: int, begin: date, days: int) -> pl.DataFrame:
    """A row for each day of the accounts from ``start`` on, in order; 0 where nothing was told."""
    first, rows = start * days, accounts * days
    part = told.filter(pl.col("row").is_between(first, first + rows, closed="left"))
    place = part.get_column("row") - first
    columns = {
        name: pl.zeros(rows, kind, eager=True).scatter(place, part.get_column(name))
        for name, kind in part.schema.items()
        if name != "row"
    }
    return (
        pl.DataFrame(columns)
        .with_row_index("row")
        .with_columns(day=pl.lit(begin) + pl.duration(days=pl.col("row") % days))
    )


def _of_day(plan: Plan) -> Iterator[pl.Expr]:
    """What an account's signals of one day add up to, by the places of components."""
    yield pl.len().cast(pl.Int64).alias("any")
    for count in plan.counts:
        yield pl.col("kind").is_in(count.kinds).sum().cast(pl.Int64).alias(count.name)
    for place, component in enumerate(plan.policy.components):
        for name, found in _measured(component, pl.col("kind").is_in(component.kinds)):
            yield found.alias(f"{name}{place}")


def _measured(component: Component, of_kind: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    magnitude = pl.col("magnitude")

    def counted(condition: pl.Expr) -> pl.Expr:
        return (of_kind & condition).sum().cast(pl.Int64)

    match component.measure:
        case Plain(aggregation="sum" | "mean"):
            yield "sum", magnitude.filter(of_kind).sum()
        case Plain(aggregation="last"):
            yield "last", magnitude.filter(of_kind).max_by(order().filter(of_kind))
        case Plain(aggregation="nps"):
            yield "good", counted(magnitude >= PROMOTER)
            yield "bad", counted(magnitude <= DETRACTOR)
        case Csat(satisfied_from=threshold):
            yield "good", counted(magnitude >= threshold)
        case DecayedSum():
            yield "faded", magnitude.filter(of_kind).sum()
        case _:
            pass  # what is counted is counted already


def _windowed(grid: pl.DataFrame, plan: Plan, days: int) -> pl.DataFrame:
    """The sums of each row's window; those of the lead of an account reach into the one before."""
    sums = {count.name: count.window_days for count in plan.counts} | {"any": plan.windows[-1]}
    found = []
    for place, component in enumerate(plan.policy.components):
        window = component.window_days
        sums |= {
            name: window
            for name in (f"sum{place}", f"good{place}", f"bad{place}")
            if name in grid.columns
        }
        match component.measure:
            case Plain(aggregation="last"):
                found.append(_carried(f"last{place}", f"n{place}", window, f"last{place}"))
            case Plain(aggregation="days_since"):
                found.append(_carried(f"day{place}", f"n{place}", window, "day"))
            case DecayedSum(half_life_days=half_life):
                by_day = grid.get_column(f"faded{place}")
                sums_faded = faded(by_day, days, fading(half_life, window))
                found.append(pl.lit(sums_faded).alias(f"faded{place}"))
            case _:
                pass
    return grid.with_columns(
        *(_sum_of_window(name, window).alias(name) for name, window in sums.items()), *found
    )


def _sum_of_window(name: str, window: int) -> pl.Expr:
    until = pl.col(name).cum_sum()
    return until - until.shift(window, fill_value=0)


def _carried(name: str, count: str, window: int, value: str) -> pl.Expr:
    """What ``value`` was on the last day with a signal, until that has left the window."""
    there = pl.col(count) > 0
    at = pl.when(there).then(pl.col("row")).forward_fill()
    said = pl.when(there).then(pl.col(value)).forward_fill()
    return pl.when(pl.col("row") - at < window).then(said).alias(name)
