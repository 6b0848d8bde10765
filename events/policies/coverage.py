"""Facts about coverage policies: whom we must know at a customer, per region."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.accounts.contact import DecisionRole
from events.event import Event
from events.values import Id


class RoleMinimum(BaseModel):
    """How many contacts of a role we must know at least."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    role: DecisionRole
    contacts: int = Field(ge=1, le=1000)


class CoveragePolicy(BaseModel):
    """The policy document: the roles that must be covered; of any other, nobody has to be known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    minimum: Annotated[tuple[RoleMinimum, ...], Field(min_length=1, max_length=50)]


class CoveragePolicyDrafted(Event):
    """A new version of a region's coverage policy has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "coverage_policy.drafted"

    region_id: Id
    version: int = Field(ge=1)
    document: CoveragePolicy


class CoveragePolicyActivated(Event):
    """A version is in force from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "coverage_policy.activated"

    region_id: Id
    version: int = Field(ge=1)
    effective_on: date


CoveragePolicyEvent = CoveragePolicyDrafted | CoveragePolicyActivated
