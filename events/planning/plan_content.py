"""What an account plan says, and the facts that change it.

The content is a value: whoever folds these facts, to decide or to answer, folds them with
:func:`changed`, so that all see the same plan.
"""

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Final, Literal, TypeVar, assert_never

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.event import Event
from events.values import Id, Money, PersonId

Aim = Literal["wallet_share", "joint_innovation", "strategic_defence"]
"""What a plan is for; the planning policy names the metrics that each aim is measured by."""

Side = Literal["ours", "customers"]
"""Whose target it is."""

Better = Literal["higher", "lower"]
"""Whether more of a metric is better, or less of it."""

Statement = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=r"^[^\x00]*$")]
"""What is meant, in a few sentences without personal data."""

Measure = Annotated[
    str,
    StringConstraints(pattern=r"^(0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{0,5}[1-9])$"),
]
"""A decimal number of up to six places, written in one way only: no zeros that say nothing."""

Period = Annotated[str, StringConstraints(pattern=r"^(year|H[12]|Q[1-4]|M(0[1-9]|1[0-2]))$")]
"""A part of the plan's fiscal year: all of it, a half, a quarter or a month, from its first day."""

_PART = ConfigDict(frozen=True, extra="forbid", strict=True)


class Objective(BaseModel):
    """What is to be achieved, and how much of the plan it stands for."""

    model_config = _PART

    objective_id: Id
    statement: Statement
    weight_percent: int = Field(ge=1, le=100)
    goal_id: Id | None
    """The customer's goal it serves; ``None`` while nobody has found one."""


class Action(BaseModel):
    """What somebody does for an objective, by when, and for how much."""

    model_config = _PART

    action_id: Id
    objective_id: Id
    statement: Statement
    owner_id: PersonId
    department: Id
    due_on: date
    budget: Money


class Target(BaseModel):
    """What one side wants a metric to be in a period."""

    model_config = _PART

    side: Side
    metric: Id
    period: Period
    unit: Id
    value: Measure
    better: Better

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in its plan: a side has one target a metric and period."""
        return self.side, self.metric, self.period


class PlanContent(BaseModel):
    """All that an approval is given for; parts in order of their ids."""

    model_config = _PART

    aim: Aim
    budget: Money
    objectives: tuple[Objective, ...] = ()
    actions: tuple[Action, ...] = ()
    targets: tuple[Target, ...] = ()


class AccountPlanAimChanged(Event):
    """The plan is for something else."""

    NAME: ClassVar[str] = "account_plan.aim_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    aim: Aim


class AccountPlanBudgetChanged(Event):
    """The plan may cost another amount."""

    NAME: ClassVar[str] = "account_plan.budget_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    budget: Money


class AccountPlanObjectiveSet(Event):
    """The plan has this objective, in place of the one of the same id."""

    NAME: ClassVar[str] = "account_plan.objective_set"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    objective: Objective


class AccountPlanObjectiveDropped(Event):
    """The plan has this objective no more."""

    NAME: ClassVar[str] = "account_plan.objective_dropped"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    objective_id: Id


class AccountPlanActionSet(Event):
    """The plan has this action, in place of the one of the same id."""

    NAME: ClassVar[str] = "account_plan.action_set"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    action: Action


class AccountPlanActionDropped(Event):
    """The plan has this action no more."""

    NAME: ClassVar[str] = "account_plan.action_dropped"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    action_id: Id


class AccountPlanTargetSet(Event):
    """The plan has this target, in place of the side's one for the same metric and period."""

    NAME: ClassVar[str] = "account_plan.target_set"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    target: Target


class AccountPlanTargetDropped(Event):
    """The plan has this target no more."""

    NAME: ClassVar[str] = "account_plan.target_dropped"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    side: Side
    metric: Id
    period: Period


PlanContentEvent = (
    AccountPlanAimChanged
    | AccountPlanBudgetChanged
    | AccountPlanObjectiveSet
    | AccountPlanObjectiveDropped
    | AccountPlanActionSet
    | AccountPlanActionDropped
    | AccountPlanTargetSet
    | AccountPlanTargetDropped
)

P = TypeVar("P")


def changed(content: PlanContent, event: PlanContentEvent) -> PlanContent:
    """The content after ``event``."""
    update: dict[str, Any]
    match event:
        case AccountPlanAimChanged():
            update = {"aim": event.aim}
        case AccountPlanBudgetChanged():
            update = {"budget": event.budget}
        case AccountPlanObjectiveSet(objective=objective):
            update = {"objectives": _with(content.objectives, objective, _objective_id)}
        case AccountPlanObjectiveDropped(objective_id=gone):
            update = {"objectives": _without(content.objectives, gone, _objective_id)}
        case AccountPlanActionSet(action=action):
            update = {"actions": _with(content.actions, action, _action_id)}
        case AccountPlanActionDropped(action_id=gone):
            update = {"actions": _without(content.actions, gone, _action_id)}
        case AccountPlanTargetSet(target=target):
            update = {"targets": _with(content.targets, target, _target_key)}
        case AccountPlanTargetDropped(side=side, metric=metric, period=period):
            key = (side, metric, period)
            update = {"targets": _without(content.targets, key, _target_key)}
        case unknown:
            assert_never(unknown)
    return content.model_copy(update=update)


_objective_id: Final = attrgetter("objective_id")
_action_id: Final = attrgetter("action_id")
_target_key: Final = attrgetter("key")


def _with(parts: tuple[P, ...], part: P, key: Callable[[P], Any]) -> tuple[P, ...]:
    return tuple(sorted([*_without(parts, key(part), key), part], key=key))


def _without(parts: tuple[P, ...], gone: Any, key: Callable[[P], Any]) -> tuple[P, ...]:
    return tuple(one for one in parts if key(one) != gone)


def approved_content(
    content: PlanContent, *, plan_id: str, account_id: str, fiscal_year: int, amendment: int
) -> dict[str, Any]:
    """All that an approval is about, as JSON values: the content and whose it is.

    A copy under another plan, account, year or amendment is something else, so that no approval
    passes from one to the other.
    """
    return {
        "plan_id": plan_id,
        "account_id": account_id,
        "fiscal_year": fiscal_year,
        "amendment": amendment,
        "content": content.model_dump(mode="json"),
    }
