"""The scores of some accounts under one policy, on the days one asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from events.policies.scoring import ScoringPolicy
from projections.scoring.daily import scores_daily
from projections.scoring.plan import SIGNALS, Plan
from projections.scoring.score import score

SCORES: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "day": pl.Date(),
        "score": pl.Int64(),
        "uncapped": pl.Int64(),
        "cap": pl.String(),
        "band": pl.String(),
        "edge": pl.Int64(),
    }
)
"""What scores have under every policy; points in millionths. ``edge`` is the lower one of the band.

Besides these there is ``below.<id>`` for each alert threshold, and ``part.<id>`` for each component
of a policy: ``raw``, ``points``, ``weight`` and ``contribution``.
"""

_KEY: Final = ("account_id", "day")
_NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of some accounts."""

    signals: pl.DataFrame
    """All their signals; see :class:`replay.what_if.source.Source`."""
    zone: str
    closes: Mapping[date, int]
    """The days that are scored as they were known when they were closed, at these positions."""

    def scores(self, policy: ScoringPolicy, wanted: pl.DataFrame) -> pl.DataFrame:
        """The scores of each of ``wanted`` (``account_id``, ``day``), in that order.

        The columns of :data:`SCORES` and those of the policy. An account without a signal has what
        the policy says of nothing.
        """
        late = self._changed_since(policy).join(wanted, on=_KEY, how="semi")
        found = (
            *self._by_now(policy, wanted.join(late, on=_KEY, how="anti")),
            *self._at_close(policy, late),
        )
        nothing = score(
            pl.LazyFrame(schema=SIGNALS),
            policy,
            date.max,
            self.zone,
            accounts=pl.LazyFrame({"account_id": [_NOBODY]}),
        )
        blank = _plain(nothing.collect(), policy)
        scored = pl.concat((blank.clear(), *found))
        rest = wanted.select(_KEY).join(scored, on=_KEY, how="anti")
        everybody = pl.concat((scored, rest.join(blank.drop(_KEY), how="cross")))
        return wanted.select(_KEY).join(everybody, on=_KEY, how="left", maintain_order="left")

    def _by_now(self, policy: ScoringPolicy, wanted: pl.DataFrame) -> Iterator[pl.DataFrame]:
        if wanted.is_empty():
            return
        first, last = wanted.select(pl.min("day"), pl.max("day").alias("last")).row(0)
        some = self.signals.join(wanted.select("account_id").unique(), on="account_id", how="semi")
        count = some.filter(pl.col("ended_at_position").is_null())
        for frame in scores_daily(count.lazy(), policy, first, last, self.zone):
            yield _plain(frame, policy).join(wanted, on=_KEY, how="semi")

    def _at_close(self, policy: ScoringPolicy, late: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Those that look otherwise by now, each day by itself."""
        some = self.signals.join(late.select("account_id").unique(), on="account_id", how="semi")
        until = pl.col("ended_at_position")
        for (day,), accounts in late.sort("day").group_by("day", maintain_order=True):
            assert isinstance(day, date)
            known = self.closes[day]
            then = some.filter(pl.col("position") <= known, until.is_null() | (until > known))
            found = score(then.lazy(), policy, day, self.zone, accounts=accounts.lazy())
            yield _plain(found.collect(), policy).join(accounts, on="account_id", how="semi")

    def _changed_since(self, policy: ScoringPolicy) -> pl.DataFrame:
        """The accounts and closed days whose signals are other ones by now.

        A signal that counts by now was missing on the days that were closed before it was recorded;
        one that counts no more was there on those closed before that was known.
        """
        nothing = pl.DataFrame(schema={"account_id": pl.String(), "day": pl.Date()})
        if not self.closes:
            return nothing
        closes = pl.DataFrame(
            {"day": list(self.closes), "at": list(self.closes.values())},
            schema={"day": pl.Date(), "at": pl.Int64()},
        ).sort("at")
        first, last = min(self.closes), max(self.closes)
        told = self.signals.select(
            "account_id",
            "position",
            "ended_at_position",
            day=pl.col("occurred_at").dt.convert_time_zone(self.zone).dt.date(),
        )
        leaves = pl.col("day") + pl.duration(days=Plan(policy).windows[-1])
        counts = pl.col("ended_at_position").is_null()
        came = _with_close(told, closes, "position", "came")
        ranged = (
            _with_close(came, closes, "ended_at_position", "went")
            .with_columns(pl.col("came", "went").fill_null(last + timedelta(days=1)))
            .select(
                "account_id",
                begin=pl.max_horizontal(pl.lit(first), "day", pl.when(~counts).then("came")),
                end=pl.min_horizontal(leaves, pl.when(counts).then("came").otherwise("went"))
                - pl.duration(days=1),
            )
            .filter(pl.col("begin") <= pl.col("end"))
            .unique()
        )
        if ranged.is_empty():
            return nothing
        days = ranged.select("account_id", day=pl.date_ranges("begin", "end")).explode("day")
        return days.filter(pl.col("day").is_in(list(self.closes))).unique()


def _with_close(told: pl.DataFrame, closes: pl.DataFrame, position: str, name: str) -> pl.DataFrame:
    """With the first day that was closed behind ``position``; null where none was."""
    return told.sort(position).join_asof(
        closes.rename({"day": name}),
        left_on=position,
        right_on="at",
        strategy="forward",
        coalesce=True,
    )


def _plain(found: pl.DataFrame, policy: ScoringPolicy) -> pl.DataFrame:
    """What a scorer found, under the names of :data:`SCORES`."""
    edges = {band.band_id: band.above for band in policy.bands}
    return found.select(
        "account_id",
        pl.col("as_of").alias("day"),
        pl.col("score", "uncapped").cast(pl.Int64),
        "cap",
        "band",
        pl.col("band").replace_strict(edges, default=None, return_dtype=pl.Int64()).alias("edge"),
        *(pl.col(f"alert.{one.alert_id}").alias(f"below.{one.alert_id}") for one in policy.alerts),
        *(
            pl.col(f"component.{one.component_id}").alias(f"part.{one.component_id}")
            for one in policy.components
        ),
    )
