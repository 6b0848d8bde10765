"""What a report says about one candidate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from replay.what_if.question import ACTIVE
from replay.what_if.result import Change, Comparison, PolicyTold, Quality, Result, Side
from replay.what_if.wording import (
    bar,
    chart,
    percent,
    plain,
    points,
    share,
    signed,
    some,
    table,
    where,
)

_TOP: Final = 20
"""So many accounts and outcomes are named; the other files have them all."""

_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Section:
    """What is said about one candidate."""

    result: Result
    about: Comparison

    def lines(self) -> Iterator[str]:
        """The lines, from its heading on."""
        about = self.about
        yield f"## {plain(about.name)}"
        yield ""
        if not about.account_days:
            yield "It would have held for nobody on any of these days."
            yield ""
            return
        yield from self._in_short()
        yield from self._over_time()
        lower = [one for one in about.changes if one.days_lower >= one.days_higher]
        higher = [one for one in about.changes if one.days_lower < one.days_higher]
        yield from self._changes("Who stands lower", lower)
        yield from self._changes("Who stands higher", higher)
        yield from self._components()
        yield from self._warnings()

    @property
    def _told(self) -> PolicyTold:
        return next(one for one in self.result.policies if one.name == self.about.name)

    @property
    def _active(self) -> Sequence[PolicyTold]:
        return [one for one in self.result.policies if one.name == ACTIVE]

    def _band(self, band_id: str | None) -> str:
        titles = {
            band.band_id: band.title
            for policy in (*self._active, self._told)
            for band in policy.bands
        }
        return "no score" if band_id is None else plain(titles.get(band_id, band_id))

    def _in_short(self) -> Iterator[str]:
        about, active, candidate = self.about, self.about.active, self.about.candidate
        yield (
            f"Compared for {some(about.accounts, 'account')} on"
            f" {some(about.account_days, 'account day')}"
            f" ({where(self._told.place)}, where no nearer region has a policy of its own)."
        )
        yield ""
        differ = len(about.changes)
        lower = sum(one.days_lower >= one.days_higher for one in about.changes)
        yield (
            f"- **{differ:,} of {some(about.accounts, 'account')}** would have been in another band"
            f" on at least one day: {lower:,} mostly lower or without a band to compare with,"
            f" {differ - lower:,} mostly higher."
        )
        moved = sum(one.accounts for one in about.moves if one.band_active != one.band_candidate)
        yield f"- On the last day {some(moved, 'account')} would stand in another band."
        yield (
            f"- The mean score is {points(candidate.mean_score)} instead of"
            f" {points(active.mean_score)}."
        )
        yield (
            f"- **{some(len(candidate.alerts), 'alert')}** would have been raised instead of"
            f" {len(active.alerts):,}."
        )
        yield self._foretold(active, candidate)
        yield ""

    def _foretold(self, active: Side, candidate: Side) -> str:
        mine, theirs = candidate.quality[0], active.quality[0]
        if not mine.outcomes:
            return "- No customer left and no renewal was lost, so nothing says which warns better."
        found = (
            f"- Of **{some(mine.outcomes, 'loss', 'losses')}** (customers who left, contracts not"
            f" renewed) {mine.warned:,} would have been warned of instead of {theirs.warned:,}"
        )
        days = [one.days_of_warning for one in (mine, theirs)]
        told = ["-" if one is None else some(one, "day") for one in days]
        return f"{found}; half of them at least {told[0]} before instead of {told[1]}."

    def _over_time(self) -> Iterator[str]:
        about = self.about
        months = [one.month for one in about.active.months]
        lowest = {
            min(policy.bands, key=lambda band: band.above).band_id
            for policy in (*self._active, self._told)
        }

        def in_lowest(side: Side) -> list[str]:
            return [
                share(
                    sum(one.days for one in month.bands if one.band_id in lowest),
                    sum(one.days for one in month.bands),
                )
                for month in side.months
            ]

        def alerts(side: Side) -> list[str]:
            return [str(month.alerts) for month in side.months]

        yield "### Month by month"
        yield ""
        yield f"Bars: what was in force. Line: {plain(about.name)}."
        if len(months) > 1:
            for title, unit, of in (
                ("Accounts in the lowest band, in percent of days", "percent", in_lowest),
                ("Alerts raised", "alerts", alerts),
            ):
                yield from chart(title, unit, months, of(about.active), of(about.candidate))
        sides = (about.active, about.candidate)
        yield from table(
            ("month", "lowest band before", "then", "alerts before", "then"),
            zip(
                months,
                *(
                    [f"{one} %" if of is in_lowest else one for one in of(side)]
                    for of in (in_lowest, alerts)
                    for side in sides
                ),
                strict=True,
            ),
        )

    def _changes(self, title: str, changes: Sequence[Change]) -> Iterator[str]:
        if not changes:
            return
        yield f"### {title}"
        ordered = sorted(changes, key=_weight)
        rows = [
            (
                f"{plain(one.name)} ({plain(one.account_id)})",
                f"{one.first} to {one.last}",
                f"{one.days:,}",
                f"{points(one.score_active)} → {points(one.score_candidate)}",
                f"{self._mostly(one, 'active')} → {self._mostly(one, 'candidate')}",
                self._why(one),
            )
            for one in ordered[:_TOP]
        ]
        yield from table(
            ("account", "bands differ", "on days", "mean score", "mostly", "because of"),
            rows,
            right=99,
        )
        if len(changes) > _TOP:
            yield f"And {some(len(changes) - _TOP, 'more account')}, all of them in `changes.csv`."
            yield ""

    def _mostly(self, change: Change, side: str) -> str:
        bands = change.bands_active if side == ACTIVE else change.bands_candidate
        return self._band(max(bands, key=lambda one: one.days).band_id)

    def _why(self, change: Change) -> str:
        if not change.reasons:
            return "edges of bands"
        return ", ".join(
            f"{plain(one.title)} {signed(one.difference)}" for one in change.reasons[:_REASONS]
        )

    def _components(self) -> Iterator[str]:
        components = self.about.components
        greatest = max((abs(one.difference) for one in components), default=0)
        yield "### Component by component"
        yield ""
        yield "What each adds to the mean score, and the mean points it is given."
        yield from table(
            ("component", "added before", "then", "difference", "", "points before", "then"),
            (
                (
                    plain(one.title),
                    *(points(means.contribution if means else None) for means in sides),
                    signed(one.difference),
                    bar(one.difference, greatest),
                    *(points(means.points if means else None) for means in sides),
                )
                for one in components
                for sides in [(one.active, one.candidate)]
            ),
        )

    def _warnings(self) -> Iterator[str]:
        about = self.about
        horizon = self.result.question.horizon_days
        yield "### Warnings"
        yield ""
        yield (
            f"A warning is right when a customer left or a renewal was lost within"
            f" {some(horizon, 'day')} after it. Precision: of the alerts that can be judged, so"
            f" many were right. Recall: of the losses, so many had an alert before."
        )
        yield from table(
            (
                "alert",
                "policy",
                "raised",
                "judged",
                "right",
                "precision",
                "losses",
                "recall",
                "days before",
            ),
            (
                self._quality(one, name, policies)
                for name, side, policies in (
                    ("in force", about.active, self._active),
                    (plain(about.name), about.candidate, [self._told]),
                )
                for one in side.quality
            ),
            right=2,
        )
        yield from self._losses()

    def _quality(
        self, quality: Quality, name: str, policies: Iterable[PolicyTold]
    ) -> tuple[str, ...]:
        titles = {alert.alert_id: alert.title for one in policies for alert in one.alerts}
        what = {"any": "all together", "band_fell": "a lower band"}.get(quality.kind)
        days = quality.days_of_warning
        return (
            what or plain(titles[quality.alert_id or ""]),
            name,
            f"{quality.alerts:,}",
            f"{quality.judged:,}",
            f"{quality.followed:,}",
            percent(quality.precision_bp),
            f"{quality.outcomes:,}",
            percent(quality.recall_bp),
            "-" if days is None else str(days),
        )

    def _losses(self) -> Iterator[str]:
        about = self.about
        pairs = list(zip(about.active.outcomes, about.candidate.outcomes, strict=True))
        if not pairs:
            return
        horizon = self.result.question.horizon_days
        yield "Days of warning before each loss:"
        yield from table(
            ("account", "what", "on", "before", "", "then", ""),
            (
                (
                    plain(one.account_id),
                    one.kind.replace("_", " "),
                    str(one.occurred_on),
                    _days(one.days_of_warning),
                    bar(one.days_of_warning or 0, horizon),
                    _days(other.days_of_warning),
                    bar(other.days_of_warning or 0, horizon),
                )
                for one, other in pairs[:_TOP]
            ),
            right=99,
        )
        if len(pairs) > _TOP:
            yield f"And {some(len(pairs) - _TOP, 'more loss', 'more losses')}, in `result.json`."
            yield ""


def _weight(change: Change) -> tuple[int, int, str]:
    """Who changes most stands first."""
    before, after = change.score_active, change.score_candidate
    apart = 0 if before is None or after is None else abs(after - before)
    return -max(change.days_lower, change.days_higher), -apart, change.account_id


def _days(days: int | None) -> str:
    return "none" if days is None else str(days)
