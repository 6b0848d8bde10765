"""From sums to points: what each component measures, and what that is worth."""

from functools import reduce
from itertools import pairwise

import polars as pl

from events.policies.scoring import (
    POINT,
    Component,
    Csat,
    DecayedSum,
    Line,
    Plain,
    Point,
    ScoringPolicy,
    Share,
    Steps,
)
from projections.scoring.arithmetic import WHOLE, half_up, rounded


def raw(component: Component, place: int) -> pl.Expr:
    """The raw value of the component in millionths; null where it is missing."""
    count = pl.col(f"n{place}")
    found = _raw(component, place, count)
    match component.measure:
        case DecayedSum() | Share() | Plain(aggregation="count" | "sum"):
            return found
        case _:
            return pl.when(count > 0).then(found)


def _raw(component: Component, place: int, count: pl.Expr) -> pl.Expr:  # noqa: PLR0911 - one a measure
    match component.measure:
        case Plain(aggregation="count"):
            return count * POINT
        case Plain(aggregation="sum"):
            return pl.col(f"sum{place}")
        case Plain(aggregation="mean"):
            return half_up(pl.col(f"sum{place}"), count)
        case Plain(aggregation="last"):
            return pl.col(f"last{place}")
        case Plain(aggregation="nps"):
            ahead = pl.col(f"good{place}") - pl.col(f"bad{place}")
            return half_up(ahead * (100 * POINT), count)
        case Plain():
            return (pl.col("as_of") - pl.col(f"day{place}")).dt.total_days() * POINT
        case DecayedSum():
            return half_up(pl.col(f"faded{place}"), WHOLE).cast(pl.Int64)
        case Share():
            whole = pl.col(f"of{place}")
            return pl.when(whole > 0).then(half_up(count * (100 * POINT), whole))
        case Csat():
            return half_up(pl.col(f"good{place}") * (100 * POINT), count)


def points(component: Component, measured: pl.Expr, policy: ScoringPolicy) -> pl.Expr:
    """What a raw value is worth, rounded; what a missing one counts, or null to leave it out."""
    mapping = component.mapping
    worth = (
        _on_line(mapping, measured) if isinstance(mapping, Line) else _on_step(mapping, measured)
    )
    found = pl.when(measured.is_not_null()).then(rounded(worth, policy.rounding.component))
    match component.missing:
        case "skip":
            return found
        case "neutral":
            return found.fill_null(policy.neutral)
        case "zero":
            return found.fill_null(0)


def _on_line(line: Line, measured: pl.Expr) -> pl.Expr:
    first = line.points[0]
    found = pl.lit(line.points[-1].points, pl.Int64)
    for before, point in reversed(list(pairwise(line.points))):
        along = _between(before, point, measured)
        found = pl.when(measured <= point.raw).then(along).otherwise(found)
    return pl.when(measured <= first.raw).then(first.points).otherwise(found)


def _between(before: Point, point: Point, measured: pl.Expr) -> pl.Expr:
    run, rise = point.raw - before.raw, point.points - before.points
    along = measured - before.raw
    if (abs(rise) * 2 + 1) * run >= 2**63:
        along = along.cast(pl.Int128)
    return half_up(along * rise, run).cast(pl.Int64) + before.points


def _on_step(steps: Steps, measured: pl.Expr) -> pl.Expr:
    *lower, last = steps.steps
    return reduce(
        lambda above, step: pl.when(measured <= step.up_to).then(step.points).otherwise(above),
        reversed(lower),
        pl.lit(last.points, pl.Int64),
    )
