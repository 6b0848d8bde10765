"""Interactions through the doors: the timeline, follow-ups, depth, frequency and silence."""

import asyncio
import csv
from typing import Any, Final

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.examples.cast import ANN, BEA, UMA, VIC, WIM
from tests.examples.histories import DEPTH

pytestmark = pytest.mark.postgres

LONG_AGO: Final = "2015-01-01"


def logged(interaction_id: str, on: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return (
        "log-interaction",
        {
            "interaction_id": interaction_id,
            "account_id": "acme",
            "kind": "executive_visit",
            "subject": "Plans",
            "employee_ids": [ANN],
            "contact_ids": [UMA],
            "occurred_at": on,
            **fields,
        },
    )


def person(contact_id: str) -> tuple[str, dict[str, Any]]:
    return (
        "register-contact",
        {
            "contact_id": contact_id,
            "account_id": "acme",
            "name": "Somebody",
            "occurred_at": LONG_AGO,
        },
    )


def hired(employee_id: str) -> tuple[str, dict[str, Any]]:
    return (
        "hire-employee",
        {
            "employee_id": employee_id,
            "name": "Somebody",
            "region_id": "north",
            "roles": ["sales_rep"],
            "occurred_at": LONG_AGO,
        },
    )


FOLLOW_UP: Final = {
    "follow_up_id": "f1",
    "text": "Send the plan",
    "owner_id": ANN,
    "due_on": "2026-03-20",
}
ASKED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("open-region", {"region_id": "world", "name": "World", "occurred_at": LONG_AGO}),
    (
        "open-region",
        {"region_id": "north", "name": "North", "parent_id": "world", "occurred_at": LONG_AGO},
    ),
    hired(ANN),
    hired(BEA),
    (
        "register-account",
        {"account_id": "acme", "name": "Acme", "owner_id": ANN, "occurred_at": LONG_AGO},
    ),
    (
        "register-account",
        {"account_id": "bolt", "name": "Bolt", "owner_id": ANN, "occurred_at": LONG_AGO},
    ),
    person(UMA),
    person(VIC),
    person(WIM),
    ("draft-depth-policy", {"region_id": "world", "document": DEPTH.model_dump(mode="json")}),
    (
        "activate-depth-policy",
        {"region_id": "world", "version": 1, "effective_on": "2026-01-01"},
    ),
    logged("a", "2026-01-10", rating=5, feedback_by=UMA, feedback="It went well."),
    logged("b", "2026-03-02", contact_ids=[UMA, VIC], follow_ups=[FOLLOW_UP]),
    logged("c", "2026-03-05", kind="call", contact_ids=[VIC], minutes=29),
    logged("d", "2026-03-06", kind="call", contact_ids=[VIC], minutes=30),
)


def carry_out(house: House, *asked: tuple[str, dict[str, Any]], key: str = "k") -> None:
    async def run() -> None:
        async with house.client() as client:
            for number, (command, fields) in enumerate(asked):
                answer = await issue(client, command, f"{key}-{number}", **fields)
                assert answer.status_code == 200, answer.text

    asyncio.run(run())
    follow(house)


def get(house: House, path: str, **headers: str) -> httpx.Response:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers=headers)

    return house.ask(question)


def items(house: House, path: str) -> list[dict[str, Any]]:
    answer = get(house, path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.fixture
def met(house: House) -> House:
    carry_out(house, *ASKED)
    return house


def test_the_timeline_shows_what_took_place_the_latest_first(met: House) -> None:
    """KAM-18: both times are there, and the words of a contact are opened for the answer."""
    found = items(met, "/v1/interactions?account_id=acme")
    assert [one["interaction_id"] for one in found] == ["d", "c", "b", "a"]
    assert found[3]["feedback"] == "It went well."
    assert found[3]["occurred_at"] < "2026-01-11" < found[3]["recorded_at"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (f"contact_id={VIC}", "dcb"),
        (f"employee_id={BEA}", ""),
        ("kind=call", "dc"),
        ("from=2026-03-02&to=2026-03-05", "cb"),
        ("from=2026-03-03&to=2026-03-04", ""),
        ("as_of=2026-03-05", "cba"),
        ("known_at=2026-03-10T00:00:00Z", ""),
        ("account_id=bolt", ""),
    ],
)
def test_the_timeline_is_asked_for_in_parts(met: House, asked: str, found: str) -> None:
    told = items(met, f"/v1/interactions?{asked}")
    assert "".join(one["interaction_id"] for one in told) == found


