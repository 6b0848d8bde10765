"""What can be asked of joint projects."""

from typing import Any

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.contact import CONTACT, present
from aggregates.organization.employee import EMPLOYEE, active
from aggregates.planning import account_plan, joint_project, project_milestone
from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan
from aggregates.planning.joint_project import JOINT_PROJECT
from aggregates.refusals import Invalid, NotFound
from commands.accounts.contact import survivor
from commands.command import Command, Day
from commands.look import Decided, Look
from events.planning.joint_project import (
    JointProjectClosed,
    JointProjectMemberJoined,
    JointProjectMilestoneAdded,
    JointProjectMilestoneMet,
    JointProjectMilestoneMissed,
    JointProjectMilestoneMoved,
    JointProjectStarted,
    JointProjectStatusChanged,
    Party,
    ProjectOutcome,
    ProjectStatus,
)
from events.values import Id, Name, PersonId, Reason


class StartJointProject(Command):
    """Start a project with a customer, for an objective of a plan or for none."""

    project_id: Id
    account_id: Id
    name: Name
    plan_id: Id | None = None
    objective_id: Id | None = None


class AddProjectMilestone(Command):
    """Give a project something to be reached by a day."""

    project_id: Id
    milestone_id: Id
    name: Name
    due_on: Day


class MoveProjectMilestone(Command):
    """Have a milestone due on another day; one that was missed is open again."""

    project_id: Id
    milestone_id: Id
    due_on: Day
    reason: Reason


class RecordMilestoneMet(Command):
    """Record the day on which a milestone was reached."""

    project_id: Id
    milestone_id: Id
    met_on: Day


class RecordMilestoneMissed(Command):
    """Record that a milestone was not reached in time."""

    project_id: Id
    milestone_id: Id
    reason: Reason


class AddProjectMember(Command):
    """Have one of our employees, or a contact of the customer, take part in a project."""

    project_id: Id
    party: Party
    person_id: PersonId
    duty: Name


class ReleaseProjectMember(Command):
    """Have somebody take part in a project no more."""

    project_id: Id
    party: Party
    person_id: PersonId


class ChangeProjectStatus(Command):
    """Say how a project goes, and why."""

    project_id: Id
    status: ProjectStatus
    reason: Reason


class CloseJointProject(Command):
    """End a project: completed, when no milestone is open, or stopped."""

    project_id: Id
    outcome: ProjectOutcome
    reason: Reason


def start_joint_project(command: StartJointProject, look: Look) -> Decided:
    """Start it; the account must exist, and the plan be the account's and have the objective."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    if command.plan_id is not None:
        plan_of(look, command.plan_id, command.account_id)
        _check_objective(look, command.plan_id, command.objective_id)
    elif command.objective_id is not None:
        raise Invalid("objective-without-plan", "name the plan as well", field="objective_id")
    fact = JointProjectStarted.model_validate(dict(command))
    return look.begin(JOINT_PROJECT, command.project_id, joint_project.start, fact=fact)


def add_project_milestone(command: AddProjectMilestone, look: Look) -> Decided:
    """Add it."""
    fact = JointProjectMilestoneAdded.model_validate(_with_account(look, command))
    return _decide(look, command.project_id, project_milestone.add_milestone, fact=fact)


def move_project_milestone(command: MoveProjectMilestone, look: Look) -> Decided:
    """Move it."""
    fact = JointProjectMilestoneMoved.model_validate(_with_account(look, command))
    return _decide(look, command.project_id, project_milestone.move_milestone, fact=fact)


def record_milestone_met(command: RecordMilestoneMet, look: Look) -> Decided:
    """Record it."""
    fact = JointProjectMilestoneMet.model_validate(_with_account(look, command))
    return _decide(
        look,
        command.project_id,
        project_milestone.meet_milestone,
        fact=fact,
        today=look.context.business_date,
    )


def record_milestone_missed(command: RecordMilestoneMissed, look: Look) -> Decided:
    """Record it."""
    fact = JointProjectMilestoneMissed.model_validate(_with_account(look, command))
    return _decide(look, command.project_id, project_milestone.miss_milestone, fact=fact)


def add_project_member(command: AddProjectMember, look: Look) -> Decided:
    """Add them; they must work here, or at a customer, be it another company of the group."""
    fact = JointProjectMemberJoined.model_validate(_with_account(look, command))
    if command.party == "ours":
        active(look(EMPLOYEE, command.person_id), field="person_id")
    else:
        present(look(CONTACT, survivor(look, command.person_id)), field="person_id")
    return _decide(look, command.project_id, joint_project.add_member, fact=fact)


def release_project_member(command: ReleaseProjectMember, look: Look) -> Decided:
    """Release them."""
    return _decide(
        look,
        command.project_id,
        joint_project.remove_member,
        party=command.party,
        person_id=command.person_id,
    )


def change_project_status(command: ChangeProjectStatus, look: Look) -> Decided:
    """Change it."""
    fact = JointProjectStatusChanged.model_validate(_with_account(look, command))
    return _decide(look, command.project_id, joint_project.change_status, fact=fact)


def close_joint_project(command: CloseJointProject, look: Look) -> Decided:
    """Close it."""
    fact = JointProjectClosed.model_validate(_with_account(look, command))
    return _decide(look, command.project_id, joint_project.close, fact=fact)


def plan_of(look: Look, plan_id: str, account_id: str) -> None:
    """Let pass a plan that exists and is the account's.

    Raises:
        NotFound: ``unknown-plan``.
        Invalid: ``other-account``.
    """
    if account_plan.existing(look(ACCOUNT_PLAN, plan_id)).account_id != account_id:
        raise Invalid("other-account", "the plan is about another account", field="plan_id")


def _check_objective(look: Look, plan_id: str, objective_id: str | None) -> None:
    plan = look(ACCOUNT_PLAN, plan_id)
    if objective_id is None or not isinstance(plan, Plan):
        return
    contents = [plan.in_force, plan.draft.content if plan.draft else None]
    known = {one.objective_id for content in contents if content for one in content.objectives}
    if objective_id not in known:
        raise NotFound("unknown-objective", "the plan has no such objective", field="objective_id")


def _with_account(look: Look, command: Any) -> dict[str, Any]:
    """The fields of a command and the account of its project."""
    started = joint_project.existing(look(JOINT_PROJECT, command.project_id))
    return {**dict(command), "account_id": started.account_id}


def _decide(look: Look, project_id: str, verb: Any, **arguments: Any) -> Decided:
    return look.decide(JOINT_PROJECT, project_id, verb, **arguments)
