"""The signals behind a score, component by component."""

from datetime import date, datetime

import polars as pl

from events.policies.scoring import ScoringPolicy
from projections.scoring.plan import Plan, known, order


def behind(
    signals: pl.LazyFrame,
    policy: ScoringPolicy,
    as_of: date,
    zone: str,
    known_at: datetime | None = None,
) -> pl.LazyFrame:
    """The signals that each component of a score rests on, in their order within a component.

    ``part`` is ``component.<id>``, or ``cap.<id>`` for those that hold a score down; a signal of
    several parts has a row for each. Of a share these are the signals that count, not its whole.
    """
    components, caps = policy.components, policy.caps
    parts = [(f"component.{one.component_id}", one.kinds, one.window_days) for one in components]
    parts += [(f"cap.{one.cap_id}", one.kinds, one.window_days) for one in caps]
    of_parts = pl.DataFrame(
        [(name, kind, window) for name, kinds, window in parts for kind in kinds],
        schema={"part": pl.String, "kind": pl.String, "window_days": pl.Int64},
        orient="row",
    )
    age = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    return (
        known(signals, Plan(policy), as_of, as_of, zone, known_at=known_at)
        .join(of_parts.lazy(), on="kind")
        .filter(age < pl.col("window_days"))
        .with_columns(order=order())
        .sort("account_id", "part", "order")
        .select(
            "account_id",
            "part",
            "kind",
            "magnitude",
            "occurred_at",
            "day",
            "position",
            "number",
            "event_id",
        )
    )
