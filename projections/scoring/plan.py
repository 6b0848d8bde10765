"""What a scoring policy needs to know of signals: kinds, windows, half-lives and thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

import polars as pl

from events.policies.scoring import Csat, DecayedSum, Plain, ScoringPolicy, Share

SIGNALS: Final[Mapping[str, type[pl.DataType] | pl.DataType]] = {
    "account_id": pl.String(),
    "position": pl.Int64(),
    "number": pl.Int32(),
    "kind": pl.String(),
    "magnitude": pl.Int64(),
    "occurred_at": pl.Datetime("us", "UTC"),
    "recorded_at": pl.Datetime("us", "UTC"),
    "event_id": pl.String(),
}
"""The columns of signals. ``number`` tells apart the signals of one fact, from 0 to 1,023."""

MAGNITUDE_LIMIT: Final = 2**33
"""A magnitude counts up to this one either way, in millionths: no sum can overflow."""

PROMOTER: Final = 9_000_000
DETRACTOR: Final = 6_000_000
"""Answers from 0 to 10: promoters give at least the first, detractors at most the second."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many signals of these kinds lie in the window."""

    name: str
    kinds: tuple[str, ...]
    window_days: int


@dataclass(frozen=True)
class Plan:
    """A policy as the columns that are to be summed."""

    policy: ScoringPolicy

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """The counts: ``n`` of each component, ``of`` of a share's whole, ``cap`` of each cap."""
        found = []
        for place, component in enumerate(self.policy.components):
            window = component.window_days
            found.append(Count(f"n{place}", component.kinds, window))
            if isinstance(component.measure, Share):
                found.append(Count(f"of{place}", component.measure.of_kinds, window))
        for place, cap in enumerate(self.policy.caps):
            found.append(Count(f"cap{place}", cap.kinds, cap.window_days))
        return tuple(found)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that is counted, in order."""
        return tuple(sorted({kind for count in self.counts for kind in count.kinds}))

    @cached_property
    def windows(self) -> tuple[int, ...]:
        """Every window, the shortest first."""
        return tuple(sorted({count.window_days for count in self.counts}))

    @cached_property
    def half_lives(self) -> tuple[int, ...]:
        """Every half-life, the shortest first."""
        measures = [component.measure for component in self.policy.components]
        return tuple(
            sorted({one.half_life_days for one in measures if isinstance(one, DecayedSum)})
        )

    @cached_property
    def thresholds(self) -> tuple[int, ...]:
        """Every magnitude from which somebody is satisfied, the least first."""
        measures = [component.measure for component in self.policy.components]
        return tuple(sorted({one.satisfied_from for one in measures if isinstance(one, Csat)}))

    def has(self, *aggregations: str) -> bool:
        """Whether a component is measured in one of these ways."""
        measures = [component.measure for component in self.policy.components]
        return any(isinstance(one, Plain) and one.aggregation in aggregations for one in measures)


def known(
    signals: pl.LazyFrame,
    plan: Plan,
    first: date,
    last: date,
    zone: str,
    *,
    known_at: datetime | None,
) -> pl.LazyFrame:
    """The signals a score of a day from ``first`` to ``last`` may need, with the ``day`` of each.

    A day is a whole day of ``zone``. What was recorded after ``known_at``, or taken back by then
    where there is a column ``known_to``, is left out.
    """
    day = pl.col("occurred_at").dt.convert_time_zone(zone).dt.date()
    earliest = pl.lit(first) - pl.duration(days=plan.windows[-1] - 1)
    kept = signals.filter(pl.col("kind").is_in(plan.kinds))
    if known_at is not None:
        kept = kept.filter(pl.col("recorded_at") <= known_at)
    if "known_to" in signals.collect_schema():
        until = pl.col("known_to")
        kept = kept.filter(
            until.is_null() if known_at is None else until.is_null() | (until > known_at)
        )
    return kept.with_columns(
        day=day, magnitude=pl.col("magnitude").clip(-MAGNITUDE_LIMIT, MAGNITUDE_LIMIT)
    ).filter(pl.col("day").is_between(earliest, last))


def order() -> pl.Expr:
    """Where a signal stands among those of its account: by occurrence, position, number."""
    occurred = pl.col("occurred_at").to_physical().cast(pl.Int128)
    return occurred * 2**64 + pl.col("position") * 2**10 + pl.col("number")
