"""Alerts against outcomes: which were followed by one, and which outcomes nobody was warned of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from statistics import median_low

from projections.metrics.numbers import half_up
from replay.what_if.question import Question
from replay.what_if.result import Alert, AlertKind, Quality, Warned
from replay.what_if.source import Outcome

Raised = tuple[str, date, str | None]
"""Account, day, and the threshold; without one where the band fell."""


@dataclass(slots=True)
class Judge:
    """What is known of outcomes in the period of a question."""

    question: Question
    outcomes: Sequence[Outcome]
    names: Mapping[str, str] = field(default_factory=dict)
    """Of accounts."""
    _by_account: dict[str, list[Outcome]] = field(
        init=False, default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        for one in sorted(self.outcomes, key=lambda one: (one.occurred_on, one.kind)):
            self._by_account[one.account_id].append(one)

    def alerts(self, raised: Iterable[Raised]) -> tuple[Alert, ...]:
        """Alerts with what followed, by account, day and threshold."""
        ordered = sorted(raised, key=lambda one: (one[0], one[1], one[2] or ""))
        return tuple(self._alert(*one) for one in ordered)

    def _alert(self, account_id: str, day: date, alert_id: str | None) -> Alert:
        horizon = timedelta(days=self.question.horizon_days)
        mine = self._by_account.get(account_id, [])
        left = any(one.kind == "churned" and one.occurred_on <= day for one in mine)
        follows = next((one for one in mine if day < one.occurred_on <= day + horizon), None)
        kind: AlertKind = "band_fell" if alert_id is None else "threshold"
        return Alert(
            account_id=account_id,
            day=day,
            kind=kind,
            alert_id=alert_id,
            judged=day + horizon <= self.question.last and not left,
            outcome=None if follows is None else follows.kind,
            occurred_on=None if follows is None else follows.occurred_on,
            days_of_warning=None if follows is None else (follows.occurred_on - day).days,
        )

    def to_be_warned_of(self, scored_on: Mapping[str, tuple[date, ...]]) -> tuple[Outcome, ...]:
        """The outcomes of accounts that were compared on a day within the horizon before.

        After the first day of the period and up to its last; by account and day.
        """
        return tuple(
            one
            for account_id, days in sorted(scored_on.items())
            for one in self._by_account.get(account_id, ())
            if self.question.first < one.occurred_on <= self.question.last
            and any(self._warns(day, one) for day in days)
        )

    def _warns(self, day: date, outcome: Outcome) -> bool:
        return 1 <= (outcome.occurred_on - day).days <= self.question.horizon_days

    def warned(self, outcomes: Sequence[Outcome], alerts: Iterable[Alert]) -> tuple[Warned, ...]:
        """Each of ``outcomes`` with the first of ``alerts`` within the horizon before it."""
        days: dict[str, list[date]] = defaultdict(list)
        for alert in alerts:
            days[alert.account_id].append(alert.day)
        return tuple(self._warned(one, days.get(one.account_id, ())) for one in outcomes)

    def _warned(self, outcome: Outcome, days: Iterable[date]) -> Warned:
        day = min((day for day in days if self._warns(day, outcome)), default=None)
        return Warned(
            account_id=outcome.account_id,
            name=self.names.get(outcome.account_id, outcome.account_id),
            kind=outcome.kind,
            occurred_on=outcome.occurred_on,
            warned_on=day,
            days_of_warning=None if day is None else (outcome.occurred_on - day).days,
        )

    def quality(
        self,
        alerts: Sequence[Alert],
        outcomes: Sequence[Outcome],
        *,
        kind: AlertKind | None = None,
        alert_id: str | None = None,
    ) -> Quality:
        """How well those of ``alerts`` foretold ``outcomes`` that are of this kind, or all."""
        some = [
            one for one in alerts if kind is None or (one.kind, one.alert_id) == (kind, alert_id)
        ]
        judged = [one for one in some if one.judged]
        followed = sum(one.outcome is not None for one in judged)
        warned = [one.days_of_warning for one in self.warned(outcomes, some)]
        days = [one for one in warned if one is not None]
        return Quality(
            kind=kind or "any",
            alert_id=alert_id,
            alerts=len(some),
            judged=len(judged),
            followed=followed,
            precision_bp=_basis_points(followed, len(judged)),
            outcomes=len(outcomes),
            warned=len(days),
            recall_bp=_basis_points(len(days), len(outcomes)),
            days_of_warning=median_low(days) if days else None,
        )


def _basis_points(part: int, whole: int) -> int | None:
    return half_up(Fraction(10_000 * part, whole)) if whole else None