def test_pages_of_the_timeline_follow_each_other_as_csv_too(met: House) -> None:
    first = get(met, "/v1/interactions?limit=3", Accept="text/csv")
    path = f"/v1/interactions?limit=3&cursor={first.headers['Next']}"
    second = get(met, path, Accept="text/csv")
    rows = [row for page in (first, second) for row in csv.DictReader(page.text.splitlines())]
    assert [row["interaction_id"] for row in rows] == ["d", "c", "b", "a"]
    assert "Next" not in second.headers


def test_a_correction_holds_for_all_time_once_it_is_known(met: House) -> None:
    """KAM-18: corrected by a new event; as known before it, the interaction is as it was told."""
    before = get(met, "/v1/interactions/b").json()["item"]
    correction = {
        "interaction_id": "b",
        "kind": "joint_event",
        "subject": "Plans",
        "employee_ids": [ANN, BEA],
        "contact_ids": [UMA],
        "follow_ups": [FOLLOW_UP],
        "took_place_at": "2026-03-01T09:00:00Z",
        "reason": "It was the day before",
    }
    carry_out(met, ("correct-interaction", correction), key="correct")
    past = "/v1/interactions/b?as_of=2026-03-01"
    assert get(met, past).json()["item"]["kind"] == "joint_event"
    assert [one["owner_id"] for one in items(met, "/v1/follow-ups?as_of=2026-03-01")] == [ANN]
    known = f"known_at={before['known_from'].replace('+00:00', 'Z')}"
    assert get(met, f"{past}&{known}").status_code == 404
    assert get(met, f"/v1/interactions/b?{known}").json()["item"]["kind"] == "executive_visit"
    trail = items(met, "/v1/audit-trail?record=interaction-b&field=kind")
    assert trail[-1]["changes"]["kind"] == {"before": "executive_visit", "after": "joint_event"}


def test_what_was_withdrawn_is_on_no_timeline_and_still_found(met: House) -> None:
    withdrawn = ("withdraw-interaction", {"interaction_id": "a", "reason": "Another company"})
    carry_out(met, withdrawn, key="withdraw")
    told = items(met, "/v1/interactions")
    assert [one["interaction_id"] for one in told] == ["d", "c", "b"]
    assert get(met, "/v1/interactions/a").json()["item"]["withdrawn"]


def test_follow_ups_are_told_with_whose_they_were_and_whether_they_are_done(met: House) -> None:
    about = {"interaction_id": "b", "follow_up_id": "f1"}
    carry_out(
        met,
        ("reassign-follow-up", {**about, "owner_id": BEA, "occurred_at": "2026-03-10"}),
        ("complete-follow-up", {**about, "occurred_at": "2026-03-25"}),
        key="follow",
    )
    assert items(met, "/v1/follow-ups?open=true") == []
    (done,) = items(met, f"/v1/follow-ups?owner_id={BEA}&open=false")
    assert (done["overdue"], done["done_at"] is None) == (False, False)
    (late,) = items(met, "/v1/follow-ups?open=true&as_of=2026-03-21")
    assert (late["owner_id"], late["overdue"], late["done_at"]) == (BEA, True, None)
    (early,) = items(met, f"/v1/follow-ups?owner_id={ANN}&as_of=2026-03-09")
    assert (early["overdue"], early["text"]) == (False, "Send the plan")
    for day, owner, is_done in (("09", ANN, False), ("21", BEA, False), ("25", BEA, True)):
        (told,) = get(met, f"/v1/interactions/b?as_of=2026-03-{day}").json()["item"]["follow_ups"]
        assert (told["owner_id"], told["done_at"] is not None) == (owner, is_done)
    assert items(met, "/v1/follow-ups?due_to=2026-03-19") == []
    assert len(items(met, "/v1/follow-ups?due_to=2026-03-20")) == 1


