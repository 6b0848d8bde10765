"""Accounts: registered once, placed in their group of companies, given to an owner."""

from typing import Any

import pytest

from aggregates.accounts.account import ACCOUNT, change_details, change_owner, place, register
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.account import AccountOwnerChanged, AccountPlaced
from tests.examples.cast import ANN, BEA
from tests.examples.histories import GIVEN_AWAY, PLACED, REDESCRIBED, REGISTERED
from tests.given import given


def test_an_account_is_registered() -> None:
    given(ACCOUNT).when(register, fact=REGISTERED).then(REGISTERED)


def test_registering_it_just_so_again_changes_nothing_whatever_came_after() -> None:
    given(ACCOUNT, REGISTERED, PLACED, GIVEN_AWAY).when(register, fact=REGISTERED).then()


@pytest.mark.parametrize("other", [{"name": "Acme Inc."}, {"employees": 2823}, {"owner_id": BEA}])
def test_a_taken_id_is_refused(other: dict[str, Any]) -> None:
    fact = REGISTERED.model_copy(update=other)
    given(ACCOUNT, REGISTERED).when(register, fact=fact).then_refused(
        "account-already-registered", WrongState, field="account_id"
    )


def test_no_company_is_registered_as_its_own_parent() -> None:
    fact = REGISTERED.model_copy(update={"parent_id": "acme"})
    given(ACCOUNT).when(register, fact=fact).then_refused(
        "account-cycle", Invalid, field="parent_id"
    )


def test_an_account_is_placed_under_a_parent_company() -> None:
    given(ACCOUNT, REGISTERED).when(
        place, account_id="acme", parent_id="holding", above=("holding",)
    ).then(PLACED)


def test_an_account_is_placed_under_no_parent_company() -> None:
    given(ACCOUNT, REGISTERED, PLACED).when(
        place, account_id="acme", parent_id=None, above=()
    ).then(AccountPlaced(account_id="acme", parent_id=None))


def test_placing_it_where_it_is_changes_nothing() -> None:
    given(ACCOUNT, REGISTERED, PLACED).when(
        place, account_id="acme", parent_id="holding", above=("holding",)
    ).then()


def test_an_account_nobody_registered_cannot_be_placed() -> None:
    given(ACCOUNT).when(
        place, account_id="acme", parent_id="holding", above=("holding",)
    ).then_refused("unknown-account", NotFound, field="account_id")


def test_no_company_is_placed_under_itself() -> None:
    given(ACCOUNT, REGISTERED).when(
        place, account_id="acme", parent_id="acme", above=("acme",)
    ).then_refused("account-cycle", Invalid, field="parent_id")


def test_no_company_is_placed_under_what_belongs_to_it_however_deep() -> None:
    given(ACCOUNT, REGISTERED).when(
        place, account_id="acme", parent_id="workshop", above=("workshop", "plant", "acme")
    ).then_refused("account-cycle", Invalid, field="parent_id")


def test_an_account_is_given_to_another_owner_and_so_to_another_region() -> None:
    given(ACCOUNT, REGISTERED).when(
        change_owner, account_id="acme", owner_id=BEA, region_id="dach"
    ).then(GIVEN_AWAY)


def test_the_same_owner_may_have_it_for_another_region() -> None:
    given(ACCOUNT, REGISTERED).when(
        change_owner, account_id="acme", owner_id=ANN, region_id="dach"
    ).then(AccountOwnerChanged(account_id="acme", owner_id=ANN, region_id="dach"))


def test_the_owner_it_has_changes_nothing() -> None:
    given(ACCOUNT, REGISTERED).when(
        change_owner, account_id="acme", owner_id=ANN, region_id="emea"
    ).then()


def test_an_account_nobody_registered_has_no_owner() -> None:
    given(ACCOUNT).when(
        change_owner, account_id="acme", owner_id=BEA, region_id="dach"
    ).then_refused("unknown-account", NotFound, field="account_id")


def test_an_account_is_described_anew() -> None:
    """REG-01: what a region requires of an account can be told after it was registered."""
    given(ACCOUNT, REGISTERED).when(change_details, fact=REDESCRIBED).then(REDESCRIBED)
    given(ACCOUNT, REGISTERED, REDESCRIBED).when(register, fact=REGISTERED).then()
    as_registered = REDESCRIBED.model_copy(
        update={field: getattr(REGISTERED, field) for field in type(REDESCRIBED).model_fields}
    )
    given(ACCOUNT, REGISTERED).when(change_details, fact=as_registered).then()
    given(ACCOUNT, REGISTERED, REDESCRIBED).when(change_details, fact=as_registered).then(
        as_registered
    )


def test_an_account_that_is_not_there_is_not_described() -> None:
    given(ACCOUNT).when(change_details, fact=REDESCRIBED).then_refused(
        "unknown-account", NotFound, field="account_id"
    )
