"""People at customers, through the doors: what a client sees of them."""

import asyncio
from typing import Any, Final

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.examples.cast import ANN, UMA, VIC, WIM

pytestmark = pytest.mark.postgres

ASKED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("open-region", {"region_id": "north", "name": "North"}),
    (
        "hire-employee",
        {
            "employee_id": ANN,
            "name": "Ann Archer",
            "region_id": "north",
            "roles": ["sales_rep"],
        },
    ),
    (
        "draft-coverage-policy",
        {
            "region_id": "north",
            "document": {
                "minimum": [
                    {"role": "decision_maker", "contacts": 1},
                    {"role": "champion", "contacts": 1},
                ]
            },
        },
    ),
    (
        "activate-coverage-policy",
        {"region_id": "north", "version": 1, "effective_on": "2026-01-01"},
    ),
    ("register-account", {"account_id": "acme", "name": "Acme", "owner_id": ANN}),
    (
        "register-contact",
        {
            "contact_id": UMA,
            "account_id": "acme",
            "name": "Uma Ulrich",
            "email": "uma@acme.example",
            "title": "Head of Purchasing",
            "department": "Purchasing",
        },
    ),
    ("register-contact", {"contact_id": VIC, "account_id": "acme", "name": "Vic Vega"}),
    ("register-contact", {"contact_id": WIM, "account_id": "acme", "name": "V. Vega"}),
    ("change-contact-reports-to", {"contact_id": UMA, "reports_to": WIM}),
    ("change-contact-role", {"contact_id": WIM, "role": "decision_maker"}),
    ("assess-contact", {"contact_id": UMA, "influence": 3, "sentiment": 4}),
    ("establish-relationship", {"employee_id": ANN, "contact_id": UMA, "strength": 3}),
    ("establish-relationship", {"employee_id": ANN, "contact_id": VIC, "strength": 5}),
    ("merge-contact", {"contact_id": VIC, "into_id": WIM}),
)


async def carry_out(house: House, *asked: tuple[str, dict[str, Any]]) -> httpx.Response:
    """Each command through its door; the last answer."""
    async with house.client() as client:
        for number, (command, fields) in enumerate(asked):
            answer = await issue(client, command, f"{command}-{number}", **fields)
            assert answer.status_code == 200, answer.text
    return answer


def get(house: House, path: str, **headers: str) -> httpx.Response:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers=headers)

    return house.ask(question)


@pytest.fixture
def known(house: House) -> House:
    asyncio.run(carry_out(house, *ASKED))
    follow(house)
    return house


def test_the_relationship_map_tells_who_reports_to_whom_and_what_is_missing(known: House) -> None:
    """KAM-05, KAM-06: tree, role, influence, sentiment, relationships and coverage at once."""
    answer = get(known, "/v1/accounts/acme/relationship-map").json()
    assert answer["lag"] == 0
    top, uma = answer["people"]
    assert (top["contact_id"], top["level"], top["role"]) == (WIM, 0, "decision_maker")
    assert (top["name"], top["answers_for"]) == ("V. Vega", [VIC])
    assert [(one["contact_id"], one["strength"]) for one in top["relationships"]] == [(VIC, 5)]
    assert (uma["name"], uma["title"]) == ("Uma Ulrich", "Head of Purchasing")
    assert (uma["level"], uma["reports_to"]) == (1, WIM)
    assert (uma["influence"], uma["sentiment"]) == (3, 4)
    (ann,) = uma["relationships"]
    assert (ann["name"], ann["employed"], ann["strength"]) == ("Ann Archer", True, 3)
    assert answer["coverage"] == {
        "complete": False,
        "minimum": {"champion": 1, "decision_maker": 1},
        "missing": {"champion": 1},
        "policies": [{"region_id": "north", "version": 1, "effective_on": "2026-01-01"}],
    }


def test_the_map_of_a_day_before_is_there_and_that_of_no_account_is_not(known: House) -> None:
    path = "/v1/accounts/acme/relationship-map"
    before = get(known, f"{path}?as_of=2000-01-01")
    assert (before.status_code, before.json()["rule"]) == (404, "unknown-account")
    none = get(known, "/v1/accounts/none/relationship-map")
    assert (none.status_code, none.json()["rule"]) == (404, "unknown-account")
    early = get(known, f"{path}?known_at=2000-01-01T00:00:00Z")
    assert early.status_code == 404


def test_a_merged_contact_is_found_under_the_survivor_and_unmerged_it_is_back(
    known: House,
) -> None:
    """KAM-06: the version told is the survivor's, so that If-Match is about the same stream."""
    found = get(known, f"/v1/contacts/{VIC}")
    assert found.json()["item"]["contact_id"] == WIM
    listed = get(known, "/v1/contacts?account_id=acme").json()["items"]
    assert [one["contact_id"] for one in listed] == [UMA, WIM]

    async def change(client: httpx.AsyncClient) -> httpx.Response:
        headers = {"Idempotency-Key": "m", "If-Match": found.headers["ETag"]}
        body = {"contact_id": VIC, "role": "champion"}
        return await client.post("/v1/commands/change-contact-role", json=body, headers=headers)

    assert known.ask(change).json()["stream"] == f"contact-{WIM}"
    asyncio.run(carry_out(known, ("unmerge-contact", {"contact_id": VIC})))
    follow(known)
    assert get(known, f"/v1/contacts/{VIC}").json()["item"]["contact_id"] == VIC
    assert get(known, f"/v1/contacts/{WIM}").json()["item"]["role"] == "champion"


def test_contacts_are_listed_as_csv_page_by_page(known: House) -> None:
    path = "/v1/contacts?account_id=acme&limit=1"
    first = get(known, path, Accept="text/csv")
    header, uma = first.text.splitlines()
    told = dict(zip(header.split(","), uma.split(","), strict=True))
    assert (told["name"], told["email"]) == ("Uma Ulrich", "uma@acme.example")
    second = get(known, f"{path}&cursor={first.headers['Next']}", Accept="text/csv")
    assert second.text.splitlines()[1].startswith(WIM)
    assert get(known, "/v1/contacts?role=blocker").json()["items"] == []
    assert len(get(known, "/v1/contacts?active=true").json()["items"]) == 2


def test_a_circle_is_refused_with_its_rule(known: House) -> None:
    """KAM-05."""

    async def close_it(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, "change-contact-reports-to", "c", contact_id=VIC, reports_to=UMA)

    refused = known.ask(close_it)
    assert (refused.status_code, refused.json()["rule"]) == (422, "contact-cycle")


def test_who_was_erased_cannot_be_read_not_even_in_the_past(known: House) -> None:
    known_at = get(known, f"/v1/contacts/{UMA}").json()["item"]["known_from"]
    asyncio.run(carry_out(known, ("erase-contact", {"contact_id": UMA})))
    follow(known)
    known.system.keyring.erase(UMA)
    item = get(known, f"/v1/contacts/{UMA}").json()["item"]
    assert (item["name"], item["email"]) == ({"$erased": True}, {"$erased": True})
    assert (item["phone"], item["erased"], item["active"]) == (None, True, False)
    past = httpx.QueryParams(known_at=known_at)
    before = get(known, f"/v1/contacts/{UMA}?{past}").json()["item"]
    assert (before["name"], before["erased"]) == ({"$erased": True}, False)
    line = get(known, "/v1/contacts", Accept="text/csv").text.splitlines()[1]
    assert "$erased" in line
    (top,) = get(known, "/v1/accounts/acme/relationship-map").json()["people"]
    assert top["contact_id"] == WIM
