"""Facts about scoring policies: how signals of an account become its health score.

The document holds whole numbers only. A raw value and a magnitude are in millionths (micro-units);
so are points, of which a score has 0 to 100.
"""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.values import Digest, Id, Name, PersonId

POINT: Final = 1_000_000
"""One point, and a raw value of one."""

FULL: Final = 100 * POINT
"""The highest score."""

WEIGHT_LIMIT: Final = 10_000
"""No weight of a component or a group is higher."""

Points = Annotated[int, Field(ge=0, le=FULL)]
"""Millionths of a point."""

Raw = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""Millionths of whatever is measured: of a signal's magnitude, a percent, a day."""

Days = Annotated[int, Field(ge=1, le=3660)]
Weight = Annotated[int, Field(ge=1, le=WEIGHT_LIMIT)]
Digits = Annotated[int, Field(ge=0, le=6)]
"""Decimal places of a point; what lies in the middle is rounded up."""

Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A kind of signal: one of `events/signal_kinds.py`."""

Kinds = Annotated[tuple[Kind, ...], Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Plain(_Part):
    """What needs no more to be said of it.

    ``count`` of signals and ``sum`` of magnitudes, 0 where there are none; ``mean`` magnitude;
    ``last`` magnitude by occurrence, then position; ``nps`` of answers from 0 to 10, -100 to 100;
    whole ``days_since`` the last signal.
    """

    aggregation: Literal["count", "sum", "mean", "last", "nps", "days_since"]


class DecayedSum(_Part):
    """The sum of magnitudes, each halved every ``half_life_days`` since; 0 where there are none."""

    aggregation: Literal["decayed_sum"] = "decayed_sum"
    half_life_days: Days


class Share(_Part):
    """How many signals of ``of_kinds`` are of the component's kinds, in percent.

    The component's kinds are among ``of_kinds``.
    """

    aggregation: Literal["share"] = "share"
    of_kinds: Kinds


class Csat(_Part):
    """How many answers are at least ``satisfied_from``, in percent."""

    aggregation: Literal["csat"] = "csat"
    satisfied_from: Raw


class Point(_Part):
    """So many points for this raw value."""

    raw: Raw
    points: Points


class Line(_Part):
    """Points along straight lines between the given ones; beyond the first and last, as there."""

    mapping: Literal["line"] = "line"
    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=50)]


class Step(_Part):
    """So many points for raw values above ``above`` up to ``up_to``; ``None``: without an end."""

    above: Raw | None
    up_to: Raw | None
    points: Points


class Steps(_Part):
    """Points by the step a raw value lies in; the steps lie end to end and leave nothing out."""

    mapping: Literal["steps"] = "steps"
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=50)]


class Component(_Part):
    """One thing that a score is made of.

    A missing measure is left out and the others weigh more (``skip``), or it counts as the policy's
    ``neutral`` points or as ``zero``. A count or a sum of nothing is 0 and not missing.
    """

    component_id: Id
    title: Name
    group_id: Id
    kinds: Kinds
    window_days: Days
    """Signals of the day asked for count, and of so many days less one before it."""
    measure: Annotated[Plain | DecayedSum | Share | Csat, Field(discriminator="aggregation")]
    mapping: Annotated[Line | Steps, Field(discriminator="mapping")]
    weight: Weight
    """Within its group."""
    missing: Literal["skip", "neutral", "zero"]


class Group(_Part):
    """Components that count together; a group without any measure is left out."""

    group_id: Id
    title: Name
    weight: Weight


class Cap(_Part):
    """A score of at most ``at_most`` points while a signal of ``kinds`` lies in the window."""

    cap_id: Id
    title: Name
    kinds: Kinds
    window_days: Days
    at_most: Points


class Band(_Part):
    """Scores above ``above`` up to ``up_to``; the first band has its lower edge too."""

    band_id: Id
    title: Name
    above: Points
    up_to: Points


class AlertThreshold(_Part):
    """A score strictly below ``below`` points is to be noticed."""

    alert_id: Id
    title: Name
    below: Points


class Rounding(_Part):
    """To how many decimal places points are rounded, half up: each component, group, the score."""

    component: Digits
    group: Digits
    score: Digits


class ScoringPolicy(_Part):
    """The policy document."""

    groups: Annotated[tuple[Group, ...], Field(min_length=1, max_length=20)]
    weights_add_up_to: Annotated[int, Field(ge=1, le=20 * WEIGHT_LIMIT)] | None
    """What the weights of the groups must add up to; ``None``: to whatever they do."""
    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=50)]
    neutral: Points
    """What a missing measure counts where it is ``neutral``."""
    caps: Annotated[tuple[Cap, ...], Field(max_length=20)]
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=20)]
    rounding: Rounding
    alerts: Annotated[tuple[AlertThreshold, ...], Field(max_length=20)]


class ScoringPolicyDrafted(Event):
    """A new version has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "scoring_policy.drafted"

    region_id: Id | None
    """``None``: it is the one of the whole group."""
    version: int = Field(ge=1)
    document: ScoringPolicy
    drafted_by: PersonId | None
    """The employee who did, or ``None`` for a program."""


class DryRun(_Part):
    """What a replay found of a version before it was put up: what would be otherwise under it.

    Of those accounts it was asked about that the version would hold for, on the days from
    ``first_day`` to ``last_day`` (both inclusive), beside the policies that were in force then.
    """

    replay_id: Id
    result_sha256: Digest
    """Of the replay's result as JSON, byte for byte."""
    position: int = Field(ge=0)
    """Of the last fact that it rests on."""
    first_day: date
    last_day: date
    accounts: int = Field(ge=0)
    """How many were scored."""
    accounts_moved: int = Field(ge=0)
    """How many of them are in another band on at least one day."""
    alerts_before: int = Field(ge=0)
    """How many alerts the policies in force raise."""
    alerts_after: int = Field(ge=0)
    """How many the version raises."""


class ScoringPolicyProposed(Event):
    """A version has been put up for approval."""

    NAME: ClassVar[str] = "scoring_policy.proposed"
    VERSION: ClassVar[int] = 2

    region_id: Id | None
    version: int = Field(ge=1)
    proposed_by: PersonId
    approval_id: Id
    dry_run: DryRun | None
    """What it was put up with; nothing before version 2."""


class ScoringPolicyApproved(Event):
    """Others than its authors have agreed to a version; the request says who."""

    NAME: ClassVar[str] = "scoring_policy.approved"

    region_id: Id | None
    version: int = Field(ge=1)
    approval_id: Id


class ScoringPolicyRejected(Event):
    """A version is not agreed to as it stands."""

    NAME: ClassVar[str] = "scoring_policy.rejected"

    region_id: Id | None
    version: int = Field(ge=1)
    approval_id: Id
    sent_back: bool
    """Whether it may be put up for approval again."""


class ScoringPolicyActivated(Event):
    """A version makes the scores of days from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "scoring_policy.activated"

    region_id: Id | None
    version: int = Field(ge=1)
    effective_on: date


class ScoringPolicySuperseded(Event):
    """Another version has taken the place of this one from ``superseded_on`` (inclusive) on."""

    NAME: ClassVar[str] = "scoring_policy.superseded"

    region_id: Id | None
    version: int = Field(ge=1)
    by_version: int = Field(ge=1)
    superseded_on: date


ScoringPolicyEvent = (
    ScoringPolicyDrafted
    | ScoringPolicyProposed
    | ScoringPolicyApproved
    | ScoringPolicyRejected
    | ScoringPolicyActivated
    | ScoringPolicySuperseded
)
