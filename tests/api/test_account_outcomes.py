"""Outcomes over HTTP: who records them, how they are listed, and what may not be recorded."""

import csv
from typing import Any, Final

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.api.warnings import asked, company, day_ago, told

pytestmark = pytest.mark.postgres

LOST: Final = {
    "outcome_id": "x1",
    "account_id": "acme",
    "outcome": "churned",
    "occurred_on": day_ago(10),
    "reason": "they went to Globex",
}


async def ended(client: httpx.AsyncClient) -> None:
    """Acme was lost, and so was a renewal, which was a mistake."""
    await company(client)
    await told(client, "record-account-outcome", **LOST)
    other = {"outcome_id": "x2", "outcome": "renewal_lost"}
    await told(client, "record-account-outcome", **LOST | other)
    await told(client, "withdraw-account-outcome", outcome_id="x2", reason="it was renewed")


@pytest.fixture
def lost(house: House) -> House:
    house.ask(ended)
    follow(house)
    return house


def items(house: House, query: str = "") -> list[Any]:
    found: list[Any] = asked(house, f"/v1/account-outcomes?{query}").json()["items"]
    return found


def test_outcomes_are_listed_until_they_are_withdrawn(lost: House) -> None:
    (only,) = items(lost)
    assert {name: only[name] for name in LOST} == LOST
    assert (only["contract_id"], only["version"], only["known_to"]) == (None, 1, None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("account=acme&kind=churned&region=emea", 1),
        ("kind=renewal_lost", 0),
        ("account=none", 0),
        ("region=none", 0),
        (f"as_of={day_ago(10)}", 1),
        (f"as_of={day_ago(11)}", 0),
        ("known_at=2020-01-01T00:00:00Z", 0),
    ],
)
def test_outcomes_are_found_by_what_is_asked(lost: House, query: str, found: int) -> None:
    assert len(items(lost, query)) == found


def test_one_outcome_is_told_also_when_it_was_withdrawn(lost: House) -> None:
    answer = asked(lost, "/v1/account-outcomes/x2")
    item = answer.json()["item"]
    assert (item["withdrawn"], item["reason"]) == (True, "it was renewed")
    assert answer.headers["ETag"] == '"2"'
    assert asked(lost, "/v1/account-outcomes/none").json()["rule"] == "unknown-outcome"


def test_outcomes_are_answered_as_csv(lost: House) -> None:
    text = asked(lost, "/v1/account-outcomes", accept="text/csv").text
    (row,) = csv.DictReader(text.splitlines())
    assert (row["outcome_id"], row["outcome"]) == ("x1", "churned")


def test_the_whole_account_tells_how_it_ended(lost: House) -> None:
    def part(query: str = "") -> Any:
        return asked(lost, f"/v1/accounts/acme{query}").json()["outcomes"]

    assert [one["outcome_id"] for one in part()["latest"]] == ["x1"]
    assert part()["more"] == "/v1/account-outcomes?account=acme"
    assert part(f"?as_of={day_ago(11)}")["count"] == 0


def test_the_audit_trail_tells_both_facts(lost: House) -> None:
    trail = asked(lost, "/v1/audit-trail?record=account_outcome-x2").json()["items"]
    assert {one["name"] for one in trail} == {
        "account_outcome.recorded",
        "account_outcome.withdrawn",
    }


@pytest.mark.parametrize(
    ("fields", "rule", "status"),
    [
        ({"outcome": "expanded"}, "invalid-body", 422),
        ({"occurred_on": day_ago(-2)}, "day-in-the-future", 422),
        ({"account_id": "none"}, "unknown-account", 404),
        ({"contract_id": "none"}, "unknown-contract", 404),
        ({"outcome_id": "x1", "reason": "another"}, "outcome-already-recorded", 409),
    ],
)
def test_what_is_wrong_is_named(
    lost: House, fields: dict[str, Any], rule: str, status: int
) -> None:
    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(
            client, "record-account-outcome", "bad", **LOST | {"outcome_id": "x9"} | fields
        )

    answer = lost.ask(ask)
    assert (answer.json()["rule"], answer.status_code) == (rule, status)


def test_a_rep_records_what_became_of_their_own_accounts_only(lost: House) -> None:
    async def rest(client: httpx.AsyncClient) -> None:
        await told(client, "register-account", account_id="zenith", name="Zenith")

    lost.ask(rest)
    follow(lost)

    async def ask(_: httpx.AsyncClient) -> list[tuple[int, str | None]]:
        async with lost.client("kl_ann_s") as client:
            answers = [
                await issue(
                    client,
                    "record-account-outcome",
                    f"ann-{account}",
                    **LOST | {"outcome_id": f"x-{account}", "account_id": account},
                )
                for account in ("acme", "zenith")
            ]
        return [(one.status_code, one.json().get("rule")) for one in answers]

    assert lost.ask(ask) == [(200, None), (404, "unknown-account")]
