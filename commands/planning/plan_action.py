"""What can be asked of the actions of a plan that is being followed, or will be."""

from aggregates.planning import account_plan, plan_action
from aggregates.planning.account_plan import ACCOUNT_PLAN
from commands.command import Command
from commands.look import Decided, Look
from commands.organization.employee import owner
from events.values import Id, PersonId


class ReassignPlanAction(Command):
    """Have another employee do an action; what was approved of the plan stays as it is."""

    plan_id: Id
    action_id: Id
    owner_id: PersonId


class CompletePlanAction(Command):
    """Say that an action of an active plan has been done."""

    plan_id: Id
    action_id: Id


def reassign_plan_action(command: ReassignPlanAction, look: Look) -> Decided:
    """Reassign it; who is to do it must work here."""
    account_plan.existing(look(ACCOUNT_PLAN, command.plan_id))
    owner(look, command.owner_id)
    return look.decide(
        ACCOUNT_PLAN,
        command.plan_id,
        plan_action.reassign_action,
        action_id=command.action_id,
        owner_id=command.owner_id,
    )


def complete_plan_action(command: CompletePlanAction, look: Look) -> Decided:
    """Complete it."""
    return look.decide(
        ACCOUNT_PLAN, command.plan_id, plan_action.complete_action, action_id=command.action_id
    )
