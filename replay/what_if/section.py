"""What a report says about one candidate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from replay.what_if.evidence import TOP, Warnings, components
from replay.what_if.question import ACTIVE
from replay.what_if.result import Change, Comparison, PolicyTold, Result, Side
from replay.what_if.wording import (
    chart,
    plain,
    points,
    share,
    signed,
    some,
    table,
    where,
)

_REASONS: Final = 3

Direction = Literal["lower", "higher", "other"]
"""``other``: one of the two gives no score, or a band that begins at the same score."""


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
        yield from self._last_day()
        yield from self._over_time()
        yield from self._changes("Who stands lower", self._in("lower"))
        yield from self._changes("Who stands higher", self._in("higher"))
        yield from self._changes("Who stands neither lower nor higher", self._in("other"))
        yield from components(self.about)
        yield from Warnings(self.about, self.result.question.horizon_days, self._policies).lines()

    def _in(self, direction: Direction) -> Sequence[Change]:
        return [one for one in self.about.changes if _direction(one) == direction]

    @property
    def _told(self) -> PolicyTold:
        return next(one for one in self.result.policies if one.name == self.about.name)

    @property
    def _policies(self) -> Sequence[PolicyTold]:
        """What was in force, and the candidate last."""
        return [*(one for one in self.result.policies if one.name == ACTIVE), self._told]

    def _band(self, band_id: str | None) -> str:
        titles = {band.band_id: band.title for policy in self._policies for band in policy.bands}
        return "no score" if band_id is None else plain(titles.get(band_id, band_id))

    def _in_short(self) -> Iterator[str]:
        about, active, candidate = self.about, self.about.active, self.about.candidate
        yield (
            f"Compared for {some(about.accounts, 'account')} on"
            f" {some(about.account_days, 'account day')}"
            f" ({where(self._told.place)}, where no nearer region has a policy of its own)."
        )
        yield ""
        lower, higher, other = (len(self._in(one)) for one in ("lower", "higher", "other"))
        yield (
            f"- **{len(about.changes):,} of {some(about.accounts, 'account')}** would have been in"
            f" another band on at least one day: {lower:,} mostly lower, {higher:,} mostly higher"
            f"{f', {other:,} neither (no score under one of the two)' if other else ''}."
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
            return (
                "- No loss is known in these days, so nothing says which of the two warns better."
            )
        found = (
            f"- Of **{some(mine.outcomes, 'loss', 'losses')}** (customers who left, contracts not"
            f" renewed) {mine.warned:,} would have been warned of instead of {theirs.warned:,}"
        )
        days = [one.days_of_warning for one in (mine, theirs)]
        if days == [None, None]:
            return f"{found}."
        told = ["none" if one is None else some(one, "day") for one in days]
        return f"{found}; the median warning came {told[0]} before instead of {told[1]}."

    def _last_day(self) -> Iterator[str]:
        """How bands go over into each other."""
        moves = {(one.band_active, one.band_candidate): one.accounts for one in self.about.moves}
        if all(one == other for one, other in moves):
            return
        before, then = (self._ordered({pair[side] for pair in moves}) for side in (0, 1))
        yield "### On the last day"
        yield ""
        yield f"Accounts by the band they were in, and the one of {plain(self.about.name)}."
        yield ""
        yield from table(
            ("was", *(f"would be: {self._band(one)}" for one in then)),
            (
                (self._band(one), *(f"{moves.get((one, other), 0):,}" for other in then))
                for one in before
            ),
        )

    def _ordered(self, bands: Iterable[str | None]) -> list[str | None]:
        """From the lowest to the highest; without a score first."""
        edges = {band.band_id: band.above for policy in self._policies for band in policy.bands}
        return sorted(bands, key=lambda one: (-1, "") if one is None else (edges[one], one))

    def _over_time(self) -> Iterator[str]:
        about = self.about
        months = [one.month for one in about.active.months]

        def in_lowest(side: Side) -> list[str]:
            told = self._policies[-1:] if side is about.candidate else self._policies[:-1]
            lowest = {min(one.bands, key=lambda band: band.above).band_id for one in told}
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
        yield ""
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
        yield ""
        ordered = sorted(changes, key=_weight)
        rows = [
            (
                f"{plain(one.name)} ({plain(one.account_id)})",
                f"{one.first} to {one.last}",
                f"{one.days:,}",
                f"{points(one.score_active)} → {points(one.score_candidate)}",
                self._mostly(one),
                self._why(one),
            )
            for one in ordered[:TOP]
        ]
        yield from table(
            ("account", "bands differ", "on days", "mean score", "mostly", "because of"),
            rows,
            right=99,
        )
        if len(changes) > TOP:
            yield f"And {some(len(changes) - TOP, 'more account')}, all of them in `changes.csv`."
            yield ""

    def _mostly(self, change: Change) -> str:
        most = change.pairs[0]
        return f"{self._band(most.band_active)} → {self._band(most.band_candidate)}"

    def _why(self, change: Change) -> str:
        """The greatest of what makes it stand where it does; what speaks against it is left out."""
        direction = _direction(change)
        if direction == "other":
            return "the score itself"
        sign = -1 if direction == "lower" else 1
        speaking = sorted(
            (one for one in change.reasons if one.difference * sign > 0),
            key=lambda one: (-abs(one.difference), one.part),
        )
        told = [f"{plain(one.title)} {signed(one.difference)}" for one in speaking[:_REASONS]]
        return ", ".join(told) or "edges of bands"


def _direction(change: Change) -> Direction:
    """Where an account stands on most of the days on which bands differ."""
    if not change.days_lower and not change.days_higher:
        return "other"
    lower, higher = change.days_lower, change.days_higher
    if lower == higher:
        before, after = change.score_active or 0, change.score_candidate or 0
        return "lower" if after < before else "higher"
    return "lower" if lower > higher else "higher"


def _weight(change: Change) -> tuple[int, int, str]:
    """Who changes most stands first."""
    before, after = change.score_active, change.score_candidate
    apart = 0 if before is None or after is None else abs(after - before)
    return -max(change.days_lower, change.days_higher), -apart, change.account_id