def depth(house: House, day: str) -> dict[str, Any]:
    answer = get(house, f"/v1/accounts/acme/relationship-depth?as_of={day}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_depth_is_computed_for_any_past_day_and_says_what_it_rests_on(met: House) -> None:
    """KAM-19: per contact and account, re-computable, with the policy's version."""
    found = depth(met, "2026-03-06")
    assert found["policy"] == {"region_id": "world", "version": 1, "effective_on": "2026-01-01"}
    # a: 10 and 3 for its rating; b: 10; c and d: 2 each.
    assert found["account"] == {
        "points": 27,
        "level": "deep",
        "interaction_ids": ["a", "b", "c", "d"],
    }
    told = {one["contact_id"]: (one["points"], one["level"]) for one in found["contacts"]}
    assert told == {UMA: (23, "close"), VIC: (14, "close")}
    assert depth(met, "2026-03-01")["account"]["points"] == 13
    assert depth(met, "2026-04-10")["account"]["points"] == 21  # a counts half after 90 days
    assert depth(met, "2026-03-06") == found


def test_depth_counts_a_merged_contact_with_who_answers_for_them(met: House) -> None:
    carry_out(met, ("merge-contact", {"contact_id": VIC, "into_id": WIM}), key="merge")
    answer = get(met, "/v1/accounts/acme/relationship-depth").json()
    assert {one["contact_id"] for one in answer["contacts"]} == {UMA, WIM}


def test_without_an_account_there_is_no_depth(met: House) -> None:
    for noun in ("relationship-depth", "interaction-frequency"):
        answer = get(met, f"/v1/accounts/none/{noun}")
        assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-account")


def test_only_effective_interactions_with_key_contacts_count(met: House) -> None:
    """MET-09: the short call does not, nor does whoever is no key contact."""
    path = "/v1/accounts/acme/interaction-frequency?as_of=2026-03-31&window_days=30"
    answer = get(met, f"{path}&contact_id={VIC}").json()
    assert (answer["interactions"], answer["interaction_ids"]) == (2, ["b", "d"])
    assert answer["per_30_days_centi"] == 200
    assert answer["contacts"] == [{"contact_id": VIC, "interactions": 2, "last_on": "2026-03-06"}]
    assert (answer["metric"]["id"], answer["metric"]["window_days"]) == ("MET-09", 30)
    assert "effective" in answer["metric"]["formula"]
    one_less = path.replace("window_days=30", "window_days=29")
    assert get(met, f"{one_less}&contact_id={VIC}").json()["interaction_ids"] == ["d"]


def test_key_contacts_are_those_with_a_role_in_the_decision(met: House) -> None:
    path = "/v1/accounts/acme/interaction-frequency?window_days=36500"
    assert get(met, path).json()["contacts"] == []
    role = {"contact_id": UMA, "role": "decision_maker"}
    carry_out(met, ("change-contact-role", role), key="role")
    answer = get(met, path).json()
    assert [one["contact_id"] for one in answer["contacts"]] == [UMA]
    assert answer["interaction_ids"] == ["a", "b"]


@pytest.mark.parametrize(
    ("asked", "quiet"),
    [
        ("without_activity_days=29&as_of=2026-03-31", ["acme", "bolt"]),
        ("without_activity_days=30&as_of=2026-03-31", ["bolt"]),
        ("as_of=2026-03-31", ["acme", "bolt"]),
        ("without_activity_days=30&as_of=2026-03-31&region=world", ["bolt"]),
        ("without_activity_days=30&as_of=2026-03-31&region=none", []),
    ],
)
def test_an_account_gone_quiet_is_flagged(met: House, asked: str, quiet: list[str]) -> None:
    """KAM-25: the last visit was on 2 March, 29 days before; Bolt has never seen one."""
    assert [one["account_id"] for one in items(met, f"/v1/account-activity?{asked}")] == quiet


def test_activity_says_how_long_ago_it_was(met: House) -> None:
    acme, bolt = items(met, "/v1/account-activity?as_of=2026-03-31")
    assert (acme["last_on"], acme["days"]) == ("2026-03-02", 29)
    assert (bolt["last_on"], bolt["days"]) == (None, None)
