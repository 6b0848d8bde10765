"""CARD-04, MET-10: the past under another policy is what one works out day after day by hand."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.what_if.question import Question
from replay.what_if.result import Comparison, Quality, Side
from replay.what_if.run import Finished, run
from replay.what_if.source import Outcome, Source
from tests.replay.what_if_reference import ByHand, Day, alerts, mean
from tests.replay.what_if_sources import questions, sources

NOSHRINK = (__import__("hypothesis").Phase.generate,)
FILES = ("result.json", "changes.csv", "report.md", "daily.parquet")


def finished(source: Source, question: Question, folder: Path, stretch: int = 1_000) -> Finished:
    found = run(source, question, folder, lambda *_: None, lambda: False, stretch=stretch)
    assert found is not None
    return found


@settings(
    max_examples=60,
    phases=NOSHRINK,
    deadline=None,
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
@given(data=st.data())
def test_it_is_what_one_works_out_by_hand(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = data.draw(sources())
    question = data.draw(questions(source))
    found = finished(source, question, tmp_path_factory.mktemp("what-if"))
    by_hand = ByHand(source, question)
    daily = pl.read_parquet(found.parquet)
    for candidate, comparison in zip(question.policies, found.result.comparisons, strict=True):
        days = by_hand.days(candidate)
        assert_daily(daily, days, candidate.name)
        assert comparison.account_days == len(days)
        assert comparison.accounts == len({day.account_id for day in days})
        for side in ("active", "candidate"):
            assert_side(getattr(comparison, side), days, side, source, question)
        assert_changes(comparison, days)


def assert_daily(daily: pl.DataFrame, days: list[Day], name: str) -> None:
    rows = {(row["account_id"], row["day"]): row for row in daily.to_dicts()}
    assert [*rows] == sorted(rows)
    for day in days:
        row = rows[day.account_id, day.day]
        for prefix, made in (("active", day.active), (name, day.candidate)):
            for column in ("score", "uncapped", "cap", "band"):
                assert row[f"{prefix}.{column}"] == (None if made is None else made[column])
        assert row["region_id"] == day.region_id
        where = None if day.active is None else day.active["policy"]
        assert (row["active.place"], row["active.version"]) == (where or (None, None))


def assert_side(side: Side, days: list[Day], name: str, source: Source, question: Question) -> None:
    made = [getattr(day, name) for day in days]
    scores = [one["score"] for one in made if one is not None and one["score"] is not None]
    assert (side.scored_days, side.mean_score) == (len(scores), mean(scores))
    raised = alerts(days, name)
    assert [(one.account_id, one.day, one.alert_id) for one in side.alerts] == raised
    horizon = timedelta(days=question.horizon_days)
    right = judged = 0
    for account_id, day, _ in raised:
        mine = [one for one in source.outcomes if one.account_id == account_id]
        gone = any(one.kind == "churned" and one.occurred_on <= day for one in mine)
        if day + horizon > question.last or gone:
            continue
        judged += 1
        right += any(day < one.occurred_on <= day + horizon for one in mine)
    losses = [
        one
        for one in source.outcomes
        if question.first < one.occurred_on <= question.last
        and any(day.account_id == one.account_id and _before(day.day, one, horizon) for day in days)
    ]
    warned = sum(
        any(who == one.account_id and _before(day, one, horizon) for who, day, _ in raised)
        for one in losses
    )
    assert_quality(side.quality[0], (len(raised), judged, right, len(losses), warned))


def _before(day: Any, outcome: Outcome, horizon: timedelta) -> bool:
    return day < outcome.occurred_on <= day + horizon


def assert_quality(quality: Quality, counts: tuple[int, ...]) -> None:
    found = (
        quality.alerts,
        quality.judged,
        quality.followed,
        quality.outcomes,
        quality.warned,
    )
    assert found == counts
    _, judged, right, losses, warned = counts
    assert quality.precision_bp == mean([10_000] * right + [0] * (judged - right))
    assert quality.recall_bp == mean([10_000] * warned + [0] * (losses - warned))


def assert_changes(comparison: Comparison, days: list[Day]) -> None:
    def band(made: Any) -> str | None:
        return None if made is None else made["band"]

    differ = [day for day in days if band(day.active) != band(day.candidate)]
    by_account = {one.account_id: one for one in comparison.changes}
    assert [*by_account] == sorted({day.account_id for day in differ})
    for account_id, change in by_account.items():
        mine = [day for day in differ if day.account_id == account_id]
        everything = [day for day in days if day.account_id == account_id]
        assert (change.first, change.last) == (mine[0].day, mine[-1].day)
        assert change.days == len(mine)
        assert change.region_id == mine[-1].region_id
        edges = [
            (day.active["edge"], day.candidate["edge"])
            for day in mine
            if day.active
            and day.candidate
            and None not in (day.active["edge"], day.candidate["edge"])
        ]
        assert change.days_lower == sum(after < before for before, after in edges)
        assert change.days_higher == sum(after > before for before, after in edges)
        both = [
            day
            for day in mine
            if day.active
            and day.candidate
            and None not in (day.active["score"], day.candidate["score"])
        ]
        assert change.score_active == mean([day.active["score"] for day in both if day.active])
        assert change.score_candidate == mean(
            [day.candidate["score"] for day in both if day.candidate]
        )
        for told, side in ((change.bands_active, "active"), (change.bands_candidate, "candidate")):
            counted = Counter(band(getattr(day, side)) for day in everything)
            assert {one.band_id: one.days for one in told} == dict(counted)
