"""What the whole account needs from elsewhere: lifecycle, team members, both ends of a link."""

from datetime import date
from typing import Any, Final

import pytest
from pydantic import ValidationError

from aggregates.refusals import Invalid, NotFound, Refusal, WrongState
from commands.accounts.account import ChangeAccountOwner, ReassignPortfolio, RegisterAccount
from commands.accounts.account_link import LinkAccounts
from commands.accounts.account_stage import MoveAccountStage, RecordAccountCheck
from commands.accounts.account_team import AssignTeamMember, ReleaseTeamMember
from commands.accounts.customer_goal import LinkCustomerGoal, StateCustomerGoal
from commands.accounts.solution_document import PublishSolutionDocument
from commands.accounts.strategic_objective import DropStrategicObjective, StateStrategicObjective
from commands.command import Command
from commands.organization.employee import RecordEmployeeLeft
from commands.pipeline.opportunity import AdvanceOpportunity, LoseOpportunity
from commands.policies.account_lifecycle import ActivateAccountLifecycle, DraftAccountLifecycle
from events.accounts.account import AccountOwnerChanged
from events.policies.account_lifecycle import AccountLifecycle
from tests.commands.company import OPEN, company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA, FOUR_STAGES, lifecycle

NONE: Final = "99999999-9999-4999-8999-999999999999"
LOCAL: Final = RegisterAccount(account_id="local", name="Local", owner_id=ANN)
"""Ann's, and so in the region dach."""
CHECK: Final = RecordAccountCheck(
    account_id="local", check_id="market_intelligence", result="growing"
)


def refusal(office: Office, command: Command, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command, **asked)
    return refused.value


def followed(region: str, document: AccountLifecycle = FOUR_STAGES) -> tuple[Command, Command]:
    """The region's first lifecycle, in force."""
    return (
        DraftAccountLifecycle(region_id=region, document=document),
        ActivateAccountLifecycle(region_id=region, version=1, effective_on=date(2026, 1, 1)),
    )


# --- the lifecycle -------------------------------------------------------------------


def test_an_account_follows_the_lifecycle_of_the_nearest_region_and_says_which() -> None:
    office = company(
        LOCAL,
        *followed("world"),
        *followed(
            "emea",
            lifecycle(
                identification="market_intelligence background_check needs_interview credit_check",
                penetration="value_proposition",
                lock_in="",
                ecosystem="",
            ),
        ),
    )
    office.ask(RecordAccountCheck(account_id="local", check_id="credit_check", result="good"))
    assert office.policies("account_stage-local") == {"account_lifecycle-emea": 1}


def test_kam_13_the_first_stage_is_left_once_its_three_checks_are_recorded() -> None:
    office = company(LOCAL, *followed("world"))
    move = MoveAccountStage(account_id="local", to_stage="penetration")
    for check in ("market_intelligence", "background_check", "needs_interview"):
        refused = refusal(office, move)
        assert (type(refused), refused.rule) == (WrongState, "checks-missing")
        assert check in refused.detail
        office.ask(RecordAccountCheck(account_id="local", check_id=check, result="done"))
    assert office.ask(move).version == 4


@pytest.mark.parametrize("command", [CHECK, MoveAccountStage(account_id="local", to_stage="x")])
def test_an_account_without_a_lifecycle_stays_where_it_is(command: Command) -> None:
    refused = refusal(company(LOCAL), command)
    assert (type(refused), refused.rule) == (WrongState, "no-account-lifecycle")


def test_an_account_without_a_region_has_no_lifecycle() -> None:
    check = CHECK.model_copy(update={"account_id": "acme"})
    refused = refusal(company(*followed("world")), check)
    assert (type(refused), refused.rule) == (WrongState, "account-without-region")


def test_a_region_does_not_weaken_the_lifecycle_above() -> None:
    draft, activate = followed("dach", lifecycle(identification="", penetration=""))
    refused = refusal(company(*followed("world"), draft), activate)
    assert (type(refused), refused.rule) == (Invalid, "weaker-than-parent")


# --- what is named exists --------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        (CHECK.model_copy(update={"account_id": "none"}), "unknown-account", "account_id"),
        (
            AssignTeamMember(account_id="none", role="delivery_expert", employee_id=ANN),
            "unknown-account",
            "account_id",
        ),
        (
            AssignTeamMember(account_id="acme", role="delivery_expert", employee_id=NONE),
            "unknown-employee",
            "employee_id",
        ),
        (
            ReleaseTeamMember(account_id="none", role="delivery_expert"),
            "unknown-account",
            "account_id",
        ),
        (
            StateCustomerGoal(goal_id="g", account_id="none", title="Grow"),
            "unknown-account",
            "account_id",
        ),
        (LinkCustomerGoal(goal_id="g", objective_id="none"), "unknown-objective", "objective_id"),
        (
            StateStrategicObjective(objective_id="o", title="Grow", region_id="none"),
            "unknown-region",
            "region_id",
        ),
        (
            PublishSolutionDocument(
                document_id="d", account_id="none", title="T", uri="urn:t", media_type="text/plain"
            ),
            "unknown-account",
            "account_id",
        ),
        (
            DraftAccountLifecycle(region_id="none", document=FOUR_STAGES),
            "unknown-region",
            "region_id",
        ),
    ],
)
def test_what_is_named_exists(command: Command, rule: str, field: str) -> None:
    refused = refusal(company(), command)
    assert (type(refused), refused.rule, refused.field) == (NotFound, rule, field)


