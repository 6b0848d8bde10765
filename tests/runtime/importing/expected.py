"""What the files of the CRM data set say, worked out without keyledger."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FOLDER: Final = "data/crm-sales-opportunities"


@dataclass(frozen=True, slots=True)
class Expected:
    """The opportunities as of a day."""

    engaging: int
    won: int
    lost: int
    won_minor: int
    won_by_region: dict[str, int]
    """How many were won, by region."""


def expected_as_of(directory: Path, day: date) -> Expected:
    """What the files say about the end of ``day``: engaged until then, and how they ended."""
    regions = {
        row["sales_agent"]: row["regional_office"].lower()
        for row in _rows(directory, "sales_teams")
    }
    counts: Counter[str] = Counter()
    won_by_region: Counter[str] = Counter()
    won_minor = 0
    for row in _rows(directory, "sales_pipeline"):
        if not row["engage_date"] or row["engage_date"] > day.isoformat():
            continue
        closed = bool(row["close_date"]) and row["close_date"] <= day.isoformat()
        state = row["deal_stage"] if closed else "Engaging"
        counts[state] += 1
        if state == "Won":
            won_minor += 100 * int(row["close_value"])
            won_by_region[regions[row["sales_agent"]]] += 1
    return Expected(
        counts["Engaging"], counts["Won"], counts["Lost"], won_minor, dict(won_by_region)
    )


def _rows(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
