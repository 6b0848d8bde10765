"""Doing what a plan says: another employee takes an action over, or it has been done."""

from collections.abc import Iterator

from aggregates.planning.account_plan import AccountPlan, Plan, going_on
from aggregates.refusals import NotFound, WrongState
from events.planning.account_plan import AccountPlanEvent
from events.planning.plan_action import AccountPlanActionCompleted, AccountPlanActionReassigned


def open_actions(plan: Plan) -> Iterator[tuple[str, str]]:
    """Each action that has not been done, with who does it."""
    for action in plan.content.actions:
        if action.action_id not in plan.done:
            yield action.action_id, plan.doers.get(action.action_id, action.owner_id)


def reassign_action(
    plan: AccountPlan, *, action_id: str, owner_id: str
) -> tuple[AccountPlanEvent, ...]:
    """Have ``owner_id`` do an action, wherever the plan stands; nothing if they do.

    What was approved stays as it is: the plan goes on naming the owner it named.

    Raises:
        NotFound: ``unknown-plan``; ``unknown-action``.
        WrongState: ``plan-closed``; ``action-done``.
    """
    found = going_on(plan)
    _check_there(found, action_id)
    doing = dict(open_actions(found))
    if action_id not in doing:
        raise WrongState("action-done", "it has been done", field="action_id")
    if doing[action_id] == owner_id:
        return ()
    return (
        AccountPlanActionReassigned(
            plan_id=found.plan_id,
            account_id=found.account_id,
            action_id=action_id,
            owner_id=owner_id,
        ),
    )


def complete_action(plan: AccountPlan, *, action_id: str) -> tuple[AccountPlanEvent, ...]:
    """Say that an action has been done; nothing if that was said.

    Raises:
        NotFound: ``unknown-plan``; ``unknown-action``: the plan in force has none such.
        WrongState: ``plan-closed``; ``plan-not-active``.
    """
    found = going_on(plan)
    if not found.active:
        raise WrongState("plan-not-active", "the actions of an active plan are done")
    _check_there(found, action_id)
    if action_id in found.done:
        return ()
    return (
        AccountPlanActionCompleted(
            plan_id=found.plan_id, account_id=found.account_id, action_id=action_id
        ),
    )


def _check_there(plan: Plan, action_id: str) -> None:
    if action_id not in {one.action_id for one in plan.content.actions}:
        raise NotFound("unknown-action", "the plan has no such action", field="action_id")
