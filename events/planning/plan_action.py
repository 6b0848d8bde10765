"""Facts about doing what a plan says: who does an action in place of its owner, and what is done.

They stand beside the content of a plan and change nothing that was approved. Whoever folds them
folds them with :func:`still_done_by`, so that all see the same people.
"""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from events.event import Event
from events.planning.plan_content import PlanContent
from events.values import Id, PersonId


class AccountPlanActionReassigned(Event):
    """Another employee does the action, in the place of whoever did; the plan says what it said."""

    NAME: ClassVar[str] = "account_plan.action_reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    action_id: Id
    owner_id: PersonId


class AccountPlanActionCompleted(Event):
    """What the action says has been done."""

    NAME: ClassVar[str] = "account_plan.action_completed"
    PARTITION: ClassVar[str | None] = "account_id"

    plan_id: Id
    account_id: Id
    action_id: Id


PlanActionEvent = AccountPlanActionReassigned | AccountPlanActionCompleted

T = TypeVar("T")


def still_done_by(
    doers: Mapping[str, T], before: PlanContent, after: PlanContent
) -> Mapping[str, T]:
    """Of ``doers``, by action, those that hold when a plan says ``after`` and not ``before``.

    Who names another owner for an action, or drops it, has decided anew who does it.
    """
    was = {one.action_id: one.owner_id for one in before.actions}
    owners = {one.action_id: one.owner_id for one in after.actions}
    return {
        action_id: who
        for action_id, who in doers.items()
        if action_id in owners and owners[action_id] == was.get(action_id)
    }


def still_done(done: Mapping[str, T], after: PlanContent) -> Mapping[str, T]:
    """Of ``done``, by action, those that a plan still has when it says ``after``."""
    there = {one.action_id for one in after.actions}
    return {action_id: when for action_id, when in done.items() if action_id in there}
