"""What a what-if is asked: which policies, over which days, as known when."""

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from events.policies.place import place_of
from events.policies.scoring import ScoringPolicy
from events.values import Id

DAYS_MAX: Final = 3_660
"""The most days of a period."""

ACTIVE: Final = "active"
"""What the policies that really were in force are called in answers."""

Known = Literal["now", "at_close"]
"""``now``: every day as it is known by the newest fact. ``at_close``: each as it was known when it
was closed; a day that never was closed as it is known now."""


class Part(BaseModel):
    """A part of a question or of its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Candidate(Part):
    """A scoring policy to be tried in the place of its region's, or of the whole group's."""

    name: Id
    """What answers call it."""
    region_id: Id | None = None
    """``None``: it would be the one of the whole group."""
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    """One that was drafted there."""
    document: ScoringPolicy | None = None
    """One that nobody has drafted."""

    @property
    def place(self) -> str:
        """The region, or ``*`` for the whole group."""
        return place_of(self.region_id)

    @model_validator(mode="after")
    def _one_way_only(self) -> Self:
        if (self.version is None) == (self.document is None):
            raise ValueError("give either the version of a policy or a document")
        return self


class Question(Part):
    """How accounts would have fared under other scoring policies."""

    policies: Annotated[tuple[Candidate, ...], Field(min_length=1, max_length=5)]
    first: date
    """The first day that is scored (inclusive)."""
    last: date
    """The last day that is scored (inclusive)."""
    known: Known = "now"
    horizon_days: Annotated[int, Field(ge=1, le=730)] = 90
    """An alert counts as a warning of an outcome on one of so many days after it."""
    accounts: Annotated[tuple[Id, ...], Field(min_length=1, max_length=10_000)] | None = None
    """Only these; ``None``: all."""

    @property
    def days(self) -> int:
        """How many days are scored."""
        return (self.last - self.first).days + 1

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 1 <= self.days <= DAYS_MAX:
            raise ValueError(f"a period has 1 to {DAYS_MAX} days, and first is not after last")
        names = [one.name for one in self.policies]
        if len({*names, ACTIVE}) <= len(names):
            raise ValueError(f"each policy has a name of its own, other than {ACTIVE}")
        return self
