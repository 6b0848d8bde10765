"""A score as somebody would work it out by hand: signal after signal, with fractions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from events.policies.scoring import Component, Line, ScoringPolicy

Signal = Mapping[str, Any]


def nearest(value: Fraction) -> int:
    """The nearest whole number, of two as near the greater."""
    return floor(value + Fraction(1, 2))


@cache
def left(days: int, half_life: int) -> int:
    """What a half-life leaves of 2^30 after so many days."""
    with localcontext(prec=80):
        return nearest(Fraction(Decimal(2) ** (30 - Decimal(days) / half_life)))


@dataclass
class Seen:
    """What one component, or one cap, has seen of one account."""

    count: int = 0
    whole: int = 0
    sum: int = 0
    good: int = 0
    bad: int = 0
    faded: int = 0
    last: tuple[datetime, int, int, int] | None = None
    day: date | None = None


@dataclass
class Account:
    """What all components and caps have seen of one account."""

    parts: list[Seen] = field(default_factory=list)
    caps: list[Seen] = field(default_factory=list)


class Fold:
    """A policy's scores of one day, one signal at a time."""

    def __init__(
        self, policy: ScoringPolicy, as_of: date, zone: str, known_at: datetime | None = None
    ) -> None:
        self.policy, self.as_of, self.zone, self.known_at = policy, as_of, ZoneInfo(zone), known_at
        self.accounts: dict[str, Account] = {}

    def tell(self, signals: Iterable[Signal]) -> None:
        """Take in what is known by then."""
        for signal in signals:
            if self._is_known(signal):
                self._take(signal)

    def _is_known(self, signal: Signal) -> bool:
        end = signal.get("known_to")
        if self.known_at is None:
            return end is None
        return signal["recorded_at"] <= self.known_at and (end is None or end > self.known_at)

    def _take(self, signal: Signal) -> None:
        day = signal["occurred_at"].astimezone(self.zone).date()
        age = (self.as_of - day).days
        if age < 0:
            return
        account = Account(
            [Seen() for _ in self.policy.components], [Seen() for _ in self.policy.caps]
        )
        used = False
        windows = [part.window_days for part in self.policy.components]
        longest = max([*windows, *(cap.window_days for cap in self.policy.caps)])
        known = self.accounts.get(signal["account_id"], account)
        for component, seen in zip(self.policy.components, known.parts, strict=True):
            whole = getattr(component.measure, "of_kinds", component.kinds)
            used |= signal["kind"] in whole and age < longest
            if signal["kind"] in whole and age < component.window_days:
                seen.whole += 1
                if signal["kind"] in component.kinds:
                    self._add(component, seen, signal, day, age)
        for cap, seen in zip(self.policy.caps, known.caps, strict=True):
            used |= signal["kind"] in cap.kinds and age < longest
            if signal["kind"] in cap.kinds and age < cap.window_days:
                seen.count += 1
        if used:
            self.accounts[signal["account_id"]] = known

    def _add(self, component: Component, seen: Seen, signal: Signal, day: date, age: int) -> None:
        magnitude = max(-(2**33), min(2**33, signal["magnitude"]))
        seen.count += 1
        seen.sum += magnitude
        satisfied = getattr(component.measure, "satisfied_from", 9_000_000)
        seen.good += magnitude >= satisfied
        seen.bad += magnitude <= 6_000_000
        half_life = getattr(component.measure, "half_life_days", None)
        if half_life is not None:
            seen.faded += magnitude * left(age, half_life)
        place = (signal["occurred_at"], signal["position"], signal["number"], magnitude)
        seen.last = place if seen.last is None else max(seen.last, place)
        seen.day = day if seen.day is None else max(seen.day, day)

    def scores(self) -> dict[str, dict[str, Any]]:
        """By account, what the scorer's frame has of it."""
        return {name: self._score(account) for name, account in self.accounts.items()}

    def of(self, account_id: str) -> dict[str, Any]:
        """Of an account that may have no signal."""
        parts = [Seen() for _ in self.policy.components]
        empty = Account(parts, [Seen() for _ in self.policy.caps])
        return self._score(self.accounts.get(account_id, empty))

    def _score(self, account: Account) -> dict[str, Any]:
        policy = self.policy
        raws = [self._raw(*pair) for pair in zip(policy.components, account.parts, strict=True)]
        points = [self._points(*pair) for pair in zip(policy.components, raws, strict=True)]
        found: dict[str, Any] = {}
        groups = []
        for group in policy.groups:
            weighed = [
                (component.weight, worth)
                for component, worth in zip(policy.components, points, strict=True)
                if component.group_id == group.group_id and worth is not None
            ]
            weight = sum(one for one, _ in weighed)
            mean = self._mean(weighed, policy.rounding.group)
            found[f"group.{group.group_id}"] = mean
            groups.append((group, weight, mean))
        counted = [(group.weight, mean) for group, _, mean in groups if mean is not None]
        uncapped = self._mean(counted, policy.rounding.score)
        whole = sum(weight for weight, _ in counted)
        by_group = {group.group_id: (group.weight, weight) for group, weight, _ in groups}
        for component, raw, worth in zip(policy.components, raws, points, strict=True):
            of_whole, of_group = by_group[component.group_id]
            found[f"component.{component.component_id}"] = {
                "raw": raw,
                "points": worth,
                "weight": 0 if worth is None else component.weight,
                "contribution": None
                if worth is None
                else nearest(Fraction(worth * component.weight * of_whole, of_group * whole)),
            }
        return found | self._end(account, uncapped)

    def _end(self, account: Account, uncapped: int | None) -> dict[str, Any]:
        binding = [
            (cap.at_most, place, cap.cap_id)
            for place, (cap, seen) in enumerate(zip(self.policy.caps, account.caps, strict=True))
            if seen.count and uncapped is not None and cap.at_most < uncapped
        ]
        lowest = min(binding, default=None)
        score = uncapped if lowest is None else lowest[0]
        bands = [] if score is None else [one for one in self.policy.bands if score <= one.up_to]
        return {
            "as_of": self.as_of,
            "uncapped": uncapped,
            "score": score,
            "cap": None if lowest is None else lowest[2],
            "band": bands[0].band_id if bands else None,
            **{
                f"alert.{alert.alert_id}": score is not None and score < alert.below
                for alert in self.policy.alerts
            },
        }

    def _mean(self, weighed: list[tuple[int, int]], digits: int) -> int | None:
        by = sum(weight for weight, _ in weighed)
        if not by:
            return None
        exact = Fraction(sum(weight * worth for weight, worth in weighed), by)
        return self._rounded(exact, digits)

    @staticmethod
    def _rounded(exact: Fraction, digits: int) -> int:
        step = int(10 ** (6 - digits))
        return nearest(exact / step) * step

    def _raw(self, component: Component, seen: Seen) -> int | None:
        found = self._exact(component, seen)
        return None if found is None else nearest(found)

    def _exact(self, component: Component, seen: Seen) -> Fraction | None:
        days = (self.as_of - seen.day).days if seen.day else 0
        last = seen.last[3] if seen.last else 0
        parts = {
            "count": (seen.count * 1_000_000, 1),
            "sum": (seen.sum, 1),
            "decayed_sum": (seen.faded, 2**30),
            "mean": (seen.sum, seen.count),
            "last": (last, min(seen.count, 1)),
            "nps": ((seen.good - seen.bad) * 100_000_000, seen.count),
            "csat": (seen.good * 100_000_000, seen.count),
            "share": (seen.count * 100_000_000, seen.whole),
            "days_since": (days * 1_000_000, min(seen.count, 1)),
        }
        part, whole = parts[component.measure.aggregation]
        return Fraction(part, whole) if whole else None

    def _points(self, component: Component, raw: int | None) -> int | None:
        if raw is None:
            absent = {"skip": None, "neutral": self.policy.neutral, "zero": 0}
            return absent[component.missing]
        mapping = component.mapping
        worth = self._on_line(mapping, raw) if isinstance(mapping, Line) else None
        if worth is None:
            assert not isinstance(mapping, Line)
            worth = next(
                one.points for one in mapping.steps if one.up_to is None or raw <= one.up_to
            )
        return self._rounded(Fraction(worth), self.policy.rounding.component)

    @staticmethod
    def _on_line(line: Line, raw: int) -> int:
        if raw <= line.points[0].raw:
            return line.points[0].points
        for before, point in zip(line.points, line.points[1:], strict=False):
            if raw <= point.raw:
                rise = Fraction(point.points - before.points, point.raw - before.raw)
                return before.points + nearest(rise * (raw - before.raw))
        return line.points[-1].points
