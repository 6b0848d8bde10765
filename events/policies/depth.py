"""Facts about depth policies: what makes a relationship with a customer deep, per region."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.accounts.interaction import InteractionKind, Minutes, Rating
from events.event import Event
from events.values import Id

BP_MAX = 10_000
"""All of it, in basis points."""

DAYS_MAX = 36_500


class KindPoints(BaseModel):
    """What an interaction of a kind is worth on the day it takes place."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: InteractionKind
    points: int = Field(ge=0, le=10_000)


class RatingPoints(BaseModel):
    """What a rating adds to that, or takes away."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rating: Rating
    points: int = Field(ge=-10_000, le=10_000)


class DecayStep(BaseModel):
    """How much of its points an interaction keeps once it is so many days old."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    from_days: int = Field(ge=1, le=DAYS_MAX)
    keeps_bp: int = Field(ge=0, le=BP_MAX)
    """In basis points, from ``from_days`` (inclusive) until the next step."""


class DepthLevel(BaseModel):
    """How deep a relationship with so many points is called."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    level_id: Id
    from_points: int = Field(ge=0, lt=2**31)
    """Inclusive; up to the next level."""


class EffectiveKind(BaseModel):
    """When an interaction of a kind counts as effective: long enough, or rated well enough.

    With neither bound every one counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: InteractionKind
    minutes_min: Minutes | None = None
    rating_min: Rating | None = None


Levels = Annotated[tuple[DepthLevel, ...], Field(min_length=1, max_length=20)]


class DepthPolicy(BaseModel):
    """The policy document: integers only, so that every machine computes the same points."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind_points: Annotated[tuple[KindPoints, ...], Field(min_length=1, max_length=50)]
    """A kind that is not named is worth nothing."""
    rating_points: Annotated[tuple[RatingPoints, ...], Field(max_length=5)] = ()
    """A rating that is not named adds nothing."""
    window_days: int = Field(ge=1, le=DAYS_MAX)
    """Interactions of the last so many days count, the day that is asked about included."""
    decay: Annotated[tuple[DecayStep, ...], Field(max_length=100)] = ()
    """Before the first step all points are kept."""
    contact_levels: Levels
    account_levels: Levels
    effective: Annotated[tuple[EffectiveKind, ...], Field(min_length=1, max_length=50)]
    """A kind that is not named is never effective."""


class DepthPolicyDrafted(Event):
    """A new version of a region's depth policy has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "depth_policy.drafted"

    region_id: Id
    version: int = Field(ge=1)
    document: DepthPolicy


class DepthPolicyActivated(Event):
    """A version is in force from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "depth_policy.activated"

    region_id: Id
    version: int = Field(ge=1)
    effective_on: date


DepthPolicyEvent = DepthPolicyDrafted | DepthPolicyActivated
