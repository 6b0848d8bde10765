"""What signals add up to for one day: one pass over them, then sums of few cells per account."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from events.policies.scoring import Component, Csat, DecayedSum, Plain
from projections.scoring.arithmetic import fading
from projections.scoring.plan import DETRACTOR, PROMOTER, Plan, known, order

_PART: Final = 2**10
"""Weights are summed in three parts of ten bits, so that sums of 2^20 signals stay in 64 bits."""


def totals(
    signals: pl.LazyFrame, plan: Plan, as_of: date, zone: str, known_at: datetime | None
) -> pl.LazyFrame:
    """A row for each account with a signal that counts; columns by the places of components.

    ``n``, ``of``, ``cap`` count; ``sum`` adds magnitudes; ``good`` and ``bad`` count answers;
    ``last`` is a magnitude, ``day`` a day, ``faded`` a sum in 2^-30.
    """
    seen = known(signals, plan, as_of, as_of, zone, known_at=known_at)
    aged = seen.join(_ages(plan, as_of).lazy(), on="day")
    cells = aged.group_by("account_id", "kind", "reach").agg(_of_cell(plan))
    return cells.group_by("account_id").agg(_of_account(plan)).with_columns(as_of=pl.lit(as_of))


def _ages(plan: Plan, as_of: date) -> pl.DataFrame:
    """A row a day: how many windows it lies outside of, and what is left of it by half-life."""
    days = plan.windows[-1]
    columns = {
        "day": [as_of - timedelta(days=age) for age in range(days)],
        "reach": [sum(age >= window for window in plan.windows) for age in range(days)],
    }
    schema: dict[str, pl.DataType] = {"day": pl.Date(), "reach": pl.UInt8()}
    for half_life in plan.half_lives:
        for part in range(3):
            weights = fading(half_life, days)
            columns[f"left{half_life}.{part}"] = [
                weight // _PART**part % _PART if part < 2 else weight // _PART**2
                for weight in weights
            ]
            schema[f"left{half_life}.{part}"] = pl.Int64()
    return pl.DataFrame(columns, schema=schema)


def _of_cell(plan: Plan) -> Iterator[pl.Expr]:
    magnitude = pl.col("magnitude")
    yield pl.len().cast(pl.Int64).alias("n")
    if plan.has("sum", "mean"):
        yield magnitude.sum().alias("sum")
    if plan.has("nps"):
        yield (magnitude >= PROMOTER).sum().cast(pl.Int64).alias("promoters")
        yield (magnitude <= DETRACTOR).sum().cast(pl.Int64).alias("detractors")
    for threshold in plan.thresholds:
        yield (magnitude >= threshold).sum().cast(pl.Int64).alias(f"from{threshold}")
    if plan.has("days_since"):
        yield pl.col("day").max()
    if plan.has("last"):
        yield magnitude.max_by(order()).alias("last")
        yield order().max().alias("order")
    for half_life in plan.half_lives:
        for part in range(3):
            left = f"left{half_life}.{part}"
            yield (magnitude * pl.col(left)).sum().alias(left)


def _of_account(plan: Plan) -> Iterator[pl.Expr]:
    for count in plan.counts:
        within = _within(plan, count.kinds, count.window_days)
        yield pl.col("n").filter(within).sum().alias(count.name)
    for place, component in enumerate(plan.policy.components):
        within = _within(plan, component.kinds, component.window_days)
        for name, found in _measured(component, within):
            yield found.alias(f"{name}{place}")


def _measured(component: Component, within: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    match component.measure:
        case Plain(aggregation="sum" | "mean"):
            yield "sum", pl.col("sum").filter(within).sum()
        case Plain(aggregation="last"):
            yield "last", pl.col("last").filter(within).max_by(pl.col("order").filter(within))
        case Plain(aggregation="nps"):
            yield "good", pl.col("promoters").filter(within).sum()
            yield "bad", pl.col("detractors").filter(within).sum()
        case Plain(aggregation="days_since"):
            yield "day", pl.col("day").filter(within).max()
        case Csat(satisfied_from=threshold):
            yield "good", pl.col(f"from{threshold}").filter(within).sum()
        case DecayedSum(half_life_days=half_life):
            parts = (
                pl.col(f"left{half_life}.{part}").filter(within).sum().cast(pl.Int128) * _PART**part
                for part in range(3)
            )
            low, middle, high = parts
            yield "faded", low + middle + high
        case _:
            pass  # what is counted is counted already


def _within(plan: Plan, kinds: tuple[str, ...], window_days: int) -> pl.Expr:
    reach = plan.windows.index(window_days)
    return pl.col("kind").is_in(kinds) & (pl.col("reach") <= reach)
