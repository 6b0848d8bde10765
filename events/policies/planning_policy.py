"""Facts about planning policies: when a fiscal year begins, and what plans must measure."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.planning.plan_content import Aim
from events.values import Id


class AimRule(BaseModel):
    """The metrics that a plan with this aim has a target for when it is submitted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    aim: Aim
    metrics: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]


class PlanningPolicy(BaseModel):
    """The policy document; an aim it does not name may be measured by anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    fiscal_start_month: int = Field(ge=1, le=12)
    """A fiscal year begins on the first day of this month of the calendar year it is called by."""
    aims: Annotated[tuple[AimRule, ...], Field(max_length=3)]


class PlanningPolicyDrafted(Event):
    """A new version of a region's planning policy has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "planning_policy.drafted"

    region_id: Id
    version: int = Field(ge=1)
    document: PlanningPolicy


class PlanningPolicyActivated(Event):
    """A version is in force for plans from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "planning_policy.activated"

    region_id: Id
    version: int = Field(ge=1)
    effective_on: date


PlanningPolicyEvent = PlanningPolicyDrafted | PlanningPolicyActivated
