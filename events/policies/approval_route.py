"""Facts about approval routes: who decides on what, per region and kind of subject."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.event import Event
from events.values import Currency, Id, PersonId, Role

Condition = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$", strict=True)
]
"""A CEL expression over the facts of a subject."""

Mode = Literal["all", "any", "quorum"]
"""How many decide a step: everybody who is named or has a role that is named when the approval is
asked for, a single one, or a number."""

APPROVERS_MAX = 20
"""The most approvers a step names."""


class RoleHolder(BaseModel):
    """Whoever holds a role at a level of the region tree, seen from the subject's region."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    role: Role
    level: Literal["region", "parent", "group"]
    """The subject's region, the one above it, or the topmost; a root is its own parent."""


class NamedEmployee(BaseModel):
    """One certain employee."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    employee_id: PersonId


class Step(BaseModel):
    """One step of a route: who decides, how many of them, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    step_id: Id
    approvers: Annotated[
        tuple[RoleHolder | NamedEmployee, ...], Field(min_length=1, max_length=APPROVERS_MAX)
    ]
    mode: Mode = "any"
    quorum: Annotated[int, Field(ge=1, le=APPROVERS_MAX)] | None = None
    """How many different persons, where the mode is ``quorum``."""
    due_days: Annotated[int, Field(ge=1, le=366)] | None = None
    """How many days the step may take; counted after those of the steps before."""
    escalate_to: RoleHolder | NamedEmployee | None = None
    """Who may decide the step alone once it is overdue."""


class Rule(BaseModel):
    """Steps that are needed where a condition holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    when: Condition
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]


class ApprovalRoute(BaseModel):
    """The policy document: rules in order. Those of the regions above come first, whatever it says.

    Without a rule that applies nobody has to decide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    currency: Currency
    """Of the amounts in its conditions. One over an amount applies to every other currency."""
    rules: Annotated[tuple[Rule, ...], Field(max_length=50)]
    may_decide_twice: bool = False
    """Whether one person may decide in several steps; all routes above have to say so as well."""
    window_days: Annotated[int, Field(ge=0, le=3660)] = 0
    """How far back what belongs together is added up; 0: not at all."""


class ApprovalRouteDrafted(Event):
    """A new version of a region's route for a kind of subject is written down, not yet in force."""

    NAME: ClassVar[str] = "approval_route.drafted"

    region_id: Id
    subject_kind: Id
    version: int = Field(ge=1)
    document: ApprovalRoute


class ApprovalRouteActivated(Event):
    """A version is in force for requests made from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "approval_route.activated"

    region_id: Id
    subject_kind: Id
    version: int = Field(ge=1)
    effective_on: date


ApprovalRouteEvent = ApprovalRouteDrafted | ApprovalRouteActivated
