"""Tasks: who owns one works here, and what one is about exists and belongs to its account."""

from datetime import date
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotAllowed, NotFound, Refusal, WrongState
from commands.accounts.account import RegisterAccount
from commands.accounts.interaction import LogInteraction
from commands.command import Command
from commands.pipeline.contract import DraftContract, Terms
from commands.planning.joint_project import StartJointProject
from commands.planning.value_claim import ClaimValue
from commands.work.task import (
    CancelTask,
    ChangeTaskDueDate,
    CompleteTask,
    OpenTask,
    ReassignTask,
    Rule,
    Subject,
)
from events.work.task import TaskOpened, TaskRule
from tests.commands.company import OPEN
from tests.commands.office import Office
from tests.commands.planners import draft, planners
from tests.examples.cast import ANN, BEA, CARL, DORA, usd

NONE: Final = "99999999-9999-4999-8999-999999999999"
THERE: Final[tuple[Command, ...]] = (
    OPEN,
    draft(),
    RegisterAccount(account_id="other", name="Other"),
    StartJointProject(project_id="j1", account_id="acme", name="New alloy"),
    DraftContract(
        contract_id="c1",
        account_id="acme",
        region_id="dach",
        terms=Terms(
            amount=usd(1_00),
            discount_bps=0,
            valid_from=date(2026, 1, 1),
            valid_until=date(2026, 12, 31),
        ),
    ),
    LogInteraction(
        interaction_id="i1", account_id="acme", kind="call", subject="Prices", employee_ids=(ANN,)
    ),
    ClaimValue(
        claim_id="v1",
        account_id="acme",
        project_id="j1",
        metric="scrap",
        unit="percent",
        baseline="4",
        measured="3",
        measured_on=date(2014, 1, 1),
        evidence="A report.",
    ),
)
RULE: Final = Rule(rule_id="quiet-account", version=1)


def task(**other: Any) -> OpenTask:
    asked = OpenTask(task_id="t1", title="Call them.", owner_id=ANN, due_on=date(2026, 3, 10))
    return asked.model_copy(update=other)


def about(kind: Any, record_id: str) -> Subject:
    return Subject(kind=kind, record_id=record_id)


def opened(office: Office, command: OpenTask, **asked: Any) -> TaskOpened:
    office.ask(command, **asked)
    (fact,) = office.facts("task-t1")
    assert isinstance(fact, TaskOpened)
    return fact


def test_a_task_is_opened_by_hand_for_an_account() -> None:
    fact = opened(planners(), task(account_id="acme"), key_id="bea")
    assert (fact.account_id, fact.subject, fact.opened_by, fact.rule) == ("acme", None, BEA, None)


def test_a_task_needs_no_account() -> None:
    assert opened(planners(), task()).account_id is None


@pytest.mark.parametrize(
    ("kind", "record_id"),
    [
        ("account_plan", "p1"),
        ("contract", "c1"),
        ("interaction", "i1"),
        ("joint_project", "j1"),
        ("opportunity", "o1"),
        ("value_claim", "v1"),
    ],
)
def test_a_task_is_for_the_account_of_its_subject(kind: str, record_id: str) -> None:
    office = planners(*THERE)
    subject = about(kind, record_id)
    with pytest.raises(Invalid, match="another account") as refused:
        office.ask(task(subject=subject, account_id="other"))
    assert (refused.value.rule, refused.value.field) == ("other-account", "subject")
    with pytest.raises(NotFound) as unknown:
        office.ask(task(subject=about(kind, "none")))
    assert unknown.value.field == "subject"
    fact = opened(office, task(subject=subject))
    assert fact.account_id == "acme"
    assert fact.subject is not None
    assert (fact.subject.kind, fact.subject.record_id) == (kind, record_id)


def test_a_rule_is_followed_by_a_program() -> None:
    office = planners()
    with pytest.raises(NotAllowed) as refused:
        office.ask(task(rule=RULE), key_id="ann")
    assert (refused.value.rule, refused.value.field) == ("rule-by-hand", "rule")
    fact = opened(office, task(rule=RULE), key_id="program")
    assert fact.opened_by is None
    assert fact.rule == TaskRule(rule_id="quiet-account", version=1)


@pytest.mark.parametrize(
    ("command", "kind", "rule"),
    [
        (task(owner_id=NONE), NotFound, "unknown-employee"),
        (task(owner_id=DORA), WrongState, "employee-not-active"),
        (task(account_id="none"), NotFound, "unknown-account"),
        (task(subject=about("approval", "none")), NotFound, "unknown-approval"),
        (ReassignTask(task_id="t1", owner_id=DORA), WrongState, "employee-not-active"),
        (ReassignTask(task_id="t1", owner_id=BEA), NotFound, "unknown-task"),
        (CompleteTask(task_id="t1"), NotFound, "unknown-task"),
    ],
)
def test_what_a_task_names_exists(command: Command, kind: type[Refusal], rule: str) -> None:
    with pytest.raises(kind) as refused:
        planners().ask(command)
    assert refused.value.rule == rule


def test_a_task_lives() -> None:
    office = planners(task())
    for command in (
        ReassignTask(task_id="t1", owner_id=CARL),
        ChangeTaskDueDate(task_id="t1", due_on=date(2026, 3, 11)),
        CompleteTask(task_id="t1"),
    ):
        assert len(office.ask(command).events) == 1
        assert office.ask(command).events == ()
    with pytest.raises(WrongState):
        office.ask(CancelTask(task_id="t1", reason="x"))
