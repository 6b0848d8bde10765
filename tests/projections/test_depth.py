"""Depth and frequency are pure functions of interactions, policy and day (KAM-19, MET-09)."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from projections.depth import Touch, depth, effective, per_30_days_centi
from tests.examples.cast import UMA
from tests.examples.histories import DEPTH

TODAY: Final = date(2026, 11, 25)


def touch(days: int = 0, kind: str = "executive_visit", **fields: Any) -> Touch:
    given = {"minutes": None, "rating": None, **fields}
    return Touch(
        f"i{days}", kind, TODAY - timedelta(days=days), contact_ids=frozenset({UMA}), **given
    )


def points(*touches: Touch) -> int:
    return depth(touches, DEPTH, DEPTH.account_levels, TODAY).points


@pytest.mark.parametrize(
    ("days", "worth"),
    [(-1, 0), (0, 10), (89, 10), (90, 5), (179, 5), (180, 3), (364, 3), (365, 0)],
)
def test_points_fade_by_whole_days_and_end_with_the_window(days: int, worth: int) -> None:
    """KAM-19: 2.5 points are rounded half up, once."""
    assert points(touch(days)) == worth


def test_points_are_rounded_once() -> None:
    assert points(touch(180), touch(181)) == 5


@pytest.mark.parametrize(("rating", "worth"), [(None, 10), (1, 6), (3, 10), (5, 13)])
def test_a_rating_adds_or_takes_away(rating: int | None, worth: int) -> None:
    assert points(touch(rating=rating)) == worth


def test_a_depth_is_never_below_nothing() -> None:
    assert points(touch(kind="service_request", rating=1)) == 0


@pytest.mark.parametrize(("visits", "level"), [(0, "thin"), (1, "thin"), (2, "deep")])
def test_a_level_begins_at_its_edge(visits: int, level: str) -> None:
    found = depth([touch()] * visits, DEPTH, DEPTH.account_levels, TODAY)
    assert found.level == level


def test_it_says_which_interactions_it_rests_on() -> None:
    found = depth([touch(365), touch(364), touch(1)], DEPTH, DEPTH.account_levels, TODAY)
    assert found.interaction_ids == ("i364", "i1")


@pytest.mark.parametrize(
    ("kind", "minutes", "rating", "counts"),
    [
        ("executive_visit", None, None, True),
        ("call", 29, 3, False),
        ("call", 30, None, True),
        ("call", None, 4, True),
        ("call", None, None, False),
        ("joint_event", 500, 5, False),
    ],
)
def test_only_what_is_long_or_rated_enough_is_effective(
    kind: str, minutes: int | None, rating: int | None, counts: bool
) -> None:
    """MET-09."""
    assert effective(touch(kind=kind, minutes=minutes, rating=rating), DEPTH) is counts


@pytest.mark.parametrize(("count", "days", "centi"), [(0, 90, 0), (3, 90, 100), (1, 365, 8)])
def test_a_frequency_is_told_per_30_days(count: int, days: int, centi: int) -> None:
    assert per_30_days_centi(count, days) == centi
