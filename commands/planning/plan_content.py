"""What can be written into a plan while it is a draft, or into the draft of its amendment."""

from typing import Annotated, Any

from pydantic import Field

from aggregates.accounts import customer_goal
from aggregates.accounts.customer_goal import CUSTOMER_GOAL
from aggregates.planning import account_plan, plan_approval, plan_content
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.refusals import Invalid
from commands.acting import acting_employee
from commands.approving import voided
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.ports import Write
from events.planning.plan_content import (
    Action,
    Aim,
    Better,
    Measure,
    Objective,
    Period,
    Side,
    Statement,
    Target,
)
from events.values import Id, Money, PersonId


class ChangePlanAim(Command):
    """Say that a plan is for something else."""

    plan_id: Id
    aim: Aim


class ChangePlanBudget(Command):
    """Say what a plan may cost: not less than its actions are to cost."""

    plan_id: Id
    budget: Money


class SetPlanObjective(Command):
    """Give a plan an objective, or change it; its weight is a part of 100 percent."""

    plan_id: Id
    objective_id: Id
    statement: Statement
    weight_percent: Annotated[int, Field(ge=1, le=100)]
    goal_id: Id | None = None


class DropPlanObjective(Command):
    """Take an objective without actions out of a plan."""

    plan_id: Id
    objective_id: Id


class SetPlanAction(Command):
    """Give an objective an action, or change it: who does what, by when, for how much."""

    plan_id: Id
    action_id: Id
    objective_id: Id
    statement: Statement
    owner_id: PersonId
    department: Id
    due_on: Day
    budget: Money


class DropPlanAction(Command):
    """Take an action out of a plan."""

    plan_id: Id
    action_id: Id


class SetPlanTarget(Command):
    """Say what our side or the customer's wants a metric to be in a period, or change it."""

    plan_id: Id
    side: Side
    metric: Id
    period: Period
    unit: Id
    value: Measure
    better: Better = "higher"


class DropPlanTarget(Command):
    """Take a target out of a plan."""

    plan_id: Id
    side: Side
    metric: Id
    period: Period


def change_plan_aim(command: ChangePlanAim, look: Look) -> Decided:
    """Change it."""
    return _rewritten(look, command.plan_id, plan_content.change_aim, aim=command.aim)


def change_plan_budget(command: ChangePlanBudget, look: Look) -> Decided:
    """Change it."""
    return _rewritten(look, command.plan_id, plan_content.change_budget, budget=command.budget)


def set_plan_objective(command: SetPlanObjective, look: Look) -> Decided:
    """Set it; a goal it serves is one of the plan's account."""
    plan = account_plan.existing(look(ACCOUNT_PLAN, command.plan_id))
    if command.goal_id is not None:
        goal = customer_goal.existing(look(CUSTOMER_GOAL, command.goal_id))
        if goal.stated.account_id != plan.account_id:
            raise Invalid("other-account", "the goal is another customer's", field="goal_id")
    objective = Objective.model_validate(command.model_dump(exclude={"plan_id"}))
    return _rewritten(look, command.plan_id, plan_content.set_objective, objective=objective)


def drop_plan_objective(command: DropPlanObjective, look: Look) -> Decided:
    """Drop it."""
    return _rewritten(
        look,
        command.plan_id,
        plan_content.drop_objective,
        objective_id=command.objective_id,
    )


def set_plan_action(command: SetPlanAction, look: Look) -> Decided:
    """Set it; its owner must work here."""
    account_plan.existing(look(ACCOUNT_PLAN, command.plan_id))
    owner(look, command.owner_id)
    action = Action.model_validate(command.model_dump(exclude={"plan_id"}))
    return _rewritten(look, command.plan_id, plan_content.set_action, action=action)


def drop_plan_action(command: DropPlanAction, look: Look) -> Decided:
    """Drop it."""
    return _rewritten(look, command.plan_id, plan_content.drop_action, action_id=command.action_id)


def set_plan_target(command: SetPlanTarget, look: Look) -> Decided:
    """Set it."""
    target = Target.model_validate(command.model_dump(exclude={"plan_id"}))
    return _rewritten(look, command.plan_id, plan_content.set_target, target=target)


def drop_plan_target(command: DropPlanTarget, look: Look) -> Decided:
    """Drop it."""
    return _rewritten(
        look,
        command.plan_id,
        plan_content.drop_target,
        side=command.side,
        metric=command.metric,
        period=command.period,
    )


def _rewritten(look: Look, plan_id: str, verb: Any, **arguments: Any) -> Decided:
    """Change what is worked on. What was submitted of it is withdrawn, its approval void.

    An employee who has not written on it so far is one of its authors from now on.
    """
    stream, submitted = ACCOUNT_PLAN.stream(plan_id), look(ACCOUNT_PLAN, plan_id)
    back = plan_approval.withdraw(submitted) if plan_approval.is_submitted(submitted) else ()
    plan = ACCOUNT_PLAN.fold(back, submitted)
    changes = verb(plan, **arguments)
    if not changes:
        return Decided(stream, ())
    author_id = acting_employee(look)
    joined = () if author_id is None else plan_approval.write_on(plan, author_id=author_id)
    void = voided(look, plan_approval.waits_for(submitted), reason="the plan was changed")
    facts = (*back, *joined, *changes)
    return Decided(stream, (*(Write(stream, fact) for fact in facts), *void))
