"""Which policy held for each account on each day, and which candidates stand in its place."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from projections.scoring.holding import OfDay
from replay.what_if.contenders import Contender
from replay.what_if.question import Question
from replay.what_if.source import Source, Version

LATEST: Final = 2**62
"""Behind every position."""


def closes_of(question: Question, source: Source) -> Mapping[date, int]:
    """The days that are scored as they were known when they were closed, with that position."""
    if question.known == "now":
        return {}
    first, last = question.first, question.last
    return {day: at for day, at in sorted(source.closes.items()) if first <= day <= last}


class Standing:
    """Which policies stand where, on each day of a question."""

    def __init__(self, question: Question, source: Source, contenders: Sequence[Contender]) -> None:
        """Look at every day and every region there ever was an account in."""
        self._source = source
        self._contenders = contenders
        days = [question.first + timedelta(days=number) for number in range(question.days)]
        closes = closes_of(question, source)
        self._days = pl.DataFrame(
            {"day": days, "known": [closes.get(day, LATEST) for day in days]},
            schema={"day": pl.Date(), "known": pl.Int64()},
        )
        self._of_regions = self._stand()

    def of(self, account_ids: pl.Series) -> pl.DataFrame:
        """A row for each of the accounts and each day on which it was registered.

        Columns: ``account_id``, ``day``, ``region_id``; ``place`` and ``version`` of the policy
        that held, null where none did; ``in.<n>``: whether the n-th candidate stands in its place.
        In order of account and day.
        """
        since = pl.col("occurred_at").dt.convert_time_zone(self._source.zone).dt.date()
        return (
            self._source.accounts.lazy()
            .filter(pl.col("account_id").is_in(account_ids.implode()))
            .select("account_id", "version", "region_id", "position", since=since)
            .join(self._days.lazy(), how="cross")
            .filter(pl.col("position") <= pl.col("known"), pl.col("since") <= pl.col("day"))
            .sort("account_id", "day", "version")
            .unique(("account_id", "day"), keep="last", maintain_order=True)
            .select("account_id", "day", "region_id")
            .join(
                self._of_regions.lazy(),
                on=("day", "region_id"),
                how="left",
                nulls_equal=True,
                maintain_order="left",
            )
            .collect()
        )

    def _stand(self) -> pl.DataFrame:
        source = self._source
        regions = source.accounts.get_column("region_id").unique().sort().to_list()
        found = []
        for day, known in self._days.iter_rows():
            then = source.holding.of_day(day, known, source.zone)
            found += [(day, region_id, *self._rule(then, region_id)) for region_id in regions]
        columns: dict[str, pl.DataType] = {
            "day": pl.Date(),
            "region_id": pl.String(),
            "place": pl.String(),
            "version": pl.Int64(),
            **{f"in.{number}": pl.Boolean() for number in range(len(self._contenders))},
        }
        return pl.DataFrame(found, schema=columns, orient="row")

    def _rule(self, then: OfDay, region_id: str | None) -> Iterator[str | int | bool | None]:
        policy = then.nearest(region_id)
        yield None if policy is None else policy.policy_id
        yield None if policy is None else policy.draft
        nearest_first = then.chain(region_id)[::-1]
        for one in self._contenders:
            places = (place for place in nearest_first if place in {*then.by_place, one.place})
            yield next(places, None) == one.place


def used(stand: pl.DataFrame) -> list[Version]:
    """The policies that held somewhere, in order of place and version."""
    rows = stand.select("place", "version").drop_nulls().unique().sort("place", "version")
    return list(rows.iter_rows())
