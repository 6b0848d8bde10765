"""MET-10: live and replayed scores are the same bits, and those of a fold by hand."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.policies.scoring import ScoringPolicy
from projections.scoring.behind import behind
from projections.scoring.plan import SIGNALS
from projections.scoring.score import score
from tests.architecture.house import ROOT
from tests.examples.scores import NEARNESS, POLICY
from tests.projections.scoring.fold import Fold
from tests.projections.scoring.histories import AS_OF, KINDS, frame, histories, policies

ZONES = st.sampled_from(("UTC", "Europe/Berlin", "Pacific/Auckland", "America/St_Johns"))
KNOWN = st.none() | st.integers(0, 95).map(
    lambda hour: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(hours=hour)
)
NOON: Final = datetime(2026, 3, 30, 12, tzinfo=UTC)
CALLS: Final = NEARNESS.model_copy(update={"kinds": KINDS[:1], "window_days": 90})
POLICY_OF_CALLS: Final = POLICY.model_copy(update={"components": (CALLS,)})


def by_account(found: pl.LazyFrame, engine: Any = "auto") -> dict[str, dict[str, Any]]:
    rows = found.collect(engine=engine).to_dicts()
    assert len({row["account_id"] for row in rows}) == len(rows)
    return {row.pop("account_id"): row for row in rows}


@settings(max_examples=150, deadline=None)
@given(policies(), histories(), ZONES, KNOWN)
def test_it_is_what_a_fold_by_hand_makes_of_it(
    policy: ScoringPolicy, signals: list[dict[str, Any]], zone: str, known_at: datetime | None
) -> None:
    by_hand = Fold(policy, AS_OF, zone, known_at)
    by_hand.tell(signals)
    told = frame(signals).lazy()
    assert by_account(score(told, policy, AS_OF, zone, known_at=known_at)) == by_hand.scores()
    everybody = ("acme", "bell", "nobody")
    accounts = pl.LazyFrame({"account_id": everybody})
    of_all = by_account(score(told, policy, AS_OF, zone, known_at=known_at, accounts=accounts))
    assert of_all == {one: by_hand.of(one) for one in everybody}


@settings(max_examples=50, deadline=None)
@given(policies(), histories(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_partitions_and_engines_change_no_bit(
    policy: ScoringPolicy, signals: list[dict[str, Any]], rng: Random, size: int
) -> None:
    expected = by_account(score(frame(signals).lazy(), policy, AS_OF, "UTC"), "in-memory")
    rng.shuffle(signals)
    parts = [frame(signals[at : at + size]).lazy() for at in range(0, len(signals), size)]
    whole = pl.concat(parts) if parts else frame([]).lazy()
    for engine in ("in-memory", "streaming"):
        assert by_account(score(whole, policy, AS_OF, "UTC"), engine) == expected
    apart: dict[str, Any] = {}
    for account_id in expected:
        alone = whole.filter(pl.col("account_id") == account_id)
        apart |= by_account(score(alone, policy, AS_OF, "UTC"), "streaming")
    assert apart == expected


@pytest.mark.parametrize("threads", [1, 3])
def test_as_many_threads_as_there_are_make_the_same_bits(threads: int, tmp_path: Path) -> None:
    """A history of 20,000 signals in row groups of 700, scored by a process of its own."""
    many = [
        {
            "account_id": f"a{number % 37}",
            "position": number,
            "number": 0,
            "kind": KINDS[number % 2],
            "magnitude": (number * 7919 % 2001 - 1000) * 12_345,
            "occurred_at": NOON - timedelta(hours=number * 31 % 4000),
            "recorded_at": NOON,
            "event_id": "some/1",
        }
        for number in range(20_000)
    ]
    told, found = tmp_path / "signals.parquet", tmp_path / "scores.parquet"
    pl.DataFrame(many, schema=dict(SIGNALS), orient="row").write_parquet(told, row_group_size=700)
    by_hand = Fold(POLICY_OF_CALLS, AS_OF, "UTC")
    by_hand.tell(many)
    program = (
        "import polars as pl, sys\n"
        "from projections.scoring.score import score\n"
        "from tests.projections.scoring.test_score import AS_OF, POLICY_OF_CALLS\n"
        "assert pl.thread_pool_size() == int(sys.argv[3])\n"
        "found = score(pl.scan_parquet(sys.argv[1]), POLICY_OF_CALLS, AS_OF, 'UTC')\n"
        "found.collect(engine='streaming').write_parquet(sys.argv[2])\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(told), str(found), str(threads)],
        env={**os.environ, "POLARS_MAX_THREADS": str(threads)},
        cwd=ROOT,
        check=True,
    )
    assert by_account(pl.scan_parquet(found)) == by_hand.scores()


@pytest.mark.parametrize(
    ("before_the_end", "counted"),
    [
        (timedelta(0), False),
        (timedelta(microseconds=1), True),
        (timedelta(days=2), True),
        (timedelta(days=2, microseconds=1), False),
    ],
)
def test_a_window_of_two_days_has_both_its_edges(before_the_end: timedelta, counted: bool) -> None:
    at = datetime(2026, 3, 31, tzinfo=UTC) - before_the_end
    row = ("acme", 1, 0, KINDS[0], 1_000_000, at, at, "some/1")
    signals = pl.LazyFrame([row], schema=dict(SIGNALS), orient="row")
    component = CALLS.model_copy(update={"window_days": 2})
    policy = POLICY.model_copy(update={"components": (component,), "caps": ()})
    assert bool(by_account(score(signals, policy, AS_OF, "UTC"))) is counted


@settings(max_examples=50, deadline=None)
@given(policies(), histories(), ZONES, KNOWN)
def test_the_signals_behind_a_score_are_those_that_count(
    policy: ScoringPolicy, signals: list[dict[str, Any]], zone: str, known_at: datetime | None
) -> None:
    found = behind(frame(signals).lazy(), policy, AS_OF, zone, known_at).collect()
    by_hand = Fold(policy, AS_OF, zone, known_at)
    by_hand.tell(signals)
    names = [f"component.{one.component_id}" for one in policy.components]
    names += [f"cap.{one.cap_id}" for one in policy.caps]
    expected = {
        (account_id, name): seen.count
        for account_id, account in by_hand.accounts.items()
        for name, seen in zip(names, (*account.parts, *account.caps), strict=True)
        if seen.count
    }
    counted = found.group_by("account_id", "part").len().rows()
    assert {(account_id, part): count for account_id, part, count in counted} == expected
