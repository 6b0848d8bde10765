"""One function from signals and a policy to scores, whoever asks for how many accounts."""

from datetime import date, datetime

import polars as pl

from events.policies.scoring import ScoringPolicy
from projections.scoring.arithmetic import half_up, quotient, total
from projections.scoring.measures import points, raw
from projections.scoring.plan import Plan
from projections.scoring.totals import totals


def score(
    signals: pl.LazyFrame,
    policy: ScoringPolicy,
    as_of: date,
    zone: str,
    *,
    known_at: datetime | None = None,
    accounts: pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    """The scores of the end of the day ``as_of`` in ``zone``, as known at ``known_at`` or now.

    A row for each of ``accounts`` (column ``account_id``), else for each account with a signal of a
    kind the policy names inside its longest window. Rows have no order. Columns: ``account_id``,
    ``as_of``, ``score`` and ``uncapped`` in millionths of a point (null where no component has a
    measure), ``cap`` and ``band`` ids, ``group.<id>``, ``component.<id>`` with ``raw``, ``points``,
    ``weight`` (0 where left out) and ``contribution``, ``alert.<id>``.

    ``signals`` has the columns of :data:`projections.scoring.plan.SIGNALS` but for ``event_id``.
    """
    plan = Plan(policy)
    found = totals(signals, plan, as_of, zone, known_at)
    if accounts is not None:
        found = _of_all(accounts, found).with_columns(as_of=pl.lit(as_of))
    return scored(found, policy)


def _of_all(accounts: pl.LazyFrame, found: pl.LazyFrame) -> pl.LazyFrame:
    everyone = accounts.select("account_id").unique()
    joined = everyone.join(found, on="account_id", how="left")
    return joined.with_columns(pl.col("^(n|of|cap|sum|good|bad|faded)[0-9]+$").fill_null(0))


def scored(found: pl.LazyFrame, policy: ScoringPolicy) -> pl.LazyFrame:
    """The scores of what signals add up to; see :func:`score`."""
    components = list(enumerate(policy.components))
    measured = found.with_columns(raw(one, place).alias(f"raw{place}") for place, one in components)
    worth = measured.with_columns(
        points(one, pl.col(f"raw{place}"), policy).alias(f"points{place}")
        for place, one in components
    ).with_columns(
        pl.when(pl.col(f"points{place}").is_not_null())
        .then(pl.lit(one.weight, pl.Int64))
        .otherwise(0)
        .alias(f"weight{place}")
        for place, one in components
    )
    grouped = worth.with_columns(
        column for place in range(len(policy.groups)) for column in _group(policy, place)
    ).with_columns(
        quotient(_sum_of(policy, place), pl.col(f"by{place}"), policy.rounding.group).alias(
            f"group{place}"
        )
        for place in range(len(policy.groups))
    )
    groups = range(len(policy.groups))
    weighed = grouped.with_columns(
        by=total(pl.col(f"counts{place}") for place in groups),
    ).with_columns(
        uncapped=quotient(
            total(
                pl.col(f"counts{place}") * pl.col(f"group{place}").fill_null(0) for place in groups
            ),
            pl.col("by"),
            policy.rounding.score,
        )
    )
    return _banded(weighed, policy).select(
        "account_id",
        "as_of",
        "score",
        "uncapped",
        "cap",
        "band",
        *(
            pl.col(f"group{place}").alias(f"group.{policy.groups[place].group_id}")
            for place in groups
        ),
        *(_component(policy, place) for place, _ in components),
        *(
            (pl.col("score") < alert.below).fill_null(value=False).alias(f"alert.{alert.alert_id}")
            for alert in policy.alerts
        ),
    )


def _places(policy: ScoringPolicy, group: int) -> list[int]:
    group_id = policy.groups[group].group_id
    return [place for place, one in enumerate(policy.components) if one.group_id == group_id]


def _group(policy: ScoringPolicy, group: int) -> tuple[pl.Expr, pl.Expr]:
    by = total(pl.col(f"weight{place}") for place in _places(policy, group))
    weight = pl.lit(policy.groups[group].weight, pl.Int64)
    counts = pl.when(by > 0).then(weight).otherwise(0)
    return by.alias(f"by{group}"), counts.alias(f"counts{group}")


def _sum_of(policy: ScoringPolicy, group: int) -> pl.Expr:
    return total(
        pl.col(f"weight{place}") * pl.col(f"points{place}").fill_null(0)
        for place in _places(policy, group)
    )


def _component(policy: ScoringPolicy, place: int) -> pl.Expr:
    component = policy.components[place]
    (group,) = (
        number for number, one in enumerate(policy.groups) if one.group_id == component.group_id
    )
    share = pl.col(f"points{place}") * (component.weight * policy.groups[group].weight)
    contribution = half_up(share, pl.col(f"by{group}") * pl.col("by"))
    return pl.struct(
        pl.col(f"raw{place}").alias("raw"),
        pl.col(f"points{place}").alias("points"),
        pl.col(f"weight{place}").alias("weight"),
        pl.when(pl.col(f"weight{place}") > 0).then(contribution).alias("contribution"),
    ).alias(f"component.{component.component_id}")


def _banded(weighed: pl.LazyFrame, policy: ScoringPolicy) -> pl.LazyFrame:
    """With the score under the caps that bind, the id of the lowest of them, and the band."""
    cap = pl.lit(None, pl.String)
    capped = pl.col("uncapped")
    # The lowest comes last, and of equal ones the first that the policy names.
    places = sorted(
        range(len(policy.caps)), key=lambda place: (-policy.caps[place].at_most, -place)
    )
    for place in places:
        limit = policy.caps[place].at_most
        binds = (pl.col(f"cap{place}") > 0) & (pl.col("uncapped") > limit)
        capped = pl.when(binds).then(pl.lit(limit, pl.Int64)).otherwise(capped)
        cap = pl.when(binds).then(pl.lit(policy.caps[place].cap_id)).otherwise(cap)
    return weighed.with_columns(score=capped, cap=cap).with_columns(
        band=pl.when(pl.col("score").is_not_null()).then(band(policy, pl.col("score")))
    )


def band(policy: ScoringPolicy, points_scored: pl.Expr) -> pl.Expr:
    """The id of the band of a score; an edge between two belongs to the lower."""
    *lower, last = policy.bands
    found = pl.lit(last.band_id)
    for one in reversed(lower):
        found = pl.when(points_scored <= one.up_to).then(pl.lit(one.band_id)).otherwise(found)
    return found
