"""KAM-28: links between companies are of a kind and have their days."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from aggregates.accounts.account_link import ACCOUNT_LINK, link_accounts, unlink_accounts
from aggregates.refusals import Invalid, NotFound, WrongState
from tests.examples.histories import LINKED, UNLINKED
from tests.given import given

FIRST, BEFORE = date(2020, 1, 1), date(2019, 12, 31)

unlink = partial(unlink_accounts, link_id="l1")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"share_bp": 1},
        {"share_bp": 10_000},
        {"kind": "joint_venture", "share_bp": None},
        {"kind": "joint_venture", "share_bp": 5_000},
        {"kind": "third_party_investment", "share_bp": None},
        {"until_on": FIRST},
    ],
)
def test_kam_28_accounts_are_linked(fields: dict[str, Any]) -> None:
    fact = LINKED.model_copy(update=fields)
    given(ACCOUNT_LINK).when(link_accounts, fact=fact).then(fact)


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"other_id": "acme"}, "account-linked-to-itself", "other_id"),
        ({"share_bp": None}, "share-missing", "share_bp"),
        ({"until_on": BEFORE}, "link-ends-before-it-begins", "until_on"),
    ],
)
def test_kam_28_a_link_that_cannot_be_is_refused(
    fields: dict[str, Any], rule: str, field: str
) -> None:
    fact = LINKED.model_copy(update=fields)
    given(ACCOUNT_LINK).when(link_accounts, fact=fact).then_refused(rule, Invalid, field=field)


def test_a_taken_link_id_is_refused() -> None:
    given(ACCOUNT_LINK, LINKED).when(
        link_accounts, fact=LINKED.model_copy(update={"share_bp": 2_600})
    ).then_refused("link-already-recorded", WrongState, field="link_id")


def test_linking_just_so_again_changes_nothing_also_after_its_end() -> None:
    given(ACCOUNT_LINK, LINKED, UNLINKED).when(link_accounts, fact=LINKED).then()


def test_the_last_day_becomes_known() -> None:
    given(ACCOUNT_LINK, LINKED).when(unlink, until_on=UNLINKED.until_on).then(UNLINKED)


def test_the_last_day_is_corrected() -> None:
    given(ACCOUNT_LINK, LINKED, UNLINKED).when(unlink, until_on=FIRST).then(
        UNLINKED.model_copy(update={"until_on": FIRST})
    )


def test_a_link_does_not_end_before_its_first_day() -> None:
    given(ACCOUNT_LINK, LINKED).when(unlink, until_on=BEFORE).then_refused(
        "link-ends-before-it-begins", Invalid, field="until_on"
    )


def test_a_link_nobody_recorded_does_not_end() -> None:
    given(ACCOUNT_LINK).when(unlink, until_on=FIRST).then_refused(
        "unknown-link", NotFound, field="link_id"
    )
