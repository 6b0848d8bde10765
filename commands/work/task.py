"""What can be asked of tasks."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates.accounts import account, interaction
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.interaction import INTERACTION
from aggregates.pipeline import contract, opportunity
from aggregates.pipeline.contract import CONTRACT
from aggregates.pipeline.opportunity import OPPORTUNITY, Closed, Pursued
from aggregates.planning import account_plan, joint_project, value_claim
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.planning.joint_project import JOINT_PROJECT
from aggregates.planning.value_claim import VALUE_CLAIM
from aggregates.refusals import Invalid, NotAllowed, NotFound
from aggregates.work import request, task
from aggregates.work.request import APPROVAL
from aggregates.work.task import TASK
from commands.acting import acting_employee
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.employee import owner
from events.values import Id, PersonId, Reason
from events.work.task import TaskOpened, TaskRule, TaskSubject, TaskTitle

SubjectKind = Literal[
    "account_plan",
    "approval",
    "contract",
    "interaction",
    "joint_project",
    "opportunity",
    "value_claim",
]
"""What a task may be about, beside an account as a whole."""


class Subject(BaseModel):
    """The record a task is about."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: SubjectKind
    record_id: Id


class Rule(TaskRule):
    """The rule a task comes from, where no person opens it."""

    version: Annotated[int, Field(ge=1, lt=2**31)]


class OpenTask(Command):
    """Have an employee answer for something by a day: for an account, a record of it, or neither.

    A key that acts for an employee opens by hand; a program may name the rule it follows.
    """

    task_id: Id
    title: TaskTitle
    owner_id: PersonId
    due_on: Day
    account_id: Id | None = None
    subject: Subject | None = None
    rule: Rule | None = None


class ReassignTask(Command):
    """Have another employee answer for a task."""

    task_id: Id
    owner_id: PersonId


class ChangeTaskDueDate(Command):
    """Have a task due on another day."""

    task_id: Id
    due_on: Day


class CompleteTask(Command):
    """Say that a task has been done."""

    task_id: Id


class CancelTask(Command):
    """Say that a task is not to be done any more."""

    task_id: Id
    reason: Reason


def open_task(command: OpenTask, look: Look) -> Decided:
    """Open it; its owner must work here, account and subject must exist and belong together."""
    owner(look, command.owner_id)
    acting = acting_employee(look)
    if command.rule is not None and acting is not None:
        raise NotAllowed("rule-by-hand", "a person opens a task by hand", field="rule")
    fact = TaskOpened(
        task_id=command.task_id,
        title=command.title,
        account_id=_account_of(look, command),
        subject=_fact_of(command.subject, TaskSubject),
        owner_id=command.owner_id,
        due_on=command.due_on,
        opened_by=acting,
        rule=_fact_of(command.rule, TaskRule),
    )
    return look.begin(TASK, command.task_id, task.open_task, fact=fact)


def reassign_task(command: ReassignTask, look: Look) -> Decided:
    """Reassign it; the new owner must work here."""
    owner(look, command.owner_id)
    return look.decide(TASK, command.task_id, task.reassign, owner_id=command.owner_id)


def change_task_due_date(command: ChangeTaskDueDate, look: Look) -> Decided:
    """Change it."""
    return look.decide(TASK, command.task_id, task.change_due_date, due_on=command.due_on)


def complete_task(command: CompleteTask, look: Look) -> Decided:
    """Complete it."""
    return look.decide(TASK, command.task_id, task.complete)


def cancel_task(command: CancelTask, look: Look) -> Decided:
    """Cancel it."""
    return look.decide(TASK, command.task_id, task.cancel, reason=command.reason)


M = TypeVar("M", bound=BaseModel)


def _fact_of(given: BaseModel | None, kind: type[M]) -> M | None:
    return None if given is None else kind.model_validate(given.model_dump())


def _account_of(look: Look, command: OpenTask) -> str | None:
    """The account named, else that of the subject; none where neither has one."""
    if command.account_id is not None:
        account.existing(look(ACCOUNT, command.account_id), field="account_id")
    if command.subject is None:
        return command.account_id
    try:
        found = _ACCOUNTS[command.subject.kind](look, command.subject.record_id)
    except NotFound as unknown:
        raise NotFound(unknown.rule, unknown.detail, field="subject") from unknown
    if command.account_id not in {None, found}:
        raise Invalid("other-account", "the subject is another account's", field="subject")
    return found


def _of_opportunity(look: Look, opportunity_id: str) -> str | None:
    found = look(OPPORTUNITY, opportunity_id)
    opportunity.region_of(found)
    pursued = found.pursued if isinstance(found, Closed) else found
    assert isinstance(pursued, Pursued)
    return pursued.account_id


def _of_interaction(look: Look, interaction_id: str) -> str | None:
    found = interaction.standing(look(INTERACTION, interaction_id), field="subject")
    return found.account_id


_ACCOUNTS: Final[Mapping[SubjectKind, Callable[[Look, str], str | None]]] = MappingProxyType(
    {
        "account_plan": lambda look, one: account_plan.existing(look(ACCOUNT_PLAN, one)).account_id,
        "approval": lambda look, one: request.existing(look(APPROVAL, one)).fact.account_id,
        "contract": lambda look, one: contract.existing(look(CONTRACT, one)).drafted.account_id,
        "interaction": _of_interaction,
        "joint_project": lambda look, one: (
            joint_project.existing(look(JOINT_PROJECT, one)).account_id
        ),
        "opportunity": _of_opportunity,
        "value_claim": lambda look, one: value_claim.existing(look(VALUE_CLAIM, one)).account_id,
    }
)
"""How the account of each kind of subject is found; the subject must exist."""
