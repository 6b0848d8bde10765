"""Grants over HTTP: what they open, until when, to whom they are shown, and hand-overs."""

from datetime import timedelta

import httpx
import pytest

from runtime.composition import clock
from tests.api.conftest import House
from tests.api.following import follow
from tests.api.sellers import carry, granted, seen, staffed, told
from tests.examples.cast import ANN, BEA, CARL

pytestmark = pytest.mark.postgres


@pytest.fixture
def company(house: House) -> House:
    house.ask(staffed)
    follow(house)
    return house


def test_everybody_sees_their_own(company: House) -> None:
    assert seen(company, "ann") == ["acme", "bolt"]
    assert seen(company, "bea") == ["acme", "bolt"]
    assert seen(company, "carl") == ["coil"]


def test_a_grant_opens_an_account_or_a_region_on_its_last_day_too(company: House) -> None:
    granted(company, "one", account_id="acme")
    assert seen(company, "carl") == ["acme", "coil"]
    granted(company, "all", region_id="north")
    assert seen(company, "carl") == ["acme", "bolt", "coil"]
    carry(company, "revoke-access", grant_id="all", reason="done")
    assert seen(company, "carl") == ["acme", "coil"]


def test_a_grant_that_is_over_opens_nothing(company: House) -> None:
    yesterday = str(clock().date() - timedelta(days=1))

    async def run(client: httpx.AsyncClient) -> None:
        given = {"grant_id": "old", "employee_id": CARL, "account_id": "acme"}
        body = {**given, "until_on": yesterday, "reason": "covered", "occurred_at": yesterday}
        await told(client, "grant-access", "old", **body)

    company.ask(run)
    follow(company)
    assert seen(company, "carl") == ["coil"]
    assert seen(company, "carl", "/v1/access-grants", "grant_id") == ["old"]
    assert seen(company, "carl", "/v1/access-grants?holding=true", "grant_id") == []


def test_grants_are_shown_to_whom_they_are_for_and_who_manages_them(company: House) -> None:
    granted(company, "g", account_id="acme")
    granted(company, "h", employee_id=ANN, account_id="coil")
    path, name = "/v1/access-grants", "grant_id"
    assert seen(company, "carl", path, name) == ["g"]
    assert seen(company, "ann", path, name) == ["h"]
    assert seen(company, "bea", path, name) == []
    carry(company, "change-employee-manager", employee_id=ANN, manager_id=BEA)
    assert seen(company, "bea", path, name) == ["h"]


def test_after_a_hand_over_the_one_before_sees_nothing_and_the_next_the_past_too(
    company: House,
) -> None:
    """Authority is as things stand now, whatever day is asked about."""
    day = str(clock().date())
    carry(company, "change-account-owner", account_id="acme", owner_id=CARL)
    for path in ("/v1/accounts", f"/v1/accounts?as_of={day}", "/v1/accounts?as_of=9000-01-01"):
        assert "acme" not in seen(company, "ann", path)
        assert "acme" in seen(company, "carl", path)
    acts = seen(company, "ann", "/v1/audit-trail?record=account-acme", "name")
    assert (acts, len(seen(company, "carl", "/v1/audit-trail?record=account-acme", "name"))) == (
        [],
        2,
    )
