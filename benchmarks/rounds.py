"""Interleaved rounds: every variant runs in every round, so that a noisy machine hits all alike."""

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Rates:
    """The rate of one variant in each round, in units a second."""

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def line(self) -> str:
        """One line of the report."""
        return f"  {self.name:<58} {self.median:>8.0f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """One variant against another, paired round by round."""

    name: str
    median: float
    lowest: float
    highest: float
    aim: str

    def line(self) -> str:
        """One line of the report."""
        spread = f"{self.lowest:.2f} to {self.highest:.2f}"
        return f"  {self.name:<58} {self.median:>8.2f}   ({spread})   {self.aim}"


def interleaved(
    variants: Mapping[str, Callable[[], float]], unit: str, rounds: int = ROUNDS
) -> dict[str, Rates]:
    """Run every variant ``rounds`` times, shuffled in each round; a variant returns its rate."""
    rng = random.Random(1)
    values: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        names = list(variants)
        rng.shuffle(names)
        for name in names:
            values[name].append(variants[name]())
    return {name: Rates(name, unit, tuple(found)) for name, found in values.items()}


def ratio(ours: Rates, baseline: Rates, aim: str = "") -> Ratio:
    """``ours`` over ``baseline``: the median of the paired ratios, with the extremes."""
    pairs = [a / b for a, b in zip(ours.values, baseline.values, strict=True)]
    return Ratio(
        f"{ours.name} / {baseline.name}", statistics.median(pairs), min(pairs), max(pairs), aim
    )


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
