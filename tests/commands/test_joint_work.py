"""What joint projects and value claims need from elsewhere: account, plan, objective, employee."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal
from commands.accounts.account import RegisterAccount
from commands.accounts.contact import RecordContactLeft, RegisterContact
from commands.command import Command
from commands.planning.joint_project import (
    AddProjectMember,
    AddProjectMilestone,
    ChangeProjectStatus,
    CloseJointProject,
    MoveProjectMilestone,
    RecordMilestoneMet,
    RecordMilestoneMissed,
    ReleaseProjectMember,
    StartJointProject,
)
from commands.planning.value_claim import (
    ClaimValue,
    ConfirmValueClaim,
    CorrectValueClaim,
    WithdrawValueClaim,
)
from events.planning.value_claim import ValueClaimClaimed
from tests.commands.office import Office
from tests.commands.planners import make_active, planners, whole
from tests.examples.cast import ANN, DORA, NOON
from tests.examples.planning import CONTACT

NONE: Final = "99999999-9999-4999-8999-999999999999"
TODAY: Final = NOON.date()
START: Final = StartJointProject(
    project_id="j1", account_id="acme", name="New alloy", plan_id="p1", objective_id="grow"
)
OTHER: Final = RegisterAccount(account_id="other", name="Other")
UMA: Final = RegisterContact(contact_id=CONTACT, account_id="acme", name="Uma Underwood")
CLAIM: Final = ClaimValue(
    claim_id="v1",
    account_id="acme",
    project_id="j1",
    metric="scrap",
    unit="percent",
    baseline="4.5",
    measured="3.25",
    measured_on=TODAY,
    better="lower",
    evidence="Monthly report.",
)
CORRECT: Final = CorrectValueClaim(
    claim_id="v1",
    metric="scrap",
    unit="percent",
    baseline="4.5",
    measured="3.5",
    measured_on=TODAY,
    better="lower",
    evidence="Monthly report.",
    reason="counted again",
)
CONFIRM: Final = ConfirmValueClaim(
    claim_id="v1", contact_id=CONTACT, confirmed_on=TODAY, how="letter"
)


def refusal(office: Office, command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command)
    return refused.value


def working() -> Office:
    """A company with a plan and a project of it."""
    office = planners(OTHER, UMA)
    office.ask_all(*whole(), START)
    return office


def test_a_project_lives_from_its_start_to_its_end() -> None:
    """KAM-15."""
    office = working()
    office.ask_all(
        AddProjectMilestone(
            project_id="j1", milestone_id="m1", name="Melt", due_on=date(2026, 5, 1)
        ),
        MoveProjectMilestone(
            project_id="j1", milestone_id="m1", due_on=date(2026, 6, 1), reason="late"
        ),
        RecordMilestoneMissed(project_id="j1", milestone_id="m1", reason="late"),
        RecordMilestoneMet(project_id="j1", milestone_id="m1", met_on=TODAY),
        AddProjectMember(project_id="j1", party="ours", person_id=ANN, duty="leads"),
        AddProjectMember(project_id="j1", party="customers", person_id=CONTACT, duty="melts"),
        ReleaseProjectMember(project_id="j1", party="ours", person_id=ANN),
        ChangeProjectStatus(project_id="j1", status="at_risk", reason="late"),
        CloseJointProject(project_id="j1", outcome="completed", reason="done"),
    )
    assert [fact.NAME.partition(".")[2] for fact in office.facts("joint_project-j1")] == [
        "started",
        "milestone_added",
        "milestone_moved",
        "milestone_missed",
        "milestone_met",
        "member_joined",
        "member_joined",
        "member_left",
        "status_changed",
        "closed",
    ]


@pytest.mark.parametrize(
    ("other", "rule", "field"),
    [
        ({"account_id": "none"}, "unknown-account", "account_id"),
        ({"account_id": "other"}, "other-account", "plan_id"),
        ({"plan_id": "none"}, "unknown-plan", "plan_id"),
        ({"plan_id": None}, "objective-without-plan", "objective_id"),
        ({"objective_id": "none"}, "unknown-objective", "objective_id"),
    ],
)
def test_a_project_belongs_to_what_exists(other: dict[str, Any], rule: str, field: str) -> None:
    """KAM-15."""
    office = planners(OTHER)
    office.ask_all(*whole())
    found = refusal(office, START.model_copy(update=other))
    assert (found.rule, found.field) == (rule, field)


def test_a_project_belongs_to_a_plan_in_force_or_to_none() -> None:
    office = planners()
    make_active(office)
    office.ask(START)
    office.ask(StartJointProject(project_id="j2", account_id="acme", name="Free"))


@pytest.mark.parametrize(
    ("employee", "rule"), [(NONE, "unknown-employee"), (DORA, "employee-not-active")]
)
def test_our_members_work_here(employee: str, rule: str) -> None:
    """KAM-15."""
    member = AddProjectMember(project_id="j1", party="ours", person_id=employee, duty="leads")
    found = refusal(working(), member)
    assert (found.rule, found.field) == (rule, "person_id")


def test_their_members_work_there() -> None:
    """KAM-15."""
    office = working()
    member = AddProjectMember(project_id="j1", party="customers", person_id=NONE, duty="melts")
    found = refusal(office, member)
    assert (found.rule, found.field) == ("unknown-contact", "person_id")
    office.ask(RecordContactLeft(contact_id=CONTACT))
    gone = member.model_copy(update={"person_id": CONTACT})
    assert refusal(office, gone).rule == "contact-left"


def test_a_contact_who_confirms_is_known_and_may_have_left_since() -> None:
    """KAM-17."""
    office = working()
    office.ask(CLAIM)
    unknown = CONFIRM.model_copy(update={"contact_id": NONE})
    found = refusal(office, unknown)
    assert (found.rule, found.field) == ("unknown-contact", "contact_id")
    office.ask_all(RecordContactLeft(contact_id=CONTACT), CONFIRM)
    assert len(office.facts("value_claim-v1")) == 2


def test_a_milestone_is_met_today_and_not_tomorrow() -> None:
    office = working()
    office.ask(AddProjectMilestone(project_id="j1", milestone_id="m1", name="M", due_on=TODAY))
    tomorrow = RecordMilestoneMet(
        project_id="j1", milestone_id="m1", met_on=TODAY + timedelta(days=1)
    )
    assert refusal(office, tomorrow).rule == "day-in-the-future"


def test_a_project_that_is_named_exists() -> None:
    missing = ChangeProjectStatus(project_id="none", status="paused", reason="x")
    found = refusal(planners(), missing)
    assert (type(found), found.rule) == (NotFound, "unknown-project")


# --- value ------------------------------------------------------------------------------


def test_value_of_a_project_is_value_of_its_plan() -> None:
    """KAM-17."""
    office = working()
    office.ask_all(CLAIM, CORRECT, CONFIRM, WithdrawValueClaim(claim_id="v1", reason="x"))
    first, *rest = office.facts("value_claim-v1")
    assert isinstance(first, ValueClaimClaimed)
    assert (first.plan_id, first.project_id) == ("p1", "j1")
    assert [fact.NAME for fact in rest] == [
        "value_claim.corrected",
        "value_claim.confirmed",
        "value_claim.withdrawn",
    ]


@pytest.mark.parametrize(
    ("other", "kind", "rule", "field"),
    [
        ({"account_id": "none"}, NotFound, "unknown-account", "account_id"),
        ({"account_id": "other"}, Invalid, "other-account", "project_id"),
        ({"project_id": None}, Invalid, "claim-without-origin", "plan_id"),
        ({"project_id": "none"}, NotFound, "unknown-project", "project_id"),
        ({"plan_id": "none"}, NotFound, "unknown-plan", "plan_id"),
        (
            {"account_id": "other", "project_id": None, "plan_id": "p1"},
            Invalid,
            "other-account",
            "plan_id",
        ),
    ],
)
def test_value_belongs_to_what_exists(
    other: dict[str, Any], kind: type[Refusal], rule: str, field: str
) -> None:
    """KAM-17."""
    found = refusal(working(), CLAIM.model_copy(update=other))
    assert (type(found), found.rule, found.field) == (kind, rule, field)


@pytest.mark.parametrize("command", [CORRECT, CONFIRM])
def test_a_claim_that_is_named_exists(command: Command) -> None:
    assert refusal(working(), command).rule == "unknown-claim"
