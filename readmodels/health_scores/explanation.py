"""Why a score is what it is, and why it is another than that of an earlier day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import polars as pl
from psycopg import Connection

from events.policies.scoring import DecayedSum, Plain, ScoringPolicy
from projections.scoring.behind import behind
from readmodels.health_scores.scores import (
    Measured,
    OnDay,
    Score,
    Version,
    earliest,
    scored,
)
from readmodels.signals import signal_frame

FactChange = Literal["came_in", "became_known", "left_window", "taken_back", "faded", "stays"]
"""What became of a signal since the earlier day: it occurred since; it counts for that day too, but
was not known; its window is over; it does not count any more, as is known now; it counts less, or
lies longer ago; it counts as it did."""


class Line(NamedTuple):
    """One component on both days, under the policy of the later one."""

    component_id: str
    before: Measured | None
    """``None`` where the account has no score on the earlier day."""
    now: Measured
    difference: int
    """Of the contributions; what is left out contributes 0."""


class Fact(NamedTuple):
    """A signal behind a component, or behind a cap."""

    component_id: str | None
    cap_id: str | None
    change: FactChange
    kind: str
    magnitude: int
    """In millionths."""
    occurred_at: datetime
    recorded_at: datetime
    position: int
    event_id: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score beside that of an earlier day.

    ``difference`` is the sum of all ``lines``, of ``policy``, ``rounding`` and ``caps``.
    """

    now: Score
    before: Score | None
    """Under the policy that held then; ``None`` where there was none, or no account."""
    lines: tuple[Line, ...]
    policy: int
    """What the earlier score would be more under the policy of the later day."""
    rounding: int
    """How much more the later score was rounded up by than the earlier one, group by group too."""
    caps: int
    """How much less caps hold the later score down."""
    difference: int | None
    """``None`` where nothing was measured on one of the days."""
    facts: tuple[Fact, ...]
    """By component as the policy names them, then by cap; what was recorded last comes first."""


def explanation(
    connection: Connection[Any],
    now: Score,
    on: OnDay,
    before: Score | None,
    earlier: OnDay,
) -> Explanation:
    """What made ``now`` of ``before``, which are the scores of one account on two days.

    ``connection`` is inside :func:`readmodels.reading.reading`.
    """
    since = min(earliest(one, [now.made_by.document]) for one in (on, earlier))
    frame = signal_frame(connection, [now.account_id], since=since)
    return explained(frame, now, on, before, earlier)


def explained(
    frame: pl.DataFrame, now: Score, on: OnDay, before: Score | None, earlier: OnDay
) -> Explanation:
    """See :func:`explanation`; ``frame`` has all signals of the account that count on the days."""
    maker = now.made_by
    then = _again(frame, maker, before, earlier)
    lines = tuple(_line(name, then, now) for name in now.components)
    found: dict[str, Any] = {"policy": 0, "rounding": 0, "caps": 0, "difference": None}
    if before and then and not _unmeasured(now, before, then):
        found = _added_up(now, before, then)
    facts = tuple(_facts(frame, maker.document, on, earlier))
    return Explanation(now, before, lines, facts=facts, **found)


def _again(
    frame: pl.DataFrame, maker: Version, before: Score | None, earlier: OnDay
) -> Score | None:
    """The earlier score under the policy of the later one."""
    if before is None or before.made_by.key == maker.key:
        return before
    (found,) = scored(frame.lazy(), maker, earlier, [before.account_id])
    return found


def _unmeasured(*scores: Score) -> bool:
    return any(one.score is None for one in scores)


def _added_up(now: Score, before: Score, then: Score) -> dict[str, int]:
    points = [_points(one) for one in (now, before, then)]
    (score, uncapped), (score_before, _), (score_then, uncapped_then) = points
    return {
        "policy": score_then - score_before,
        "rounding": (uncapped - _contributed(now)) - (uncapped_then - _contributed(then)),
        "caps": (score - uncapped) - (score_then - uncapped_then),
        "difference": score - score_before,
    }


def _points(score: Score) -> tuple[int, int]:
    assert score.score is not None
    assert score.uncapped is not None
    return score.score, score.uncapped


def _contributed(score: Score) -> int:
    return sum(contribution(one) for one in score.components.values())


def contribution(measured: Measured | None) -> int:
    """What a component adds to the score; 0 where it is left out."""
    return (measured or {}).get("contribution") or 0


def _line(component_id: str, then: Score | None, now: Score) -> Line:
    before = None if then is None else then.components[component_id]
    measured = now.components[component_id]
    return Line(component_id, before, measured, contribution(measured) - contribution(before))


# --- the facts behind -------------------------------------------------------------------------


def _facts(frame: pl.DataFrame, policy: ScoringPolicy, on: OnDay, earlier: OnDay) -> Iterator[Fact]:
    place = ("part", "position", "number")
    now, then = (
        behind(frame.lazy(), policy, one.day, one.zone.key, one.known).collect()
        for one in (on, earlier)
    )
    parts = _parts(policy)
    both = (
        pl.concat([now, then])
        .unique(place)
        .join(now.select(*place, now=pl.lit(value=True)), on=place, how="left")
        .join(then.select(*place, then=pl.lit(value=True)), on=place, how="left")
        .join(frame.select("position", "number", "recorded_at"), on=("position", "number"))
        .with_columns(order=pl.col("part").replace_strict(list(parts), range(len(parts))))
        .sort("order", "position", "number", descending=[False, True, True])
    )
    for row in both.iter_rows(named=True):
        kind, _, identity = row["part"].partition(".")
        yield Fact(
            identity if kind == "component" else None,
            identity if kind == "cap" else None,
            _change(row, parts[row["part"]], on.day, earlier.day),
            row["kind"],
            row["magnitude"],
            row["occurred_at"],
            row["recorded_at"],
            row["position"],
            row["event_id"],
        )


class _Part(NamedTuple):
    window_days: int
    fades: bool


def _parts(policy: ScoringPolicy) -> Mapping[str, _Part]:
    """The components and caps of the policy, as the scorer names what lies behind them."""
    found = {}
    for one in policy.components:
        match one.measure:
            case DecayedSum() | Plain(aggregation="days_since"):
                fades = True
            case _:
                fades = False
        found[f"component.{one.component_id}"] = _Part(one.window_days, fades)
    caps = {f"cap.{one.cap_id}": _Part(one.window_days, fades=False) for one in policy.caps}
    return found | caps


def _change(row: Mapping[str, Any], part: _Part, day: date, earlier: date) -> FactChange:
    occurred: date = row["day"]
    if row["now"] and row["then"]:
        return "faded" if part.fades and day != earlier else "stays"
    if row["now"]:
        return "became_known" if occurred <= earlier else "came_in"
    return "left_window" if (day - occurred).days >= part.window_days else "taken_back"
