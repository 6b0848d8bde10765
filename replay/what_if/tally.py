"""What one stretch of accounts comes to under a candidate and under what was in force."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

SIDES: Final = ("active", "candidate")

Band = str | None


@dataclass(slots=True)
class Sums:
    """Of one component, over account days."""

    measured: int = 0
    raw: int = 0
    counted: int = 0
    points: int = 0
    contribution: int = 0

    def add(self, more: "Sums") -> None:
        """Both together."""
        self.measured += more.measured
        self.raw += more.raw
        self.counted += more.counted
        self.points += more.points
        self.contribution += more.contribution


@dataclass(slots=True)
class SideTally:
    """Under one of the two."""

    scored: int = 0
    score: int = 0
    months: Counter[tuple[str, Band]] = field(default_factory=Counter)
    components: dict[str, Sums] = field(default_factory=dict)
    alerts: list[tuple[str, date, str | None]] = field(default_factory=list)
    """Account, day and threshold; without one where the band fell."""

    def add(self, more: "SideTally") -> None:
        """Both together."""
        self.scored += more.scored
        self.score += more.score
        self.months.update(more.months)
        self.alerts += more.alerts
        for component_id, sums in more.components.items():
            self.components.setdefault(component_id, Sums()).add(sums)


@dataclass(slots=True)
class Changed:
    """An account whose bands differ on some days."""

    account_id: str
    region_id: str | None
    first: date
    last: date
    days: int
    lower: int
    higher: int
    both: int
    """On so many of these days both have a score; what follows is of those."""
    active: int
    candidate: int
    cut: int
    """What caps cut off the candidate's score, less what they cut off the active one's."""
    parts: dict[str, int] = field(default_factory=dict)
    """By component, the candidate's contributions less the active ones."""
    bands: dict[str, Counter[Band]] = field(default_factory=dict)
    """Over all days that are compared."""
    pairs: Counter[tuple[Band, Band]] = field(default_factory=Counter)
    """On the days on which they differ."""


@dataclass(slots=True)
class Tally:
    """All of a comparison; sums of whole numbers, so stretches may be added in any order."""

    accounts: int = 0
    account_days: int = 0
    sides: dict[str, SideTally] = field(
        default_factory=lambda: {side: SideTally() for side in SIDES}
    )
    moves: Counter[tuple[Band, Band]] = field(default_factory=Counter)
    changes: list[Changed] = field(default_factory=list)
    scored_on: dict[str, tuple[date, ...]] = field(default_factory=dict)
    """By account with an outcome, the days that are compared."""

    def add(self, more: "Tally") -> None:
        """Both together."""
        self.accounts += more.accounts
        self.account_days += more.account_days
        for side, tally in more.sides.items():
            self.sides[side].add(tally)
        self.moves.update(more.moves)
        self.changes += more.changes
        self.scored_on |= more.scored_on


def tally(compared: pl.DataFrame, last: date, with_outcome: Iterable[str]) -> Tally:
    """What ``compared`` comes to.

    A row for each account and day, in this order; columns ``account_id``, ``day``, ``region_id``,
    and scores under ``<side>.`` (:data:`replay.what_if.scores.SCORES`), with ``<side>.policy``.
    """
    moves = compared.filter(pl.col("day") == last).group_by("active.band", "candidate.band")
    of_outcomes = compared.filter(pl.col("account_id").is_in(list(with_outcome)))
    return Tally(
        accounts=compared.get_column("account_id").n_unique(),
        account_days=len(compared),
        sides={side: _side(_of_side(compared, side)) for side in SIDES},
        moves=Counter({(one, other): n for one, other, n in moves.agg(pl.len()).iter_rows()}),
        changes=_changes(compared),
        scored_on={
            account_id: tuple(days)
            for account_id, days in of_outcomes.group_by("account_id").agg("day").iter_rows()
        },
    )


def _of_side(compared: pl.DataFrame, side: str) -> pl.DataFrame:
    named = {name: name.removeprefix(f"{side}.") for name in compared.columns}
    mine = [name for name, bare in named.items() if bare != name]
    return compared.select("account_id", "day", *mine).rename({name: named[name] for name in mine})


def _side(scores: pl.DataFrame) -> SideTally:
    scored, total = scores.select(pl.col("score").count(), pl.col("score").sum().alias("sum")).row(
        0
    )
    months = scores.group_by(pl.col("day").dt.strftime("%Y-%m").alias("month"), "band")
    return SideTally(
        scored=scored,
        score=total,
        months=Counter({(month, band): n for month, band, n in months.agg(pl.len()).iter_rows()}),
        components=dict(_components(scores)),
        alerts=[*_thresholds(scores), *_falls(scores)],
    )


