"""MET-10: whatever the policies and the history, an explanation adds up and names every fact."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from events.policies.scoring import ScoringPolicy
from projections.scoring.behind import behind
from readmodels.health_scores.explanation import Explanation, explained
from readmodels.health_scores.scores import OnDay, Version, scored
from readmodels.moment import EVER
from tests.projections.scoring.histories import AS_OF, frame, histories, policies
from tests.projections.scoring.test_score import KNOWN, ZONES

NOW, THEN = ("came_in", "became_known"), ("left_window", "taken_back")
BOTH = ("faded", "stays")


def _behind(
    signals: pl.DataFrame, policy: ScoringPolicy, on: OnDay
) -> set[tuple[str | None, str | None, int, str]]:
    found = behind(signals.lazy(), policy, on.day, on.zone.key, on.known).collect()
    return {
        (
            *((None, one["part"][4:]) if one["part"][:4] == "cap." else (one["part"][10:], None)),
            one["position"],
            one["event_id"],
        )
        for one in found.iter_rows(named=True)
    }


def _named(found: Explanation, *changes: str) -> set[tuple[str | None, str | None, int, str]]:
    return {
        (one.component_id, one.cap_id, one.position, one.event_id)
        for one in found.facts
        if one.change in changes
    }


@settings(max_examples=80, deadline=None)
@given(policies(), st.none() | policies(), histories(), ZONES, KNOWN, KNOWN, st.integers(0, 9))
def test_every_part_of_a_difference_is_told(  # noqa: PLR0917 - what is random
    policy: ScoringPolicy,
    former: ScoringPolicy | None,
    signals: list[dict[str, Any]],
    zone: str,
    known_at: datetime | None,
    known_before: datetime | None,
    days: int,
) -> None:
    theirs = frame(signals).filter(pl.col("account_id") == "acme")
    on = OnDay(AS_OF, known_at or EVER, ZoneInfo(zone))
    earlier = OnDay(AS_OF - timedelta(days=days), known_before or EVER, on.zone)
    maker = Version("*", 2, None, policy)
    maker_before = maker if former is None else Version("*", 1, None, former)
    (now,) = scored(theirs.lazy(), maker, on, ["acme"])
    (before,) = scored(theirs.lazy(), maker_before, earlier, ["acme"])
    found = explained(theirs, now, on, before, earlier)
    if found.difference is not None:
        lines = sum(one.difference for one in found.lines)
        assert found.difference == lines + found.policy + found.rounding + found.caps
        assert now.score is not None
        assert before.score is not None
        assert found.difference == now.score - before.score
    assert _named(found, *NOW, *BOTH) == _behind(theirs, policy, on)
    assert _named(found, *THEN, *BOTH) == _behind(theirs, policy, earlier)
