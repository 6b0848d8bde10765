"""What has faded by each day is, to the bit, what one adds up by hand."""

import random
from typing import Final

import polars as pl
import pytest

from projections.scoring.arithmetic import fading
from projections.scoring.convolution import faded

ACCOUNTS: Final = 3


def by_hand(by_day: list[int], days: int, weights: tuple[int, ...]) -> list[int]:
    """Nothing of the account before."""
    found = []
    for row in range(len(by_day)):
        day = row % days
        of_window = range(min(day, len(weights) - 1) + 1)
        found.append(sum(weights[age] * by_day[row - age] for age in of_window))
    return found


@pytest.mark.parametrize("most", [0, 10, 2**26 - 1, 2**26, 2**33, 2**52, 2**62])
@pytest.mark.parametrize(
    ("days", "window"), [(1, 1), (5, 3), (3, 5), (255, 90), (256, 256), (257, 257), (600, 400)]
)
def test_every_day_and_those_before_it_count_by_their_age(
    most: int, days: int, window: int
) -> None:
    rng = random.Random(days)
    told = [rng.choice((0, most, -most, rng.randint(-most, most))) for _ in range(ACCOUNTS * days)]
    weights = fading(30, window)
    found = faded(pl.Series(told, dtype=pl.Int64), days, weights)
    assert found.to_list() == by_hand(told, days, weights)


def test_what_fades_over_the_longest_window_is_exact() -> None:
    weights = (2**30,) * 3_660
    told = [2**26 - 1] * 4_000
    found = faded(pl.Series(told, dtype=pl.Int64), 4_000, weights)
    assert found.to_list() == by_hand(told, 4_000, weights)
