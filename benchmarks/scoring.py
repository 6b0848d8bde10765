"""Signals scored a second from Parquet, against the least one can do with them, and a fold.

`python -m benchmarks.scoring N` does it with N signals instead of ten million.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.memory import peak_mib
from benchmarks.rounds import interleaved, ratio
from benchmarks.servers import Servers
from events.policies.scoring import (
    FULL,
    Component,
    Csat,
    DecayedSum,
    Line,
    Plain,
    Point,
    Share,
)
from events.signal_kinds import MICRO, SIGNAL_KINDS
from projections.scoring.daily import scores_daily
from projections.scoring.score import score
from tests.examples.scores import POLICY
from tests.projections.scoring.fold import Fold

SIGNALS: Final = 10_000_000
ACCOUNTS: Final = 5_000
DAYS: Final = 730
FIRST: Final = date(2024, 1, 1)
LAST: Final = FIRST + timedelta(days=DAYS - 1)
SAMPLE: Final = 50_000
"""So many signals the fold is told: what one takes does not depend on how many there are."""


def _component(
    name: str, measure: Plain | DecayedSum | Share | Csat, most: int, window: int, *kinds: str
) -> Component:
    ends = (Point(raw=0, points=0), Point(raw=most * MICRO, points=FULL))
    return Component(
        component_id=name,
        title=name,
        group_id="relationship",
        kinds=kinds,
        window_days=window,
        measure=measure,
        mapping=Line(mapping="line", points=ends),
        weight=1,
        missing="skip",
    )


VISIT: Final = "interaction_executive_visit"
CALL: Final = "interaction_call"
SIX: Final = POLICY.model_copy(
    update={
        "components": (
            _component(
                "nearness", DecayedSum(half_life_days=30), 500, 180, VISIT, "interaction_call"
            ),
            _component("promotion", Plain(aggregation="nps"), 100, 365, "nps_answer"),
            _component("satisfaction", Csat(satisfied_from=4 * MICRO), 100, 365, "csat_answer"),
            _component("requests", Plain(aggregation="count"), 50, 90, "service_request_logged"),
            _component("seen", Plain(aggregation="days_since"), 90, 365, VISIT),
            _component(
                "won",
                Share(of_kinds=("opportunity_won", "opportunity_lost")),
                100,
                365,
                "opportunity_won",
            ),
        )
    }
)
"""Six components in four windows, and a cap."""


def make(path: Path, signals: int) -> None:
    """Write so many signals of all kinds over all days; some accounts have many more."""
    number = pl.int_range(signals, eager=True, dtype=pl.Int64)
    skewed = (number.hash(1) % 1_000_000).cast(pl.Int64)
    begin = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    at = number * (DAYS * 86_400_000_000 // signals) + int(begin.timestamp()) * 1_000_000
    pl.DataFrame(
        {
            "account_id": pl.Series("a", skewed * skewed // 1_000_000 * ACCOUNTS // 1_000_000),
            "position": number + 1,
            "number": pl.zeros(signals, pl.Int32, eager=True),
            "kind": pl.Series(SIGNAL_KINDS).gather(number.hash(2) % len(SIGNAL_KINDS)),
            "magnitude": ((number.hash(3) % 10).cast(pl.Int64) + 1) * MICRO,
            "occurred_at": at.cast(pl.Datetime("us", "UTC")),
            "recorded_at": at.cast(pl.Datetime("us", "UTC")),
        }
    ).with_columns(pl.format("account-{}", "account_id").alias("account_id")).write_parquet(
        path, compression="zstd", row_group_size=250_000
    )


def _floor(told: Path) -> None:
    least = pl.scan_parquet(told).group_by("account_id")
    columns = (pl.col("magnitude").sum(), pl.col("occurred_at").max(), pl.col("kind").max())
    least.agg(pl.len(), *columns).collect(engine="streaming")


def _score(told: Path) -> None:
    score(pl.scan_parquet(told), SIX, LAST, "UTC").collect(engine="streaming")


def _daily(told: Path) -> None:
    rows = sum(len(some) for some in scores_daily(pl.scan_parquet(told), SIX, FIRST, LAST, "UTC"))
    assert rows > DAYS


def _rate(work: Callable[[Path], None], told: Path, signals: int) -> float:
    started = time.perf_counter()
    work(told)
    return signals / (time.perf_counter() - started)


def _folded(sample: list[dict[str, Any]]) -> float:
    started = time.perf_counter()
    fold = Fold(SIX, LAST, "UTC")
    fold.tell(sample)
    fold.scores()
    return len(sample) / (time.perf_counter() - started)


def _peak(name: str, told: Path) -> str:
    """The most memory a process of its own takes for it, in MiB."""
    command = [sys.executable, "-m", "benchmarks.scoring", name, str(told)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return f"{int(done.stdout)} MiB"


WORK: Final[dict[str, Callable[[Path], None]]] = {
    "floor": _floor,
    "score": _score,
    "daily": _daily,
}


def lines(signals: int) -> list[str]:
    """Measure with so many signals."""
    with tempfile.TemporaryDirectory() as folder:
        told, tenth = Path(folder) / "signals.parquet", Path(folder) / "tenth.parquet"
        make(told, signals)
        make(tenth, signals // 10)
        middle = pl.scan_parquet(told).slice(signals * 3 // 4, SAMPLE).collect().to_dicts()
        rates = interleaved(
            {
                "a day's scores": lambda: _rate(_score, told, signals),
                "bare scan and group-by": lambda: _rate(_floor, told, signals),
                "a fold by hand": lambda: _folded(middle),
                f"scores of {DAYS} days": lambda: _rate(_daily, told, signals),
            },
            "signals/s",
            rounds=3,
        )
        ours, floor, fold, daily = rates.values()
        return [
            f"scoring: {signals} signals of {ACCOUNTS} accounts over {DAYS} days, six components",
            *(rate.line() for rate in rates.values()),
            ratio(floor, ours, "aim 3").line(),
            ratio(ours, fold, "aim 50").line(),
            ratio(floor, daily, "aim 20").line(),
            *(
                f"  peak of {name}: {_peak(name, told)}, of a tenth {_peak(name, tenth)}"
                for name in WORK
            ),
        ]


def run(_: Servers) -> list[str]:
    """The lines of this part of the report."""
    return lines(SIGNALS)


def main(arguments: list[str]) -> None:
    """Print the report for a number of signals, or the peak memory of one piece of work."""
    if arguments[0] in WORK:
        WORK[arguments[0]](Path(arguments[1]))
        print(peak_mib())
    else:
        print("\n".join(lines(int(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
