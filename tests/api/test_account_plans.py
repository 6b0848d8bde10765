"""Account plans over HTTP: from the draft to what was attained, and one active plan a year."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.planning import approve, asked, company, make_active, plan, submitted_sha256, told

pytestmark = pytest.mark.postgres


@pytest.fixture
def planned(house: House) -> House:
    """A house with the company and one active plan."""

    async def run(client: httpx.AsyncClient) -> None:
        await company(client)
        await make_active(house)

    house.ask(run)
    return house


def test_a_plan_is_answered_whole(planned: House) -> None:
    """KAM-08, KAM-09, KAM-10, KAM-11: all parts, both sides' targets, what is unlinked."""

    async def measure(client: httpx.AsyncClient) -> None:
        for side, metric, value in (
            ("ours", "wallet_share_percent", "9"),
            ("customers", "defects", "15"),
        ):
            await told(
                client,
                "record-plan-attainment",
                plan_id="p1",
                side=side,
                metric=metric,
                period="Q1",
                value=value,
            )

    planned.ask(measure)
    answer = asked(planned, "/v1/account-plans/p1")
    item = answer.json()["item"]
    assert answer.json()["lag"] == 0
    assert answer.headers["ETag"] == f'"{item["version"]}"'
    assert (item["state"], item["fiscal_year"], item["amendment"]) == ("active", 2026, None)
    content = item["content"]
    assert content["aim"] == "wallet_share"
    assert content["unlinked_objectives"] == ["learn"]
    assert [one["linked"] for one in content["objectives"]] == [True, False]
    assert content["planned"] == {"minor": 400_00, "currency": "USD"}
    assert content["budget"] == {"minor": 1_000_00, "currency": "USD"}
    (action,) = content["actions"]
    assert (action["department"], action["due_on"]) == ("sales", "2026-06-30")
    attained = {
        one["side"]: (one["attained"], one["attained_bp"], one["reached"])
        for one in content["targets"]
    }
    assert attained == {"ours": ("9", 7_500, False), "customers": ("15", 7_500, True)}


def test_what_is_in_force_stays_readable_beside_its_amendment(planned: House) -> None:
    """KAM-08: an amendment takes effect when it is approved."""

    async def amend(client: httpx.AsyncClient) -> None:
        async with planned.client("kl_ann_s") as ann:
            await told(ann, "amend-account-plan", plan_id="p1", reason="a new plant")
            await told(ann, "drop-plan-objective", plan_id="p1", objective_id="learn")
            await told(
                ann,
                "set-plan-objective",
                plan_id="p1",
                objective_id="grow",
                statement="To do.",
                weight_percent=100,
                goal_id="g1",
            )

    planned.ask(amend)
    item = asked(planned, "/v1/account-plans/p1").json()["item"]
    assert len(item["content"]["objectives"]) == 2
    assert (item["amendment"]["number"], item["amendment"]["state"]) == (1, "drafted")
    assert len(item["amendment"]["content"]["objectives"]) == 1
    asyncio.run(approve(planned, "p1"))
    item = asked(planned, "/v1/account-plans/p1").json()["item"]
    assert len(item["content"]["objectives"]) == 1
    assert (item["state"], item["amendment"]) == ("active", None)


def test_plans_are_listed_and_found(planned: House) -> None:
    """KAM-08."""
    (line,) = asked(planned, "/v1/account-plans").json()["items"]
    assert (line["objectives"], line["unlinked"], line["planned_minor"]) == (2, 1, 400_00)
    for query, found in (
        ("account=acme&year=2026&state=active&region=world", 1),
        ("account=other", 0),
        ("year=2027", 0),
        ("state=drafted", 0),
        ("region=nowhere", 0),
    ):
        assert len(asked(planned, f"/v1/account-plans?{query}").json()["items"]) == found, query


def test_plans_are_listed_as_csv_and_by_page(planned: House) -> None:
    async def second(client: httpx.AsyncClient) -> None:
        await plan(client, "p2")

    planned.ask(second)
    first = asked(planned, "/v1/account-plans?limit=1", "text/csv")
    rest = asked(planned, f"/v1/account-plans?limit=1&cursor={first.headers['Next']}", "text/csv")
    assert [answer.text.splitlines()[1].split(",")[0] for answer in (first, rest)] == ["p1", "p2"]


def test_a_plan_is_read_as_it_was(planned: House) -> None:
    """What was not drafted by then is not there; who asks as of today sees all."""
    gone = asked(planned, "/v1/account-plans/p1?as_of=2020-01-01")
    assert (gone.status_code, gone.json()["rule"]) == (404, "unknown-plan")
    assert asked(planned, "/v1/account-plans?as_of=2020-01-01").json()["items"] == []
    assert asked(planned, "/v1/account-plans/p1?as_of=9000-01-01").status_code == 200


async def outcomes(*asked_for: Any) -> list[tuple[int, str | None]]:
    """Status and rule of each of several requests at once."""
    answers = await asyncio.gather(*asked_for)
    return sorted((answer.status_code, answer.json().get("rule")) for answer in answers)


@pytest.mark.parametrize("number", range(3))
def test_of_two_activations_at_once_one_is_refused(house: House, number: int) -> None:
    """KAM-08: two plan activations at once leave exactly one outcome."""

    async def race(client: httpx.AsyncClient) -> list[tuple[int, str | None]]:
        await company(client)
        plans = [f"p{one}" for one in range(number + 2)]
        for name in plans:
            await plan(client, name)
            await approve(house, name)
        return await outcomes(
            *(issue(client, "activate-account-plan", name, plan_id=name) for name in plans)
        )

    found = house.ask(race)
    assert found == [(200, None), *[(409, "plan-year-taken")] * (number + 1)]
    assert len(asked(house, "/v1/account-plans?state=active").json()["items"]) == 1


def test_nobody_approves_their_own_and_nothing_but_what_they_saw(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        await company(client)
        async with house.client("kl_ann_s") as ann, house.client("kl_bea_s") as bea:
            await plan(ann, "p1")
            await told(ann, "submit-account-plan", plan_id="p1")
            right, wrong = await submitted_sha256(house, "p1"), "0" * 64
            tried = [
                await issue(ann, "approve-account-plan", "1", plan_id="p1", content_sha256=right),
                await issue(bea, "approve-account-plan", "2", plan_id="p1", content_sha256=wrong),
                await issue(
                    client, "approve-account-plan", "3", plan_id="p1", content_sha256=right
                ),
            ]
        return [(answer.status_code, answer.json()["rule"]) for answer in tried]

    assert house.ask(question) == [
        (403, "self-approval"),
        (409, "content-changed"),
        (403, "approver-not-employee"),
    ]
