"""MET-10: the scores of every day are those that each day has by itself."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings

from events.policies.scoring import ScoringPolicy
from projections.scoring.daily import scores_daily
from projections.scoring.score import score
from tests.projections.scoring.histories import AS_OF, frame, histories, policies
from tests.projections.scoring.test_score import KNOWN, ZONES


@settings(max_examples=60, deadline=None)
@given(policies(), histories(), ZONES, KNOWN)
def test_every_day_is_scored_as_it_is_by_itself(
    policy: ScoringPolicy, signals: list[dict[str, Any]], zone: str, known_at: datetime | None
) -> None:
    told = frame(signals).lazy()
    first = AS_OF - timedelta(days=6)
    frames = list(scores_daily(told, policy, first, AS_OF, zone, known_at=known_at))
    found = [row for one in frames for row in one.to_dicts()]
    alone = pl.concat(
        score(told, policy, first + timedelta(days=day), zone, known_at=known_at)
        for day in range(7)
    )
    assert found == alone.sort("account_id", "as_of").collect().to_dicts()
