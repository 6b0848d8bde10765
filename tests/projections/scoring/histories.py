"""Random policies that may be drafted, and random histories of signals around a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import polars as pl
from hypothesis import strategies as st

from events.policies.scoring import (
    FULL,
    AlertThreshold,
    Band,
    Cap,
    Component,
    Csat,
    DecayedSum,
    Group,
    Line,
    Plain,
    Point,
    Rounding,
    ScoringPolicy,
    Share,
    Step,
    Steps,
)
from projections.scoring.plan import SIGNALS

KINDS: Final = ("interaction_call", "nps_answer", "csat_answer", "contact_left")
AS_OF: Final = date(2026, 3, 30)
"""The day after clocks went forward in Berlin."""

POINTS: Final = st.integers(0, FULL) | st.sampled_from((0, FULL, 50_500_000, 49_999_999))
WINDOWS: Final = st.integers(1, 12)
MAGNITUDES: Final = st.integers(-12, 12).map(lambda one: one * 1_000_000) | st.integers(
    -(2**34), 2**34
)


def some_kinds(at_most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(KINDS), min_size=1, max_size=at_most, unique=True).map(tuple)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    near = st.integers(-20_000_000, 120_000_000) | st.integers(-(2**53), 2**53)
    raws = sorted(draw(st.sets(near, min_size=2, max_size=5)))
    return Line(mapping="line", points=tuple(Point(raw=raw, points=draw(POINTS)) for raw in raws))


@st.composite
def ladders(draw: st.DrawFn) -> Steps:
    inner = sorted(draw(st.sets(st.integers(-3, 100).map(lambda one: one * 1_000_000), max_size=3)))
    lower, upper = [None, *inner], [*inner, None]
    steps = (
        Step(above=one, up_to=other, points=draw(POINTS))
        for one, other in zip(lower, upper, strict=True)
    )
    return Steps(mapping="steps", steps=tuple(steps))


@st.composite
def components(draw: st.DrawFn, place: int, group_id: str) -> Component:
    kinds = draw(some_kinds(2))
    measure = draw(
        st.one_of(
            st.builds(Plain),
            st.builds(DecayedSum, half_life_days=st.integers(1, 9)),
            st.builds(Csat, satisfied_from=st.sampled_from((4_000_000, 9_000_000))),
            some_kinds().map(lambda whole: Share(of_kinds=tuple(dict.fromkeys((*kinds, *whole))))),
        )
    )
    return Component(
        component_id=f"c{place}",
        title="Something",
        group_id=group_id,
        kinds=kinds,
        window_days=draw(WINDOWS),
        measure=measure,
        mapping=draw(lines() | ladders()),
        weight=draw(st.integers(1, 10_000)),
        missing=draw(st.sampled_from(("skip", "neutral", "zero"))),
    )


@st.composite
def policies(draw: st.DrawFn) -> ScoringPolicy:
    groups = [f"g{place}" for place in range(draw(st.integers(1, 3)))]
    of = [*groups, *draw(st.lists(st.sampled_from(groups), max_size=3))]
    edges = [0, *sorted(draw(st.sets(st.integers(1, FULL - 1), max_size=3))), FULL]
    digits = st.sampled_from((0, 1, 6))
    return ScoringPolicy(
        groups=tuple(
            Group(group_id=one, title="Some", weight=draw(st.integers(1, 10_000))) for one in groups
        ),
        weights_add_up_to=None,
        components=tuple(draw(components(place, one)) for place, one in enumerate(of)),
        neutral=draw(POINTS),
        caps=tuple(
            Cap(
                cap_id=f"k{place}",
                title="At most",
                kinds=draw(some_kinds(1)),
                window_days=draw(WINDOWS),
                at_most=draw(POINTS),
            )
            for place in range(draw(st.integers(0, 2)))
        ),
        bands=tuple(
            Band(band_id=f"b{place}", title="Band", above=lower, up_to=upper)
            for place, (lower, upper) in enumerate(pairwise(edges))
        ),
        rounding=Rounding(component=draw(digits), group=draw(digits), score=draw(digits)),
        alerts=(AlertThreshold(alert_id="low", title="Low", below=draw(POINTS)),),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Signals that occurred around the windows' edges, in any order, some late, some taken back."""
    midnight = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    found = []
    for position in range(1, draw(st.integers(0, 25)) + 1):
        hours = st.integers(-14 * 24, 30)
        occurred = midnight + timedelta(
            hours=draw(hours), microseconds=draw(st.sampled_from((0, -1, 1)))
        )
        recorded = occurred + timedelta(hours=draw(st.integers(0, 72)))
        ended = draw(st.none() | st.integers(0, 72))
        found.append(
            {
                "account_id": draw(st.sampled_from(("acme", "bell", "corn"))),
                "position": draw(st.integers(1, 9)) if position % 3 == 0 else position + 9,
                "number": position,
                "kind": draw(st.sampled_from((*KINDS, "milestone_met"))),
                "magnitude": draw(MAGNITUDES),
                "occurred_at": occurred,
                "recorded_at": recorded,
                "event_id": f"some-{position}/1",
                "known_to": None if ended is None else recorded + timedelta(hours=ended),
            }
        )
    return found


def frame(signals: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {**SIGNALS, "known_to": pl.Datetime("us", "UTC")}
    return pl.DataFrame(signals, schema=schema, orient="row")