def _components(scores: pl.DataFrame) -> Iterator[tuple[str, Sums]]:
    for component_id, part in _parts(scores, ""):
        told = {name: part.struct.field(name) for name in ("raw", "points", "contribution")}
        counted = part.struct.field("weight") > 0
        row = scores.select(
            part.count().alias("there"),
            told["raw"].count().alias("measured"),
            # Sums of raw values pass 2^63 where a policy measures what is large.
            told["raw"].cast(pl.Int128).sum().alias("raw"),
            counted.sum().alias("counted"),
            told["points"].filter(counted).sum().alias("points"),
            told["contribution"].sum().alias("contribution"),
        ).row(0, named=True)
        if row.pop("there"):
            yield component_id, Sums(**row)


def _parts(scores: pl.DataFrame, side: str) -> Iterator[tuple[str, pl.Expr]]:
    """Each component that there is in any of the policies."""
    prefix = f"{side}part."
    for name in scores.columns:
        if name.startswith(prefix):
            yield name.removeprefix(prefix), pl.col(name)


def _thresholds(scores: pl.DataFrame) -> Iterator[tuple[str, date, str | None]]:
    """The first day of each row of days below one."""
    for name in scores.columns:
        if name.startswith("below."):
            below = scores.filter(name).select("account_id", "day")
            before = below.with_columns(pl.col("day") + pl.duration(days=1))
            begun = below.join(before, on=("account_id", "day"), how="anti")
            for account_id, day in begun.iter_rows():
                yield account_id, day, name.removeprefix("below.")


def _falls(scores: pl.DataFrame) -> list[tuple[str, date, str | None]]:
    """The days with a lower band than on the day before under the same version."""
    now = scores.select("account_id", "day", "policy", "edge")
    before = now.with_columns(pl.col("day") + pl.duration(days=1)).rename({"edge": "before"})
    fallen = now.join(before, on=("account_id", "day", "policy")).filter(
        pl.col("edge") < pl.col("before")
    )
    return [(account_id, day, None) for account_id, day in fallen[["account_id", "day"]].rows()]


def _changes(compared: pl.DataFrame) -> list[Changed]:
    differ = compared.filter(pl.col("active.band").ne_missing(pl.col("candidate.band")))
    if differ.is_empty():
        return []
    both = pl.col("active.score").is_not_null() & pl.col("candidate.score").is_not_null()
    cut = {side: pl.col(f"{side}.uncapped") - pl.col(f"{side}.score") for side in SIDES}
    found = differ.group_by("account_id").agg(
        pl.col("region_id").sort_by("day").last(),
        pl.col("day").min().alias("first"),
        pl.col("day").max().alias("last"),
        pl.len().alias("days"),
        (pl.col("candidate.edge") < pl.col("active.edge")).sum().alias("lower"),
        (pl.col("candidate.edge") > pl.col("active.edge")).sum().alias("higher"),
        both.sum().alias("both"),
        pl.col("active.score").filter(both).sum().alias("active"),
        pl.col("candidate.score").filter(both).sum().alias("candidate"),
        (cut["candidate"] - cut["active"]).filter(both).sum().alias("cut"),
    )
    parts = {side: _contributions(differ.filter(both), side) for side in SIDES}
    bands = {side: _bands(compared, f"{side}.band") for side in SIDES}
    pairs = _bands(differ, "active.band", "candidate.band")
    changes = []
    for row in found.sort("account_id").to_dicts():
        mine, theirs = (parts[side].get(row["account_id"], {}) for side in SIDES)
        changes.append(
            Changed(
                **row,
                parts={
                    name: theirs.get(name, 0) - mine.get(name, 0)
                    for name in sorted({*mine, *theirs})
                },
                bands={side: _first(bands[side][row["account_id"]]) for side in SIDES},
                pairs=pairs[row["account_id"]],
            )
        )
    return changes


def _contributions(rows: pl.DataFrame, side: str) -> Mapping[str, dict[str, int]]:
    parts = list(_parts(rows, f"{side}."))
    sums = rows.group_by("account_id").agg(
        part.struct.field("contribution").sum().alias(f"{place}")
        for place, (_, part) in enumerate(parts)
    )
    names = [name for name, _ in parts]
    return {
        account_id: dict(zip(names, found, strict=True)) for account_id, *found in sums.iter_rows()
    }


def _bands(rows: pl.DataFrame, *columns: str) -> Mapping[str, Counter[Any]]:
    """By account, on how many days there is what in these columns."""
    found: dict[str, Counter[Any]] = {}
    for account_id, *bands, days in rows.group_by("account_id", *columns).agg(pl.len()).iter_rows():
        found.setdefault(account_id, Counter())[tuple(bands)] = days
    return found


def _first(days: Counter[Any]) -> Counter[Band]:
    return Counter({band: count for (band,), count in days.items()})
