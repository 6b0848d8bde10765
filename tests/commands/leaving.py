"""A company in which Ann has one of everything to do, and whatever else may be given to whom."""

from collections.abc import Callable
from datetime import date
from typing import Final

from aggregates.work.alert import alert_id
from commands.accounts.account import ChangeAccountOwner, RegisterAccount
from commands.accounts.account_team import AssignTeamMember
from commands.accounts.interaction import (
    CompleteFollowUp,
    LogInteraction,
    PromisedFollowUp,
    ReassignFollowUp,
)
from commands.command import Command
from commands.pipeline.contract import ReassignContract
from commands.planning.account_plan import ReassignAccountPlan
from commands.planning.joint_project import AddProjectMember, StartJointProject
from commands.planning.plan_action import ReassignPlanAction
from commands.policies.alert_rule import ActivateAlertRule, DraftAlertRule
from commands.work.alert import RaiseAlert, ReassignAlert, ResolveAlert
from commands.work.approval import ReplaceApprover
from commands.work.task import CompleteTask, OpenTask, ReassignTask
from events.accounts.account_team import TeamRole
from events.policies.approval_route import NamedEmployee
from tests.commands.company import OPEN
from tests.commands.office import Office
from tests.commands.planners import POLICY
from tests.commands.planners import whole as whole_plan
from tests.commands.signing import GUS, draft, signing, submit
from tests.examples.approvals import FAY, route, step
from tests.examples.cast import ANN, BEA, CARL, NOON
from tests.examples.warnings import RULE, SEEN

DUE: Final = date(2026, 6, 30)
WORLD: Final = route(("true", step(NamedEmployee(employee_id=FAY), step_id="check")))
OWNED: Final = ChangeAccountOwner(account_id="acme", owner_id=ANN)


def task(task_id: str = "t1", owner_id: str = ANN) -> OpenTask:
    """Open a task, of Ann's or somebody else's."""
    return OpenTask(task_id=task_id, title="Call.", owner_id=owner_id, due_on=DUE)


def visit(owner_id: str = ANN) -> LogInteraction:
    """Log a call after which somebody has to send something."""
    promised = PromisedFollowUp(follow_up_id="f1", text="Send it.", owner_id=owner_id, due_on=DUE)
    return LogInteraction(
        interaction_id="i1",
        account_id="acme",
        kind="call",
        subject="Prices",
        employee_ids=(ANN,),
        follow_ups=(promised,),
    )


RAISE: Final = RaiseAlert(
    rule_id="r1",
    account_id="acme",
    cause="contact-1/9",
    caused_on=NOON.date(),
    events=("contact-1/9",),
    facts=SEEN,
    manager_ids=(),
)
ALERT: Final = alert_id(RAISE.rule_id, RAISE.account_id, RAISE.cause)
"""The alert it raises, and the task of that."""

ALL: Final[tuple[Command, ...]] = (
    OWNED,
    OPEN,
    AssignTeamMember(account_id="acme", role="delivery_expert", employee_id=ANN),
    *POLICY,
    *whole_plan(),
    StartJointProject(project_id="j1", account_id="acme", name="New alloy"),
    AddProjectMember(project_id="j1", party="ours", person_id=ANN, duty="melts"),
    visit(),
    task(),
    draft(),
    ReassignContract(contract_id="c1", owner_id=ANN),
    DraftAlertRule(rule_id="r1", document=RULE.model_copy(update={"region_id": None})),
    ActivateAlertRule(rule_id="r1", version=1, effective_on=date(2026, 1, 1)),
    RAISE,
)


def busy(*more: Command) -> Office:
    """A company in which Ann has one of everything, and Fay an approval."""
    return signing(*ALL, submit(requester_id=GUS), *more, world=WORLD)


TEAM: Final = (ANN, BEA, CARL, FAY, GUS)


def _role(role: TeamRole) -> Callable[[str], Command]:
    return lambda one: AssignTeamMember(account_id="acme", role=role, employee_id=one)


GIVING: Final[tuple[Callable[[str], Command], ...]] = (
    lambda one: ChangeAccountOwner(account_id="acme", owner_id=one),
    lambda one: RegisterAccount(account_id=f"of-{one}", name="X", owner_id=one),
    _role("solution_architect"),
    _role("executive_sponsor"),
    lambda one: ReassignAccountPlan(plan_id="p1", owner_id=one),
    lambda one: ReassignPlanAction(plan_id="p1", action_id="visit", owner_id=one),
    lambda one: AddProjectMember(project_id="j1", party="ours", person_id=one, duty="melts"),
    lambda one: task("t2", one),
    lambda one: task("t3", one),
    lambda one: ReassignTask(task_id="t1", owner_id=one),
    lambda one: ReassignTask(task_id="t2", owner_id=one),
    lambda one: ReassignContract(contract_id="c1", owner_id=one),
    lambda one: ReassignFollowUp(interaction_id="i1", follow_up_id="f1", owner_id=one),
    lambda one: ReplaceApprover(approval_id="a1", step=1, place=1, employee_id=one, reason="x"),
    lambda one: ReassignAlert(alert_id=ALERT, owner_id=one),
    lambda one: ResolveAlert(alert_id=ALERT, employee_id=one, outcome="handled", how="met"),
    lambda _: CompleteTask(task_id=ALERT),
    lambda _: CompleteTask(task_id="t1"),
    lambda _: CompleteFollowUp(interaction_id="i1", follow_up_id="f1"),
)
"""What gives somebody something to do, or takes it from everybody."""
