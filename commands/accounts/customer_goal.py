"""What can be asked of customer goals."""

from aggregates.accounts import account, customer_goal, strategic_objective
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.customer_goal import CUSTOMER_GOAL
from aggregates.accounts.strategic_objective import STRATEGIC_OBJECTIVE
from commands.command import Command, Day
from commands.look import Decided, Look
from events.accounts.customer_goal import CustomerGoalStated
from events.values import Id, Name


class StateCustomerGoal(Command):
    """Record what a customer wants to reach."""

    goal_id: Id
    account_id: Id
    title: Name
    measure: Name | None = None
    due_on: Day | None = None


class ChangeCustomerGoal(Command):
    """Record that a customer says otherwise what is to be reached, how it is measured or when."""

    goal_id: Id
    title: Name
    measure: Name | None
    due_on: Day | None


class DropCustomerGoal(Command):
    """Record that a customer does not pursue a goal any more."""

    goal_id: Id


class LinkCustomerGoal(Command):
    """Have an objective of ours serve a customer's goal."""

    goal_id: Id
    objective_id: Id


class UnlinkCustomerGoal(Command):
    """Have an objective of ours serve a customer's goal no longer."""

    goal_id: Id
    objective_id: Id


def state_customer_goal(command: StateCustomerGoal, look: Look) -> Decided:
    """State it; the account must exist."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    return look.begin(
        CUSTOMER_GOAL,
        command.goal_id,
        customer_goal.state_goal,
        fact=CustomerGoalStated.model_validate(dict(command)),
    )


def change_customer_goal(command: ChangeCustomerGoal, look: Look) -> Decided:
    """Change it."""
    return look.decide(
        CUSTOMER_GOAL,
        command.goal_id,
        customer_goal.change,
        goal_id=command.goal_id,
        title=command.title,
        measure=command.measure,
        due_on=command.due_on,
    )


def drop_customer_goal(command: DropCustomerGoal, look: Look) -> Decided:
    """Drop it."""
    return look.decide(CUSTOMER_GOAL, command.goal_id, customer_goal.drop, goal_id=command.goal_id)


def link_customer_goal(command: LinkCustomerGoal, look: Look) -> Decided:
    """Link them; we must pursue the objective."""
    strategic_objective.pursued(look(STRATEGIC_OBJECTIVE, command.objective_id))
    return look.decide(
        CUSTOMER_GOAL,
        command.goal_id,
        customer_goal.link,
        goal_id=command.goal_id,
        objective_id=command.objective_id,
    )


def unlink_customer_goal(command: UnlinkCustomerGoal, look: Look) -> Decided:
    """Unlink them."""
    return look.decide(
        CUSTOMER_GOAL,
        command.goal_id,
        customer_goal.unlink,
        goal_id=command.goal_id,
        objective_id=command.objective_id,
    )
