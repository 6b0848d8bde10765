"""What may be written into a plan while it is a draft, or into an amendment of it."""

from collections.abc import Iterable
from typing import Final

from aggregates.pipeline.amounts import check_amount
from aggregates.planning.account_plan import AccountPlan, Plan, going_on
from aggregates.refusals import Invalid, NotFound, WrongState
from events.planning.account_plan import AccountPlanEvent
from events.planning.plan_content import (
    AccountPlanActionDropped,
    AccountPlanActionSet,
    AccountPlanAimChanged,
    AccountPlanBudgetChanged,
    AccountPlanObjectiveDropped,
    AccountPlanObjectiveSet,
    AccountPlanTargetDropped,
    AccountPlanTargetSet,
    Action,
    Aim,
    Objective,
    Period,
    PlanContent,
    Side,
    Target,
)
from events.values import Money

OBJECTIVES_MAX: Final = 50
"""A plan with more objectives than this says nothing; a fact about it stays small, too."""

ACTIONS_MAX: Final = 200
TARGETS_MAX: Final = 200


def change_aim(plan: AccountPlan, *, aim: Aim) -> tuple[AccountPlanEvent, ...]:
    """Let it be for something else; nothing if it is for that.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-submitted``; ``amendment-needed``.
    """
    found, content = open_draft(plan)
    if content.aim == aim:
        return ()
    return (AccountPlanAimChanged(plan_id=found.plan_id, account_id=found.account_id, aim=aim),)


def change_budget(plan: AccountPlan, *, budget: Money) -> tuple[AccountPlanEvent, ...]:
    """Let it cost up to ``budget``, inclusive; nothing if it may.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: as :func:`change_aim`; ``other-currency`` than the one so far.
        Invalid: ``negative-amount``; ``budget-exceeded``: its actions are to cost more.
    """
    found, content = open_draft(plan)
    if content.budget == budget:
        return ()
    check_amount(budget, field="budget", like=content.budget)
    _check_budget(content.actions, budget)
    return (
        AccountPlanBudgetChanged(plan_id=found.plan_id, account_id=found.account_id, budget=budget),
    )


def set_objective(plan: AccountPlan, *, objective: Objective) -> tuple[AccountPlanEvent, ...]:
    """Have ``objective``, in place of the one of the same id; nothing if it is there just so.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: as :func:`change_aim`.
        Invalid: ``plan-full``, with 50 others.
    """
    found, content = open_draft(plan)
    if objective in content.objectives:
        return ()
    others = [one for one in content.objectives if one.objective_id != objective.objective_id]
    _check_room(len(others), OBJECTIVES_MAX, field="objective_id")
    return (
        AccountPlanObjectiveSet(
            plan_id=found.plan_id, account_id=found.account_id, objective=objective
        ),
    )


def drop_objective(plan: AccountPlan, *, objective_id: str) -> tuple[AccountPlanEvent, ...]:
    """Have it no more; nothing if it is not there.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: as :func:`change_aim`; ``objective-has-actions``.
    """
    found, content = open_draft(plan)
    if objective_id not in {one.objective_id for one in content.objectives}:
        return ()
    if any(action.objective_id == objective_id for action in content.actions):
        raise WrongState(
            "objective-has-actions", "drop or move its actions first", field="objective_id"
        )
    return (
        AccountPlanObjectiveDropped(
            plan_id=found.plan_id, account_id=found.account_id, objective_id=objective_id
        ),
    )


def set_action(plan: AccountPlan, *, action: Action) -> tuple[AccountPlanEvent, ...]:
    """Have ``action``, in place of the one of the same id; nothing if it is there just so.

    Raises:
        NotFound: ``unknown-plan``; ``unknown-objective``.
        WrongState: as :func:`change_aim`; ``other-currency`` than that of the plan's budget.
        Invalid: ``due-outside-year``: not within the fiscal year, whose first and last day count;
            ``negative-amount``; ``budget-exceeded``: all actions together cost more than the plan
            may; ``plan-full``, with 200 others.
    """
    found, content = open_draft(plan)
    if action in content.actions:
        return ()
    if action.objective_id not in {one.objective_id for one in content.objectives}:
        raise NotFound("unknown-objective", "the plan has no such objective", field="objective_id")
    if not found.drafted.starts_on <= action.due_on <= found.drafted.ends_on:
        raise Invalid(
            "due-outside-year",
            f"the fiscal year goes from {found.drafted.starts_on} to {found.drafted.ends_on}",
            field="due_on",
        )
    check_amount(action.budget, field="budget", like=content.budget)
    others = [one for one in content.actions if one.action_id != action.action_id]
    _check_room(len(others), ACTIONS_MAX, field="action_id")
    _check_budget([*others, action], content.budget)
    return (
        AccountPlanActionSet(plan_id=found.plan_id, account_id=found.account_id, action=action),
    )


def drop_action(plan: AccountPlan, *, action_id: str) -> tuple[AccountPlanEvent, ...]:
    """Have it no more; nothing if it is not there.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: as :func:`change_aim`.
    """
    found, content = open_draft(plan)
    if action_id not in {one.action_id for one in content.actions}:
        return ()
    return (
        AccountPlanActionDropped(
            plan_id=found.plan_id, account_id=found.account_id, action_id=action_id
        ),
    )


def set_target(plan: AccountPlan, *, target: Target) -> tuple[AccountPlanEvent, ...]:
    """Have ``target``, in place of the side's one for its metric and period; nothing if it is so.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: as :func:`change_aim`.
        Invalid: ``plan-full``, with 200 others.
    """
    found, content = open_draft(plan)
    if target in content.targets:
        return ()
    others = [one for one in content.targets if one.key != target.key]
    _check_room(len(others), TARGETS_MAX, field="metric")
    return (
        AccountPlanTargetSet(plan_id=found.plan_id, account_id=found.account_id, target=target),
    )


def drop_target(
    plan: AccountPlan, *, side: Side, metric: str, period: Period
) -> tuple[AccountPlanEvent, ...]:
    """Have it no more; nothing if it is not there.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: as :func:`change_aim`.
    """
    found, content = open_draft(plan)
    if (side, metric, period) not in {one.key for one in content.targets}:
        return ()
    return (
        AccountPlanTargetDropped(
            plan_id=found.plan_id,
            account_id=found.account_id,
            side=side,
            metric=metric,
            period=period,
        ),
    )


def open_draft(plan: AccountPlan) -> tuple[Plan, PlanContent]:
    """The plan and the draft that is worked on.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``amendment-needed``; ``plan-submitted``.
    """
    found = going_on(plan)
    if found.draft is None:
        raise WrongState(
            "amendment-needed", "an approved plan changes only by an amendment", field="plan_id"
        )
    if found.draft.submission is not None:
        raise WrongState(
            "plan-submitted", "it waits for approval; withdraw it first", field="plan_id"
        )
    return found, found.draft.content


def _check_room(others: int, most: int, *, field: str) -> None:
    if others >= most:
        raise Invalid("plan-full", f"a plan has up to {most} of these", field=field)


def _check_budget(actions: Iterable[Action], budget: Money) -> None:
    planned = sum(action.budget.minor for action in actions)
    if planned > budget.minor:
        raise Invalid(
            "budget-exceeded",
            f"the actions cost {planned} and the plan may cost {budget.minor} minor units",
            field="budget",
        )
