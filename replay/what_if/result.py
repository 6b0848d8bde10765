"""What a what-if answers: one document, the same bytes for the same question and the same facts."""

from datetime import date
from typing import Literal

from events.accounts.account_outcome import OutcomeKind
from replay.what_if.question import Part, Question

AlertKind = Literal["threshold", "band_fell"]
"""``threshold``: the first day of those on which a score lies strictly below one of the policy's
``alerts``; whoever is below on the first day of the period is noticed on it, as they would be if
the policy were put in force then. ``band_fell``: the first day in a lower band than on the day
before, under the same version of a policy."""


class BandTold(Part):
    """A band of a policy, with its edges in millionths of a point."""

    band_id: str
    title: str
    above: int
    up_to: int


class AlertTold(Part):
    """A threshold of a policy, in millionths of a point."""

    alert_id: str
    title: str
    below: int


class PolicyTold(Part):
    """A policy that made scores."""

    name: str
    """As the question calls it; ``active`` for what was in force."""
    place: str
    """The region, or ``*`` for the whole group."""
    version: int | None
    """``None`` for one that nobody has drafted."""
    sha256: str
    """Of its document as canonical JSON."""
    bands: tuple[BandTold, ...]
    alerts: tuple[AlertTold, ...]


class BandDays(Part):
    """On how many days accounts were in a band."""

    band_id: str | None
    """``None``: without a score."""
    days: int


class Month(Part):
    """On how many days accounts were in which band in one month."""

    month: str
    """As ``2026-01``."""
    bands: tuple[BandDays, ...]
    alerts: int
    """Raised in it."""


class ComponentMeans(Part):
    """What one component comes to over all account days; means in millionths, rounded half up."""

    measured_days: int
    """On so many it has a raw value."""
    raw: int | None
    """Over these."""
    counted_days: int
    """On so many it counts, also where it stands for nothing measured."""
    points: int | None
    """Over these."""
    contribution: int | None
    """Points of the score, over all days with a score."""


class ComponentChange(Part):
    """One component under both; ``None`` where a policy does not have it."""

    component_id: str
    title: str
    active: ComponentMeans | None
    candidate: ComponentMeans | None
    difference: int
    """Of contributions; one that is not there contributes nothing."""


class Reason(Part):
    """How many points of the score, in millionths, one part makes the difference by."""

    part: str
    """The id of a component, or ``caps`` for what is cut off by them all."""
    title: str
    difference: int


class Pair(Part):
    """On how many days an account is in these two bands."""

    band_active: str | None
    band_candidate: str | None
    days: int


class Change(Part):
    """An account that is in another band on some day."""

    account_id: str
    name: str
    region_id: str | None
    """On the last of these days."""
    first: date
    """The first day on which the bands differ (inclusive)."""
    last: date
    """The last one (inclusive)."""
    days: int
    """On so many they differ."""
    days_lower: int
    """On so many the candidate's band begins at a lower score than the active one's."""
    days_higher: int
    score_active: int | None
    """The mean over the days on which bands differ and both have a score, in millionths."""
    score_candidate: int | None
    bands_active: tuple[BandDays, ...]
    """Over all days that are compared."""
    bands_candidate: tuple[BandDays, ...]
    pairs: tuple[Pair, ...]
    """On the days on which bands differ; the most days first."""
    reasons: tuple[Reason, ...]
    """What makes the difference between both means; the greatest first."""


class Move(Part):
    """How many accounts are in these two bands on the last day."""

    band_active: str | None
    band_candidate: str | None
    accounts: int


class Alert(Part):
    """What somebody would have been told."""

    account_id: str
    day: date
    kind: AlertKind
    alert_id: str | None
    """Of a threshold."""
    judged: bool
    """Whether the horizon ends in the period, and the customer had not left by that day."""
    outcome: OutcomeKind | None
    """The first one within the horizon after it."""
    occurred_on: date | None
    days_of_warning: int | None
    """From the alert to the outcome."""


class Warned(Part):
    """An outcome of an account that was scored within the horizon before it."""

    account_id: str
    name: str
    kind: OutcomeKind
    occurred_on: date
    warned_on: date | None
    """The day of the first alert within the horizon before it; the day itself is too late."""
    days_of_warning: int | None


class Quality(Part):
    """How well alerts foretold outcomes."""

    kind: Literal["any"] | AlertKind
    alert_id: str | None
    alerts: int
    judged: int
    """Those of which the period says what followed; see :attr:`Alert.judged`."""
    followed: int
    """Those of them that an outcome followed within the horizon."""
    precision_bp: int | None
    """``followed`` of ``judged`` in hundredths of a percent, half up; ``None`` of none."""
    outcomes: int
    """After the first day and up to the last, of accounts that were scored."""
    warned: int
    """Those of them with an alert within the horizon before."""
    recall_bp: int | None
    """``warned`` of ``outcomes`` in hundredths of a percent, half up; ``None`` of none."""
    days_of_warning: int | None
    """The median of those that were warned of, of two the lower."""


class Side(Part):
    """How accounts fare under one of the two."""

    scored_days: int
    mean_score: int | None
    """In millionths of a point."""
    months: tuple[Month, ...]
    alerts: tuple[Alert, ...]
    outcomes: tuple[Warned, ...]
    quality: tuple[Quality, ...]
    """Of all alerts together, then of each kind."""


class Comparison(Part):
    """A candidate beside what was in force, on the days and for the accounts it would hold for."""

    name: str
    accounts: int
    account_days: int
    active: Side
    candidate: Side
    moves: tuple[Move, ...]
    changes: tuple[Change, ...]
    """By account."""
    components: tuple[ComponentChange, ...]


class Result(Part):
    """The answer."""

    question: Question
    question_sha256: str
    """Of the question as canonical JSON."""
    position: int
    """Of the last fact that was looked at."""
    zone: str
    policies: tuple[PolicyTold, ...]
    outcomes: int
    """How many are known of the period, whoever's."""
    comparisons: tuple[Comparison, ...]
