"""From what all stretches come to, to what is answered of one candidate."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from events.policies.scoring import ScoringPolicy
from projections.metrics.numbers import half_up
from replay.what_if.judging import Judge
from replay.what_if.result import (
    BandDays,
    Change,
    Comparison,
    ComponentChange,
    ComponentMeans,
    Month,
    Move,
    Pair,
    Reason,
    Side,
)
from replay.what_if.source import Outcome
from replay.what_if.tally import SIDES, Band, Changed, SideTally, Sums, Tally

CAPS: Final = "caps"
"""The part of a difference that is due to caps, which is no component."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """What the answer about one candidate is put together with."""

    candidate: ScoringPolicy
    active: Sequence[ScoringPolicy]
    """Those that were in force somewhere, the last one last."""
    names: Mapping[str, str]
    """Of accounts."""
    judge: Judge

    def comparison(self, name: str, tally: Tally) -> Comparison:
        """The answer."""
        outcomes = self.judge.to_be_warned_of(tally.scored_on)
        policies = {"active": self.active, "candidate": (self.candidate,)}
        active, candidate = (
            self._side(tally.sides[side], policies[side], outcomes) for side in SIDES
        )
        return Comparison(
            name=name,
            accounts=tally.accounts,
            account_days=tally.account_days,
            active=active,
            candidate=candidate,
            moves=tuple(
                Move(band_active=one, band_candidate=other, accounts=accounts)
                for (one, other), accounts in sorted(
                    tally.moves.items(), key=lambda move: tuple(map(_place, move[0]))
                )
            ),
            changes=tuple(
                self._change(one) for one in sorted(tally.changes, key=lambda one: one.account_id)
            ),
            components=tuple(self._components(tally)),
        )

    def _side(
        self, tally: SideTally, policies: Iterable[ScoringPolicy], outcomes: Sequence[Outcome]
    ) -> Side:
        alerts = self.judge.alerts(tally.alerts)
        thresholds = dict.fromkeys(one.alert_id for policy in policies for one in policy.alerts)
        months = sorted(tally.months.items(), key=lambda one: (one[0][0], _place(one[0][1])))
        raised = Counter(f"{one.day:%Y-%m}" for one in alerts)
        return Side(
            scored_days=tally.scored,
            mean_score=_mean(tally.score, tally.scored),
            months=tuple(
                Month(
                    month=month,
                    bands=tuple(BandDays(band_id=band, days=days) for (_, band), days in of_month),
                    alerts=raised[month],
                )
                for month, of_month in groupby(months, lambda one: one[0][0])
            ),
            alerts=alerts,
            outcomes=self.judge.warned(outcomes, alerts),
            quality=(
                self.judge.quality(alerts, outcomes),
                *(
                    self.judge.quality(alerts, outcomes, kind="threshold", alert_id=one)
                    for one in thresholds
                ),
                self.judge.quality(alerts, outcomes, kind="band_fell"),
            ),
        )

    def _change(self, changed: Changed) -> Change:
        return Change(
            account_id=changed.account_id,
            name=self.names.get(changed.account_id, changed.account_id),
            region_id=changed.region_id,
            first=changed.first,
            last=changed.last,
            days=changed.days,
            days_lower=changed.lower,
            days_higher=changed.higher,
            score_active=_mean(changed.active, changed.both),
            score_candidate=_mean(changed.candidate, changed.both),
            bands_active=_band_days(changed.bands["active"]),
            bands_candidate=_band_days(changed.bands["candidate"]),
            pairs=_pairs(changed.pairs),
            reasons=self._reasons(changed),
        )

    def _reasons(self, changed: Changed) -> tuple[Reason, ...]:
        titles = {**self._titles(), CAPS: "Held down by a cap"}
        parts = {**changed.parts, CAPS: -changed.cut}
        found = [
            Reason(part=part, title=titles[part], difference=difference)
            for part, whole in parts.items()
            if (difference := _mean(whole, changed.both))
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one.difference), one.part)))

    def _titles(self) -> Mapping[str, str]:
        return {
            one.component_id: one.title
            for policy in (*self.active, self.candidate)
            for one in policy.components
        }

    def _components(self, tally: Tally) -> Iterable[ComponentChange]:
        sides = [tally.sides[side] for side in SIDES]
        for component_id, title in self._titles().items():
            active, candidate = (
                _means(side.components.get(component_id), side.scored) for side in sides
            )
            if active is None and candidate is None:
                continue
            before, after = ((one.contribution or 0) if one else 0 for one in (active, candidate))
            yield ComponentChange(
                component_id=component_id,
                title=title,
                active=active,
                candidate=candidate,
                difference=after - before,
            )


def _means(sums: Sums | None, scored: int) -> ComponentMeans | None:
    return (
        None
        if sums is None
        else ComponentMeans(
            measured_days=sums.measured,
            raw=_mean(sums.raw, sums.measured),
            counted_days=sums.counted,
            points=_mean(sums.points, sums.counted),
            contribution=_mean(sums.contribution, scored),
        )
    )


def _band_days(days: Counter[Band]) -> tuple[BandDays, ...]:
    ordered = sorted(days.items(), key=lambda one: _place(one[0]))
    return tuple(BandDays(band_id=band, days=one) for band, one in ordered)


def _pairs(days: Counter[tuple[Band, Band]]) -> tuple[Pair, ...]:
    ordered = sorted(days.items(), key=lambda one: (-one[1], *map(_place, one[0])))
    return tuple(
        Pair(band_active=active, band_candidate=candidate, days=one)
        for (active, candidate), one in ordered
    )


def _place(band: Band) -> str:
    return band or ""


def _mean(whole: int, of: int) -> int | None:
    return half_up(Fraction(whole, of)) if of else None
