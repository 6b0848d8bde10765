"""What opportunities need from elsewhere: an owner, an account, a product, a sales process."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal, WrongState
from commands.accounts.account import ChangeAccountOwner, RegisterAccount
from commands.command import Command
from commands.organization.employee import MoveEmployee, RecordEmployeeLeft
from commands.organization.region import MoveRegion
from commands.pipeline.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    ReopenOpportunity,
    WinOpportunity,
)
from commands.pipeline.product import RetireProduct
from commands.policies.sales_process import ActivateSalesProcess, DraftSalesProcess
from events.pipeline.opportunity import OpportunityOpened, OpportunityReassigned
from tests.commands.company import OPEN, company
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA, LOOSE, STRICT, process, usd

NONE: Final = "99999999-9999-4999-8999-999999999999"
STREAM: Final = "opportunity-o1"
ADVANCE: Final = AdvanceOpportunity(opportunity_id="o1", to_stage="engaging")


def opened(office: Office) -> OpportunityOpened:
    first = office.facts(STREAM)[0]
    assert isinstance(first, OpportunityOpened)
    return first


def refusal(office: Office, command: Command, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command, **asked)
    return refused.value


def other(**fields: Any) -> OpenOpportunity:
    """Open it otherwise."""
    return OPEN.model_copy(update=fields)


def drafted(region: str, *versions: Any) -> tuple[Command, ...]:
    return tuple(DraftSalesProcess(region_id=region, document=found) for found in versions)


def activated(region: str, version: int, year: int) -> ActivateSalesProcess:
    return ActivateSalesProcess(region_id=region, version=version, effective_on=date(year, 1, 1))


# --- what it needs --------------------------------------------------------------


def test_it_is_opened_at_the_first_stage_and_in_the_region_of_its_owner() -> None:
    office = company(OPEN)
    assert (opened(office).stage, opened(office).region_id) == ("prospecting", "dach")
    assert not opened(office).engaged


def test_it_is_opened_in_the_region_that_is_named() -> None:
    assert opened(company(other(region_id="apac"))).region_id == "apac"


def test_it_may_belong_to_no_account() -> None:
    assert opened(company(other(account_id=None))).account_id is None


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"account_id": "none"}, "unknown-account", "account_id"),
        ({"product_id": "none"}, "unknown-product", "product_id"),
        ({"owner_id": NONE}, "unknown-employee", "owner_id"),
        ({"region_id": "none"}, "unknown-region", "region_id"),
    ],
)
def test_what_it_names_exists(fields: dict[str, str], rule: str, field: str) -> None:
    refused = refusal(company(), other(**fields))
    assert (type(refused), refused.rule, refused.field) == (NotFound, rule, field)


def test_a_retired_product_is_not_sold() -> None:
    refused = refusal(company(RetireProduct(product_id="gtx")), OPEN)
    assert (type(refused), refused.rule) == (WrongState, "product-retired")


# --- its owner ------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        other(owner_id=DORA),
        ReassignOpportunity(opportunity_id="o2", owner_id=DORA),
        ReassignOpportunity(opportunity_id="o2", owner_id=DORA, region_id="apac"),
        ChangeAccountOwner(account_id="acme", owner_id=DORA),
        ChangeAccountOwner(account_id="acme", owner_id=DORA, region_id="apac"),
        RegisterAccount(account_id="new", name="New", owner_id=DORA),
        RegisterAccount(account_id="new", name="New", owner_id=DORA, region_id="apac"),
    ],
)
def test_who_has_left_owns_nothing_new_whether_a_region_is_named_or_not(
    command: Command,
) -> None:
    refused = refusal(company(other(opportunity_id="o2")), command)
    assert (type(refused), refused.rule, refused.field) == (
        WrongState,
        "employee-not-active",
        "owner_id",
    )


def test_an_owner_who_leaves_at_the_same_time_is_seen() -> None:
    """Another process recorded it; what this one remembers does not count."""
    office = company()
    office.ask(OPEN)
    office.neighbour().ask(RecordEmployeeLeft(employee_id=ANN))
    assert refusal(office, other(opportunity_id="o2")).rule == "employee-not-active"


def test_what_who_has_left_owns_goes_on() -> None:
    office = company(OPEN, RecordEmployeeLeft(employee_id=ANN))
    assert office.ask(ADVANCE).version == 2


def test_it_is_given_away_into_the_region_of_its_new_owner() -> None:
    office = company(OPEN, ReassignOpportunity(opportunity_id="o1", owner_id=CARL))
    (_, fact) = office.facts(STREAM)
    assert isinstance(fact, OpportunityReassigned)
    assert (fact.owner_id, fact.region_id) == (CARL, "apac")


def test_it_is_given_away_into_no_region_there_is_not() -> None:
    give = ReassignOpportunity(opportunity_id="o1", owner_id=BEA, region_id="none")
    assert refusal(company(OPEN), give).rule == "unknown-region"


def test_the_region_is_the_one_decided_at_the_time() -> None:
    office = company(OPEN, MoveEmployee(employee_id=ANN, region_id="apac"))
    assert opened(office).region_id == "dach"


def test_a_closed_one_is_reopened_before_it_is_given_away() -> None:
    lose = LoseOpportunity(opportunity_id="o1", reason="price")
    office = company(OPEN, lose, RecordEmployeeLeft(employee_id=ANN))
    give = ReassignOpportunity(opportunity_id="o1", owner_id=BEA)
    assert refusal(office, give).rule == "opportunity-closed"
    office.ask_all(ReopenOpportunity(opportunity_id="o1"), give)
    assert len(office.facts(STREAM)) == 4


# --- its sales process ----------------------------------------------------------


def test_no_opportunity_is_opened_where_there_is_no_sales_process() -> None:
    refused = refusal(company(process=False), OPEN)
    assert (type(refused), refused.rule, refused.field) == (
        WrongState,
        "no-sales-process",
        "region_id",
    )


def test_a_draft_is_not_followed() -> None:
    office = company(*drafted("dach", STRICT), process=False)
    assert refusal(office, OPEN).rule == "no-sales-process"


def test_a_region_follows_the_nearest_process_above() -> None:
    office = company(OPEN)
    assert office.policies(STREAM) == {"sales_process-world": 1}


def test_a_region_with_a_process_of_its_own_follows_that() -> None:
    more = process("prospecting", "engaging", "offered", "signed")
    office = company(*drafted("emea", more), activated("emea", 1, 2026), OPEN)
    assert office.policies(STREAM) == {"sales_process-emea": 1}
    apart = company(*drafted("apac", more), activated("apac", 1, 2026), OPEN)
    assert apart.policies(STREAM) == {"sales_process-world": 1}


def test_a_region_that_was_moved_follows_what_is_above_it_now() -> None:
    more = process("lead", "prospecting", "engaging", "offered")
    office = company(*drafted("apac", more), activated("apac", 1, 2026))
    office.ask(MoveRegion(region_id="dach", parent_id="apac"))
    office.ask(OPEN)
    assert opened(office).stage == "lead"
    assert office.policies(STREAM) == {"sales_process-apac": 1}


@pytest.mark.parametrize(
    ("year", "version", "may_skip"), [(1990, 1, False), (2026, 1, False), (2027, 2, True)]
)
def test_what_holds_is_what_held_on_the_business_date(
    year: int, version: int, may_skip: bool
) -> None:
    """The first version holds from the beginning; the second from its day on."""
    office = company(*drafted("world", LOOSE), activated("world", 2, 2027))
    at_the_end = OpenOpportunity(
        opportunity_id="o1", product_id="gtx", owner_id=ANN, stage="offered"
    )
    first_day = datetime(year, 1, 1, tzinfo=UTC)
    late = datetime(2028, 1, 1, tzinfo=UTC)
    if may_skip:
        office.ask(at_the_end, now=late, occurred_at=first_day)
        assert office.policies(STREAM) == {"sales_process-world": version}
    else:
        refused = refusal(office, at_the_end, now=late, occurred_at=first_day)
        assert (type(refused), refused.rule) == (Invalid, "stage-skipped")


def test_the_day_before_a_version_holds_the_one_before_does() -> None:
    office = company(*drafted("world", LOOSE), activated("world", 2, 2027))
    late = datetime(2028, 1, 1, tzinfo=UTC)
    last_moment = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    office.ask(OPEN, now=late, occurred_at=last_moment)
    assert office.policies(STREAM) == {"sales_process-world": 1}


def test_a_stage_is_not_skipped_and_the_last_one_is_won() -> None:
    office = company(OPEN)
    skip = AdvanceOpportunity(opportunity_id="o1", to_stage="offered")
    assert refusal(office, skip).rule == "stage-skipped"
    assert refusal(office, WinOpportunity(opportunity_id="o1")).rule == "stage-skipped"
    office.ask_all(ADVANCE, skip, WinOpportunity(opportunity_id="o1", amount=usd(90_00)))
    assert len(office.facts(STREAM)) == 4


@pytest.mark.parametrize(
    "command",
    [
        ADVANCE,
        WinOpportunity(opportunity_id="o1"),
        LoseOpportunity(opportunity_id="o1", reason="price"),
        ReopenOpportunity(opportunity_id="o1"),
        ReassignOpportunity(opportunity_id="o1", owner_id=BEA),
    ],
)
def test_nothing_is_done_with_what_nobody_opened(command: Command) -> None:
    refused = refusal(company(), command)
    assert (type(refused), refused.rule) == (NotFound, "unknown-opportunity")


# --- processes of regions below others ------------------------------------------


@pytest.mark.parametrize(
    "weaker", [LOOSE, process("prospecting", "offered"), process("engaging", "prospecting")]
)
def test_a_region_does_not_weaken_what_those_above_have(weaker: Any) -> None:
    office = company(*drafted("dach", weaker))
    refused = refusal(office, activated("dach", 1, 2026))
    assert (type(refused), refused.rule) == (Invalid, "weaker-than-parent")


def test_a_region_is_measured_against_what_holds_above_on_that_day() -> None:
    loose_first = (
        *drafted("world", LOOSE, STRICT),
        activated("world", 1, 2026),
        activated("world", 2, 2027),
        *drafted("dach", LOOSE),
    )
    office = company(*loose_first, process=False)
    assert refusal(office, activated("dach", 1, 2027)).rule == "weaker-than-parent"
    assert office.ask(activated("dach", 1, 2026)).version == 2


def test_a_region_may_do_as_it_likes_where_nothing_is_set_above() -> None:
    office = company(*drafted("dach", LOOSE), process=False)
    assert office.ask(activated("dach", 1, 2026)).version == 2


@pytest.mark.parametrize("command", [*drafted("none", STRICT), activated("none", 1, 2026)])
def test_only_a_region_that_exists_has_a_process(command: Command) -> None:
    assert refusal(company(), command).rule == "unknown-region"
