"""KAM-32: the open work of one employee is handed over to another, what is done is not."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.accounts.interaction import INTERACTION
from aggregates.decider import Decider
from aggregates.pipeline.contract import CONTRACT
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.planning.joint_project import JOINT_PROJECT
from aggregates.refusals import Invalid, NotAllowed, NotFound, Refusal, WrongState
from aggregates.work.alert import ALERT
from aggregates.work.hand_over import (
    hand_over_alert,
    hand_over_approval,
    hand_over_contract,
    hand_over_follow_ups,
    hand_over_plan,
    hand_over_project,
    hand_over_task,
)
from aggregates.work.request import APPROVAL
from aggregates.work.task import TASK
from events.accounts.interaction import FollowUp
from events.event import Event
from events.planning.account_plan import AccountPlanReassigned
from events.planning.plan_action import AccountPlanActionReassigned
from events.policies.approval_route import NamedEmployee
from events.work.approval import ApprovalApproverReplaced, ApprovalEscalated
from tests.examples.approvals import (
    CONTRACT_APPROVED,
    CONTRACT_DRAFTED,
    CONTRACT_REASSIGNED,
    CONTRACT_SUBMITTED,
    DECIDED,
    EVE,
    FAY,
    FIRST,
    MANAGER_THERE,
    REFUSED,
    REQUESTED,
    SECOND,
)
from tests.examples.cast import ANN, BEA, CARL, DORA
from tests.examples.histories import FOLLOWED_UP, LOGGED, PASSED_ON, WITHDRAWN
from tests.examples.planning import (
    ACTION_COMPLETED,
    ACTION_DROPPED,
    ACTION_REASSIGNED,
    ACTIVE,
    COMPLETED,
    JOINED,
    MEMBER_LEFT,
    PLAN_CLOSED,
    STARTED,
    WHOLE,
    approved,
    submitted,
)
from tests.examples.tasks import TASK_COMPLETED, TASK_OPENED, TASK_REASSIGNED
from tests.examples.warnings import RAISED, REASSIGNED, RESOLVED
from tests.given import given

FOLLOWED: Final = (*WHOLE, submitted(), approved(), ACTIVE)

alert = partial(hand_over_alert, from_id=ANN, to_id=BEA)
task = partial(hand_over_task, from_id=ANN, to_id=BEA)
contract = partial(hand_over_contract, from_id=ANN, to_id=CARL)
plan = partial(hand_over_plan, from_id=ANN, to_id=BEA)
project = partial(hand_over_project, from_id=ANN, to_id=BEA)
follow_ups = partial(hand_over_follow_ups, from_id=ANN, to_id=BEA)
approval = partial(hand_over_approval, from_id=EVE, to_id=FAY)


def named(*people: str, **fields: Any) -> Any:
    """A request whose first step these may decide."""
    approvers = tuple(NamedEmployee(employee_id=one) for one in people)
    step = FIRST.model_copy(update={"approvers": approvers, **fields})
    return REQUESTED.model_copy(update={"steps": (step, SECOND)})


def replaced(step: int, place: int) -> ApprovalApproverReplaced:
    return ApprovalApproverReplaced(
        approval_id="a1",
        step=step,
        place=place,
        employee_id=FAY,
        reason="their work was handed over",
    )


def test_kam_32_an_alert() -> None:
    given(ALERT, RAISED).when(alert).then(REASSIGNED)
    given(ALERT, RAISED, REASSIGNED).when(alert).then()
    given(ALERT).when(alert).then_refused("unknown-alert", NotFound, field="alert_id")
    of_carl = RAISED.model_copy(update={"owner_id": CARL})
    given(ALERT, of_carl).when(alert).then_refused(
        "not-in-portfolio", WrongState, field="alert_ids"
    )
    resolved = RESOLVED.model_copy(update={"employee_id": ANN})
    given(ALERT, RAISED, resolved).when(alert).then_refused(
        "alert-resolved", WrongState, field="alert_id"
    )


def test_kam_32_a_task() -> None:
    given(TASK, TASK_OPENED).when(task).then(TASK_REASSIGNED)


@pytest.mark.parametrize(
    "facts", [(), (CONTRACT_SUBMITTED,), (CONTRACT_SUBMITTED, CONTRACT_APPROVED)]
)
def test_kam_32_a_contract_wherever_it_stands(facts: tuple[Event, ...]) -> None:
    given(CONTRACT, CONTRACT_DRAFTED, *facts).when(contract).then(CONTRACT_REASSIGNED)


def test_kam_32_a_plan_and_those_of_its_actions_that_are_not_done() -> None:
    given(ACCOUNT_PLAN, *FOLLOWED, ACTION_COMPLETED).when(plan).then(
        AccountPlanReassigned(plan_id="p1", account_id="acme", owner_id=BEA),
        AccountPlanActionReassigned(
            plan_id="p1", account_id="acme", action_id="survey", owner_id=BEA
        ),
    )


def test_kam_32_the_actions_of_somebody_elses_plan() -> None:
    given(ACCOUNT_PLAN, *FOLLOWED, ACTION_REASSIGNED).when(plan, from_id=BEA, to_id=CARL).then(
        AccountPlanActionReassigned(
            plan_id="p1", account_id="acme", action_id="visit", owner_id=CARL
        )
    )


def test_kam_32_a_part_in_a_project() -> None:
    bea = JOINED.model_copy(update={"person_id": BEA})
    given(JOINT_PROJECT, STARTED, JOINED).when(project).then(MEMBER_LEFT, bea)


def test_who_takes_part_already_goes_on_with_what_they_do() -> None:
    bea = JOINED.model_copy(update={"person_id": BEA, "duty": "melts"})
    given(JOINT_PROJECT, STARTED, JOINED, bea).when(project).then(MEMBER_LEFT)


def test_kam_32_follow_ups_that_are_not_done() -> None:
    more = FollowUp(
        follow_up_id="f2", text="Call", owner_id=ANN, due_on=LOGGED.follow_ups[0].due_on
    )
    both = LOGGED.model_copy(update={"follow_ups": (*LOGGED.follow_ups, more)})
    given(INTERACTION, both, FOLLOWED_UP).when(follow_ups).then(
        PASSED_ON.model_copy(update={"follow_up_id": "f2"})
    )


def test_kam_32_the_places_of_an_approver_in_steps_to_come() -> None:
    second = SECOND.model_copy(update={"approvers": (NamedEmployee(employee_id=EVE),)})
    asked = named(BEA, EVE)
    both = asked.model_copy(update={"steps": (asked.steps[0], second)})
    given(APPROVAL, both).when(approval).then(replaced(1, 2), replaced(2, 1))
    given(APPROVAL, both, DECIDED).when(approval).then(replaced(2, 1))


def test_kam_32_what_an_approver_decided_stays_decided() -> None:
    quorum = {"mode": "quorum", "quorum": 2}
    said = DECIDED.model_copy(update={"places": (1,), "on_behalf_of": None, "completes": False})
    given(APPROVAL, named(EVE, BEA, CARL, **quorum), said).when(approval).then_refused(
        "not-in-portfolio", WrongState, field="approval_ids"
    )


def test_kam_32_a_step_that_is_escalated_to_them_also_before_it_is() -> None:
    eve = NamedEmployee(employee_id=EVE)
    asked = named(BEA, escalate_to=eve)
    given(APPROVAL, asked).when(approval).then(replaced(1, 0))
    escalated = ApprovalEscalated(approval_id="a1", step=1, approver=eve)
    given(APPROVAL, asked, escalated).when(approval).then(replaced(1, 0))


@pytest.mark.parametrize(
    ("asked", "to_id", "rule", "kind", "field"),
    [
        (named(EVE), ANN, "self-approval", NotAllowed, None),
        (named(EVE, FAY, mode="all"), FAY, "step-unfillable", Invalid, "employee_id"),
    ],
)
def test_kam_32_an_approval_is_not_moved_where_the_engine_says_no(
    asked: Any, to_id: str, rule: str, kind: type[Refusal], field: str | None
) -> None:
    given(APPROVAL, asked).when(approval, to_id=to_id).then_refused(rule, kind, field=field)


def test_who_has_decided_takes_no_place_of_the_same_request() -> None:
    by_fay = DECIDED.model_copy(update={"employee_id": FAY, "on_behalf_of": None})
    second = SECOND.model_copy(update={"approvers": (NamedEmployee(employee_id=EVE),)})
    asked = REQUESTED.model_copy(update={"steps": (FIRST, second)})
    given(APPROVAL, asked, by_fay).when(approval).then_refused(
        "decides-once", WrongState, field="employee_id"
    )


ROLE: Final = REQUESTED.model_copy(
    update={"steps": (FIRST.model_copy(update={"approvers": (MANAGER_THERE,)}),)}
)


@pytest.mark.parametrize(
    ("decider", "facts", "verb", "rule", "field"),
    [
        (TASK, (TASK_OPENED, TASK_COMPLETED), task, "task-ended", "task_id"),
        (TASK, (TASK_OPENED,), partial(task, from_id=CARL), "not-in-portfolio", "task_ids"),
        (
            CONTRACT,
            (CONTRACT_DRAFTED,),
            partial(contract, from_id=DORA),
            "not-in-portfolio",
            "contract_ids",
        ),
        (ACCOUNT_PLAN, (*FOLLOWED, PLAN_CLOSED), plan, "plan-closed", "plan_id"),
        (ACCOUNT_PLAN, FOLLOWED, partial(plan, from_id=CARL), "not-in-portfolio", "plan_ids"),
        (JOINT_PROJECT, (STARTED, JOINED, COMPLETED), project, "project-closed", "project_id"),
        (JOINT_PROJECT, (STARTED,), project, "not-in-portfolio", "project_ids"),
        (INTERACTION, (LOGGED, WITHDRAWN), follow_ups, "interaction-withdrawn", "interaction_ids"),
        (INTERACTION, (LOGGED, FOLLOWED_UP), follow_ups, "not-in-portfolio", "interaction_ids"),
        (APPROVAL, (named(EVE), REFUSED), approval, "approval-ended", None),
        (APPROVAL, (ROLE,), approval, "not-in-portfolio", "approval_ids"),
    ],
)
def test_kam_32_what_has_ended_or_is_not_theirs_is_refused(
    decider: Decider[Any, Any], facts: tuple[Event, ...], verb: Any, rule: str, field: str | None
) -> None:
    given(decider, *facts).when(verb).then_refused(rule, WrongState, field=field)


@pytest.mark.parametrize(
    ("decider", "verb", "rule"),
    [
        (TASK, task, "unknown-task"),
        (CONTRACT, contract, "unknown-contract"),
        (ACCOUNT_PLAN, plan, "unknown-plan"),
        (JOINT_PROJECT, project, "unknown-project"),
        (INTERACTION, follow_ups, "unknown-interaction"),
        (APPROVAL, approval, "unknown-approval"),
    ],
)
def test_what_is_not_there_is_not_handed_over(
    decider: Decider[Any, Any], verb: Any, rule: str
) -> None:
    with pytest.raises(NotFound) as refused:
        verb(decider.initial)
    assert refused.value.rule == rule


def test_a_dropped_action_is_nobodys_work() -> None:
    given(ACCOUNT_PLAN, *WHOLE, ACTION_DROPPED).when(plan).then(
        AccountPlanReassigned(plan_id="p1", account_id="acme", owner_id=BEA),
        ACTION_REASSIGNED,
    )
