"""CARD-04: which alerts were right, which losses were warned of, and what cannot be judged."""

from datetime import date, timedelta
from typing import Final

import pytest

from events.accounts.account_outcome import OutcomeKind
from replay.what_if.judging import Judge
from replay.what_if.question import Candidate, Question
from replay.what_if.source import Outcome

FIRST: Final = date(2025, 1, 1)
LAST: Final = date(2025, 4, 10)
QUESTION: Final = Question(
    policies=(Candidate(name="mine", version=1),), first=FIRST, last=LAST, horizon_days=30
)
RAISED: Final = date(2025, 2, 1)


def after(days: int, kind: OutcomeKind = "renewal_lost") -> Outcome:
    return Outcome("acme", kind, RAISED + timedelta(days=days))


def judge(*outcomes: Outcome) -> Judge:
    return Judge(QUESTION, outcomes)


@pytest.mark.parametrize(("days", "warning"), [(-1, None), (0, None), (1, 1), (30, 30), (31, None)])
def test_an_alert_is_right_from_the_day_after_it_to_the_end_of_the_horizon(
    days: int, warning: int | None
) -> None:
    (alert,) = judge(after(days)).alerts([("acme", RAISED, "low")])
    assert (alert.judged, alert.days_of_warning) == (True, warning)
    assert (alert.outcome is None) == (warning is None)


def test_an_alert_is_right_by_the_first_loss_after_it() -> None:
    (alert,) = judge(after(20, "churned"), after(9)).alerts([("acme", RAISED, None)])
    assert (alert.kind, alert.outcome, alert.days_of_warning) == ("band_fell", "renewal_lost", 9)


def test_the_loss_of_another_account_proves_nothing() -> None:
    (alert,) = judge(after(5)).alerts([("bell", RAISED, "low")])
    assert alert.outcome is None


@pytest.mark.parametrize(("before_last", "judged"), [(30, True), (29, False)])
def test_an_alert_is_judged_when_its_horizon_ends_in_the_period(
    before_last: int, judged: bool
) -> None:
    (alert,) = judge().alerts([("acme", LAST - timedelta(days=before_last), "low")])
    assert alert.judged is judged


@pytest.mark.parametrize(
    ("outcome", "judged"),
    [
        (after(1, "churned"), True),
        (after(0, "churned"), False),
        (after(-9, "churned"), False),
        (after(-9, "renewal_lost"), True),
    ],
)
def test_nobody_is_warned_of_a_customer_who_has_left(outcome: Outcome, judged: bool) -> None:
    (alert,) = judge(outcome).alerts([("acme", RAISED, "low")])
    assert alert.judged is judged


@pytest.mark.parametrize(
    ("day", "counts"),
    [(FIRST, False), (FIRST + timedelta(days=1), True), (LAST, True), (date(2025, 4, 11), False)],
)
def test_losses_count_after_the_first_day_and_up_to_the_last(day: date, counts: bool) -> None:
    days = tuple(FIRST + timedelta(days=number) for number in range(QUESTION.days))
    found = judge(Outcome("acme", "churned", day)).to_be_warned_of({"acme": days})
    assert len(found) == counts


@pytest.mark.parametrize(("days", "counts"), [(0, False), (1, True), (30, True), (31, False)])
def test_a_loss_counts_where_the_account_was_scored_within_the_horizon_before(
    days: int, counts: bool
) -> None:
    found = judge(after(days)).to_be_warned_of({"acme": (RAISED,), "bell": (RAISED,)})
    assert len(found) == counts


def test_a_loss_is_warned_of_by_the_first_alert_within_the_horizon() -> None:
    known = judge(after(30))
    days = (-1, 0, 12, 30)
    alerts = known.alerts([("acme", RAISED + timedelta(days=day), "low") for day in days])
    (warned,) = known.warned([after(30)], alerts)
    assert (warned.warned_on, warned.days_of_warning) == (RAISED, 30)
    (missed,) = known.warned([after(30)], alerts[3:])
    assert missed.warned_on is None


def test_precision_and_recall_are_of_what_can_be_judged_and_of_nothing_where_that_is_none() -> None:
    known = judge(after(3), after(60))
    raised = [("acme", RAISED, "low"), ("acme", RAISED, None), ("bell", RAISED, "low")]
    alerts = known.alerts([*raised, ("acme", LAST, "low")])
    losses = [after(3), after(60)]
    every = known.quality(alerts, losses)
    assert (every.kind, every.alerts, every.judged, every.followed) == ("any", 4, 3, 2)
    assert (every.precision_bp, every.recall_bp, every.days_of_warning) == (6_667, 5_000, 3)
    low = known.quality(alerts, losses, kind="threshold", alert_id="low")
    assert (low.alerts, low.judged, low.followed, low.precision_bp) == (3, 2, 1, 5_000)
    fell = known.quality(alerts, losses, kind="band_fell")
    assert (fell.alerts, fell.precision_bp, fell.recall_bp) == (1, 10_000, 5_000)
    nothing = known.quality((), ())
    assert (nothing.precision_bp, nothing.recall_bp, nothing.days_of_warning) == (None, None, None)
