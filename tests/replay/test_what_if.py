"""CARD-04, MET-10: the past under another policy is what one works out day after day by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.what_if.question import Question
from replay.what_if.result import Comparison, Quality, Side
from replay.what_if.run import Finished, run
from replay.what_if.source import Outcome, Source
from tests.replay.what_if_reference import ByHand, Day, Made, alerts, mean
from tests.replay.what_if_sources import questions, sources

UNHURRIED = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
FILES = ("result.json", "changes.csv", "report.md", "daily.parquet")


def finished(source: Source, question: Question, folder: Path, stretch: int = 1_000) -> Finished:
    found = run(source, question, folder, lambda *_: None, lambda: False, stretch=stretch)
    assert found is not None
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=UNHURRIED,
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
        assert_components(comparison, days)
        assert_bands(comparison, days, question)


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


def _before(day: date, outcome: Outcome, horizon: timedelta) -> bool:
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
    differ = [day for day in days if band(day.active) != band(day.candidate)]
    by_account = {one.account_id: one for one in comparison.changes}
    assert [*by_account] == sorted({day.account_id for day in differ})
    for account_id, change in by_account.items():
        mine = [day for day in differ if day.account_id == account_id]
        assert change.name == account_id.title()
        assert (change.first, change.last) == (mine[0].day, mine[-1].day)
        assert change.days == len(mine)
        assert change.region_id == mine[-1].region_id
        scored = [(one, other) for one, other in made_on(mine) if one["band"] and other["band"]]
        assert change.days_lower == sum(one["edge"] > other["edge"] for one, other in scored)
        assert change.days_higher == sum(one["edge"] < other["edge"] for one, other in scored)
        assert change.score_active == mean([one["score"] for one, _ in scored])
        assert change.score_candidate == mean([other["score"] for _, other in scored])
        pairs = Counter((band(day.active), band(day.candidate)) for day in mine)
        assert pairs == {(one.band_active, one.band_candidate): one.days for one in change.pairs}
        assert {one.part: one.difference for one in change.reasons} == reasons(scored)
        for told, side in ((change.bands_active, "active"), (change.bands_candidate, "candidate")):
            counted = Counter(
                band(getattr(day, side)) for day in days if day.account_id == account_id
            )
            assert {one.band_id: one.days for one in told} == dict(counted)


def band(made: Made) -> str | None:
    return None if made is None else made["band"]


def made_on(days: list[Day]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(dict(day.active), dict(day.candidate)) for day in days if day.active and day.candidate]


def reasons(scored: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one, other in scored:
        before, after = contributions(one), contributions(other)
        for part in {*before, *after}:
            found[part] += after.get(part, 0) - before.get(part, 0)
    means = {part: mean([whole] + [0] * (len(scored) - 1)) for part, whole in found.items()}
    return {part: difference for part, difference in means.items() if difference}


def contributions(made: dict[str, Any]) -> dict[str, int]:
    """What each component adds to a score, and what caps take away."""
    parts = {
        name.removeprefix("component."): told["contribution"] or 0
        for name, told in made.items()
        if name.startswith("component.")
    }
    return {**parts, "caps": made["score"] - made["uncapped"]}


def assert_components(comparison: Comparison, days: list[Day]) -> None:
    sides = {
        side: [made for day in days if (made := getattr(day, side)) is not None]
        for side in ("active", "candidate")
    }
    for component in comparison.components:
        for side, made in sides.items():
            name = f"component.{component.component_id}"
            told = [one[name] for one in made if name in one]
            found = getattr(component, side)
            assert (found is None) == (not told)
            if found is None:
                continue
            raws = [one["raw"] for one in told if one["raw"] is not None]
            counted = [one["points"] for one in told if one["weight"]]
            added = [one["contribution"] for one in told if one["contribution"] is not None]
            scored = sum(one["score"] is not None for one in made)
            assert (found.measured_days, found.raw) == (len(raws), mean(raws))
            assert (found.counted_days, found.points) == (len(counted), mean(counted))
            none = [0] * (scored - 1)
            assert found.contribution == (mean([sum(added), *none]) if scored else None)


def assert_bands(comparison: Comparison, days: list[Day], question: Question) -> None:
    for side in ("active", "candidate"):
        expected = Counter((f"{day.day:%Y-%m}", band(getattr(day, side))) for day in days)
        told = getattr(comparison, side)
        assert {
            (month.month, one.band_id): one.days for month in told.months for one in month.bands
        } == dict(expected)
        raised = Counter(f"{one.day:%Y-%m}" for one in told.alerts)
        assert all(month.alerts == raised[month.month] for month in told.months)
    last = [day for day in days if day.day == question.last]
    assert {
        (one.band_active, one.band_candidate): one.accounts for one in comparison.moves
    } == dict(Counter((band(day.active), band(day.candidate)) for day in last))


@settings(max_examples=25, deadline=None, suppress_health_check=UNHURRIED)
@given(data=st.data(), size=st.integers(1, 40), rng=st.randoms(use_true_random=False))
def test_the_size_of_stretches_and_the_order_of_signals_change_no_byte(
    data: st.DataObject,
    size: int,
    rng: Random,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    source = data.draw(sources())
    question = data.draw(questions(source))
    signals = source.signals.collect()
    places = list(range(len(signals)))
    rng.shuffle(places)
    shuffled = replace(source, signals=signals[places].lazy() if places else source.signals)
    whole = finished(source, question, tmp_path_factory.mktemp("whole"))
    parts = finished(shuffled, question, tmp_path_factory.mktemp("parts"), size)
    assert contents(parts) == contents(whole)


def contents(found: Finished) -> dict[str, bytes]:
    assert sorted(path.name for path in found.folder.iterdir()) == sorted(FILES)
    return {name: (found.folder / name).read_bytes() for name in FILES}
