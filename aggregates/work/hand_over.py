"""The open work of one employee, handed over to another; what is done stays who did it.

Each verb hands over all that ``from_id`` has in one record, and returns nothing when it is the work
of ``to_id`` already. It is refused for a record that has nothing of either.
"""

from typing import Final

from aggregates.accounts.interaction import Interaction, reassign_follow_up, standing
from aggregates.accounts.portfolio import not_theirs
from aggregates.pipeline import contract as contracts
from aggregates.pipeline.contract import Contract
from aggregates.planning import account_plan as plans
from aggregates.planning.account_plan import AccountPlan
from aggregates.planning.joint_project import JointProject, remove_member, running
from aggregates.planning.plan_action import open_actions, reassign_action
from aggregates.work import alert as alerts
from aggregates.work import task as tasks
from aggregates.work.alert import Alert
from aggregates.work.request import APPROVAL, Approval, Requested, check_open, existing
from aggregates.work.stand_ins import replace_approver
from aggregates.work.task import Task
from events.accounts.interaction import InteractionEvent
from events.pipeline.contract import ContractEvent
from events.planning.account_plan import AccountPlanEvent
from events.planning.joint_project import JointProjectEvent, JointProjectMemberJoined
from events.policies.approval_route import NamedEmployee
from events.work.alert import AlertEvent
from events.work.approval import ApprovalEvent
from events.work.task import TaskEvent

HANDED_OVER: Final = "their work was handed over"
"""Why an approver is replaced."""


def hand_over_task(task: Task, *, from_id: str, to_id: str) -> tuple[TaskEvent, ...]:
    """Have ``to_id`` answer for the task.

    Raises:
        NotFound: ``unknown-task``.
        WrongState: ``task-ended``; ``not-in-portfolio``.
    """
    found = tasks.existing(task)
    if found.owner_id not in {from_id, to_id}:
        raise not_theirs("the task", "task_ids")
    return tasks.reassign(task, owner_id=to_id)


def hand_over_alert(alert: Alert, *, from_id: str, to_id: str) -> tuple[AlertEvent, ...]:
    """Have ``to_id`` be accountable for the alert; its task is a record of its own.

    Raises:
        NotFound: ``unknown-alert``.
        WrongState: ``alert-resolved``; ``not-in-portfolio``.
    """
    if alerts.owner_of(alert) not in {from_id, to_id}:
        raise not_theirs("the alert", "alert_ids")
    return alerts.reassign(alert, owner_id=to_id)


def hand_over_contract(
    contract: Contract, *, from_id: str, to_id: str
) -> tuple[ContractEvent, ...]:
    """Have ``to_id`` look after the contract.

    Raises:
        NotFound: ``unknown-contract``.
        WrongState: ``not-in-portfolio``.
    """
    found = contracts.existing(contract)
    if found.owner_id not in {from_id, to_id}:
        raise not_theirs("the contract", "contract_ids")
    return contracts.reassign(contract, owner_id=to_id)


def hand_over_plan(plan: AccountPlan, *, from_id: str, to_id: str) -> tuple[AccountPlanEvent, ...]:
    """Have ``to_id`` answer for the plan, and do those of its actions that are not done.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``not-in-portfolio``.
    """
    found = plans.going_on(plan)
    doing = dict(open_actions(found))
    if {from_id, to_id}.isdisjoint({found.owner_id, *doing.values()}):
        raise not_theirs("the plan", "plan_ids")
    owned = found.owner_id == from_id
    facts = plans.reassign(plan, owner_id=to_id) if owned else ()
    for action_id, who in doing.items():
        if who == from_id:
            facts += reassign_action(plan, action_id=action_id, owner_id=to_id)
    return facts


def hand_over_project(
    project: JointProject, *, from_id: str, to_id: str
) -> tuple[JointProjectEvent, ...]:
    """Have ``to_id`` take part in the project and do in it what ``from_id`` did.

    Who takes part already goes on doing what they do.

    Raises:
        NotFound: ``unknown-project``.
        WrongState: ``project-closed``; ``not-in-portfolio``.
    """
    found = running(project)
    duty = found.members.get(("ours", from_id))
    there = ("ours", to_id) in found.members
    if duty is None:
        if there:
            return ()
        raise not_theirs("the project", "project_ids")
    left = remove_member(project, party="ours", person_id=from_id)
    if there:
        return left
    joined = JointProjectMemberJoined(
        project_id=found.started.project_id,
        account_id=found.started.account_id,
        party="ours",
        person_id=to_id,
        duty=duty,
    )
    return (*left, joined)


def hand_over_follow_ups(
    interaction: Interaction, *, from_id: str, to_id: str
) -> tuple[InteractionEvent, ...]:
    """Have ``to_id`` do the follow-ups of the interaction that are not done.

    Raises:
        NotFound: ``unknown-interaction``.
        WrongState: ``interaction-withdrawn``; ``not-in-portfolio``.
    """
    found = standing(interaction, field="interaction_ids")
    open_ones = [one for one in found.follow_ups if one.follow_up_id not in found.done]
    if {from_id, to_id}.isdisjoint(one.owner_id for one in open_ones):
        raise not_theirs("the interaction", "interaction_ids")
    return tuple(
        fact
        for one in open_ones
        if one.owner_id == from_id
        for fact in reassign_follow_up(interaction, follow_up_id=one.follow_up_id, owner_id=to_id)
    )


def hand_over_approval(
    approval: Approval, *, from_id: str, to_id: str
) -> tuple[ApprovalEvent, ...]:
    """Put ``to_id`` wherever a step that waits, or is to come, names ``from_id``.

    What they have decided stays decided. A step that is for whoever holds a role is theirs who do.

    Raises:
        NotFound: ``unknown-approval``.
        WrongState: ``approval-ended``; ``not-in-portfolio``; ``decides-once``: who takes over has
            decided here before.
        NotAllowed: ``self-approval``.
        Invalid: ``step-unfillable``.
    """
    found = existing(approval)
    check_open(found)
    places = _places(found, from_id)
    if not places and not _places(found, to_id):
        raise not_theirs("the approval", "approval_ids")
    facts: tuple[ApprovalEvent, ...] = ()
    for step, place in places:
        facts += replace_approver(
            APPROVAL.fold(facts, approval),
            step=step,
            place=place,
            employee_id=to_id,
            reason=HANDED_OVER,
        )
    return facts


def _places(requested: Requested, person: str) -> list[tuple[int, int]]:
    """The steps, from the one that waits on, that name ``person``, each with the place.

    Without the places they have decided in. A step escalated to them has the place 0.
    """
    named = NamedEmployee(employee_id=person)
    decided = {
        (found.step, place)
        for found in requested.decisions
        if (found.on_behalf_of or found.employee_id) == person
        for place in found.places
    }
    return [
        (number, place)
        for number, step in enumerate(requested.steps, start=1)
        if number >= requested.step
        for place, one in enumerate((step.escalate_to, *step.approvers))
        if one == named and (number, place) not in decided
    ]
