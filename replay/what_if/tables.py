"""The answer of a what-if as tables: who changes band, and the scores of every day."""

import csv
from io import StringIO
from pathlib import Path
from typing import Final

import polars as pl

from replay.what_if.question import ACTIVE
from replay.what_if.result import BandDays, Change, Comparison, Result
from replay.what_if.stretches import Stretches

_ROW_GROUP: Final = 100_000
_TOLD: Final = ("score", "uncapped", "cap", "band")

COLUMNS: Final = (
    "policy",
    "account_id",
    "name",
    "region_id",
    "first",
    "last",
    "days",
    "days_lower",
    "days_higher",
    "score_active",
    "score_candidate",
    "bands_active",
    "bands_candidate",
    "reasons",
)
"""Of the changes as CSV; scores and reasons in millionths of a point, bands with their days."""


def changes_csv(result: Result) -> str:
    """Who changes band, a line for each under each candidate."""
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for comparison in result.comparisons:
        lines.writerows(_line(comparison, change) for change in comparison.changes)
    return text.getvalue()


def _line(comparison: Comparison, change: Change) -> list[str | int | None]:
    return [
        comparison.name,
        change.account_id,
        change.name,
        change.region_id,
        change.first.isoformat(),
        change.last.isoformat(),
        change.days,
        change.days_lower,
        change.days_higher,
        change.score_active,
        change.score_candidate,
        _bands(change.bands_active),
        _bands(change.bands_candidate),
        "; ".join(f"{one.part} {one.difference:+d}" for one in change.reasons),
    ]


def _bands(bands: tuple[BandDays, ...]) -> str:
    return "; ".join(f"{one.band_id or '-'} {one.days}" for one in bands)


def daily(stretches: Stretches, path: Path) -> None:
    """Write a row for each account and day that is compared with any candidate, in this order.

    Columns: ``account_id``, ``day``, ``region_id``; ``active.place`` and ``active.version``;
    ``score``, ``uncapped``, ``cap`` and ``band`` under ``active.`` and the name of each candidate,
    all null where it would not hold.
    """
    sides = {ACTIVE: ACTIVE} | {
        f"{place}": one.name for place, one in enumerate(stretches.contenders)
    }
    columns = (
        pl.col("account_id", "day", "region_id"),
        pl.col("place").alias(f"{ACTIVE}.place"),
        pl.col("version").alias(f"{ACTIVE}.version"),
        *(
            pl.col(f"{side}.{column}").alias(f"{name}.{column}")
            for side, name in sides.items()
            for column in _TOLD
        ),
    )
    # Stretches have the components of whatever policies were in force there.
    parts = [pl.scan_parquet(one).select(columns) for one in stretches.paths()]
    pl.concat(parts).sink_parquet(path, row_group_size=_ROW_GROUP)