@pytest.mark.parametrize(
    ("account", "other", "field"), [("none", "acme", "account_id"), ("acme", "none", "other_id")]
)
def test_kam_28_both_ends_of_a_link_exist(account: str, other: str, field: str) -> None:
    link = LinkAccounts(
        link_id="l",
        account_id=account,
        other_id=other,
        kind="joint_venture",
        from_on=date(2020, 1, 1),
    )
    refused = refusal(company(), link)
    assert (type(refused), refused.rule, refused.field) == (NotFound, "unknown-account", field)


def test_kam_07_a_goal_is_not_linked_to_what_we_have_dropped() -> None:
    office = company(
        StateCustomerGoal(goal_id="g", account_id="acme", title="Grow"),
        StateStrategicObjective(objective_id="o", title="Grow too"),
        DropStrategicObjective(objective_id="o"),
    )
    refused = refusal(office, LinkCustomerGoal(goal_id="g", objective_id="o"))
    assert (type(refused), refused.rule) == (WrongState, "objective-dropped")


# --- the team --------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["account_manager", "executive_sponsor"])
def test_who_has_left_joins_no_team(role: Any) -> None:
    assign = AssignTeamMember(account_id="acme", role=role, employee_id=DORA)
    refused = refusal(company(), assign)
    assert (type(refused), refused.rule) == (WrongState, "employee-not-active")


def test_the_account_manager_is_the_owner_and_takes_the_account_to_their_region() -> None:
    office = company(LOCAL)
    assign = AssignTeamMember(account_id="local", role="account_manager", employee_id=CARL)
    assert office.ask(assign).stream == "account-local"
    (_, fact) = office.facts("account-local")
    assert fact == AccountOwnerChanged(account_id="local", owner_id=CARL, region_id="apac")
    assert office.facts("account_team-local") == []


# --- handing over ------------------------------------------------------------------------

HAND_OVER: Final = ReassignPortfolio(
    from_id=ANN,
    to_id=CARL,
    account_ids=("local",),
    opportunity_ids=("o1",),
    team_account_ids=("acme",),
)
BUSY_ANN: Final = (
    LOCAL,
    OPEN,
    AssignTeamMember(account_id="acme", role="delivery_expert", employee_id=ANN),
)


def test_kam_32_everything_is_handed_over_in_one_act_also_by_who_has_left() -> None:
    office = company(*BUSY_ANN, RecordEmployeeLeft(employee_id=ANN))
    receipt = office.ask(HAND_OVER)
    assert [ref.name for ref in receipt.events] == [
        "account.owner_changed",
        "opportunity.reassigned",
        "account.team_member_assigned",
    ]
    moved = [office.facts(stream)[-1] for stream in ("account-local", "opportunity-o1")]
    assert [(fact.wire()["owner_id"], fact.wire()["region_id"]) for fact in moved] == [
        (CARL, "apac"),
        (CARL, "apac"),
    ]
    assert office.ask(HAND_OVER).events == ()


def test_kam_32_what_is_handed_over_stays_in_a_region_that_is_named() -> None:
    office = company(*BUSY_ANN)
    office.ask(HAND_OVER.model_copy(update={"region_id": "dach"}))
    assert office.facts("opportunity-o1")[-1].wire()["region_id"] == "dach"
    refused = refusal(office, HAND_OVER.model_copy(update={"region_id": "none"}))
    assert refused.rule == "unknown-region"


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (LoseOpportunity(opportunity_id="o1", reason="price"), "opportunity-closed"),
        (ChangeAccountOwner(account_id="local", owner_id=BEA), "not-in-portfolio"),
    ],
)
def test_kam_32_all_of_it_is_handed_over_or_nothing(spoil: Command, rule: str) -> None:
    office = company(*BUSY_ANN, spoil)
    streams = ("account-local", "opportunity-o1", "account_team-acme")
    before = [len(office.facts(stream)) for stream in streams]
    assert refusal(office, HAND_OVER).rule == rule
    assert [len(office.facts(stream)) for stream in streams] == before


def test_kam_32_what_somebody_else_did_meanwhile_is_seen() -> None:
    office = company(*BUSY_ANN)
    office.ask(AdvanceOpportunity(opportunity_id="o1", to_stage="engaging"))
    office.neighbour().ask(LoseOpportunity(opportunity_id="o1", reason="price"))
    assert refusal(office, HAND_OVER).rule == "opportunity-closed"


@pytest.mark.parametrize(
    ("fields", "kind", "rule", "field"),
    [
        ({"from_id": NONE}, NotFound, "unknown-employee", "from_id"),
        ({"to_id": NONE}, NotFound, "unknown-employee", "to_id"),
        ({"to_id": DORA}, WrongState, "employee-not-active", "to_id"),
        ({"to_id": ANN}, Invalid, "same-employee", "to_id"),
    ],
)
def test_who_hands_over_is_known_and_who_takes_over_works_here(
    fields: dict[str, str], kind: type[Refusal], rule: str, field: str
) -> None:
    refused = refusal(company(*BUSY_ANN), HAND_OVER.model_copy(update=fields))
    assert (type(refused), refused.rule, refused.field) == (kind, rule, field)


@pytest.mark.parametrize(("count", "allowed"), [(0, False), (1, True), (500, True), (501, False)])
def test_one_to_five_hundred_records_are_handed_over_at_once(count: int, allowed: bool) -> None:
    ids = tuple(f"a{number}" for number in range(count))
    if allowed:
        assert ReassignPortfolio(from_id=ANN, to_id=BEA, account_ids=ids).account_ids == ids
        return
    with pytest.raises(ValidationError, match="name 1 to 500 records"):
        ReassignPortfolio(from_id=ANN, to_id=BEA, account_ids=ids)
