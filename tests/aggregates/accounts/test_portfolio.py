"""KAM-32: what one employee looks after is handed over to another."""

from functools import partial

from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_team import ACCOUNT_TEAM
from aggregates.accounts.portfolio import (
    hand_over_account,
    hand_over_opportunity,
    hand_over_roles,
)
from aggregates.pipeline.opportunity import OPPORTUNITY
from aggregates.refusals import NotFound, WrongState
from events.accounts.account_team import AccountTeamMemberAssigned
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.histories import (
    ASSIGNED,
    BACKED,
    FOUND,
    GIVEN_AWAY,
    HANDED_ON,
    LOST,
    REGISTERED,
)
from tests.given import given

account = partial(hand_over_account, account_id="acme", from_id=ANN, to_id=BEA, region_id="dach")
opportunity = partial(
    hand_over_opportunity, opportunity_id="1C1I7A6R", from_id=ANN, to_id=BEA, region_id="dach"
)


def test_kam_32_an_account_is_handed_over() -> None:
    given(ACCOUNT, REGISTERED).when(account).then(GIVEN_AWAY)


def test_an_account_that_is_theirs_already_is_left_in_its_region() -> None:
    given(ACCOUNT, REGISTERED, GIVEN_AWAY).when(account, region_id="apac").then()


def test_an_account_of_somebody_else_is_refused() -> None:
    given(ACCOUNT, REGISTERED).when(account, from_id=CARL).then_refused(
        "not-in-portfolio", WrongState, field="account_ids"
    )


def test_an_account_of_nobody_is_refused() -> None:
    nobodys = REGISTERED.model_copy(update={"owner_id": None})
    given(ACCOUNT, nobodys).when(account).then_refused(
        "not-in-portfolio", WrongState, field="account_ids"
    )


def test_an_account_nobody_registered_is_not_found() -> None:
    given(ACCOUNT).when(account).then_refused("unknown-account", NotFound, field="account_ids")


def test_kam_32_an_open_opportunity_is_handed_over() -> None:
    given(OPPORTUNITY, FOUND).when(opportunity).then(HANDED_ON)


def test_an_opportunity_that_is_theirs_already_is_left_in_its_region() -> None:
    given(OPPORTUNITY, FOUND, HANDED_ON).when(opportunity, region_id="apac").then()


def test_an_opportunity_of_somebody_else_is_refused() -> None:
    given(OPPORTUNITY, FOUND).when(opportunity, from_id=CARL).then_refused(
        "not-in-portfolio", WrongState, field="opportunity_ids"
    )


def test_a_closed_opportunity_stays_where_it_was() -> None:
    given(OPPORTUNITY, FOUND, LOST).when(opportunity).then_refused(
        "opportunity-closed", WrongState, field="opportunity_ids"
    )


def test_an_opportunity_nobody_opened_is_not_found() -> None:
    given(OPPORTUNITY).when(opportunity).then_refused(
        "unknown-opportunity", NotFound, field="opportunity_ids"
    )


def test_kam_32_every_role_in_a_team_is_handed_over_and_no_other() -> None:
    both = AccountTeamMemberAssigned(account_id="acme", role="delivery_expert", employee_id=BEA)
    given(ACCOUNT_TEAM, ASSIGNED, BACKED, both).when(
        hand_over_roles, account_id="acme", from_id=BEA, to_id=ANN
    ).then(
        AccountTeamMemberAssigned(account_id="acme", role="solution_architect", employee_id=ANN),
        AccountTeamMemberAssigned(account_id="acme", role="delivery_expert", employee_id=ANN),
    )


def test_who_has_no_role_hands_none_over() -> None:
    given(ACCOUNT_TEAM, BACKED).when(
        hand_over_roles, account_id="acme", from_id=BEA, to_id=ANN
    ).then()
