"""Account plans over HTTP: from the draft to what was attained, and one active plan a year."""

import asyncio
from typing import Any, Final

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.planning import (
    approve,
    asked,
    company,
    decide,
    make_active,
    plan,
    submit,
    told,
)
from tests.examples.cast import ANN, BEA, CARL

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
    asyncio.run(approve(planned, "p1", "a2"))
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


def test_a_plan_and_its_approval_say_the_same(planned: House) -> None:
    """KAM-08: who approved it, and what, is in the approval that the plan names."""
    item = asked(planned, "/v1/account-plans/p1").json()["item"]
    assert (item["approval_id"], item["approved_by"]) == ("a-p1", None)
    assert (item["author_ids"], item["submitted_by"]) == ([ANN], ANN)
    approval = asked(planned, "/v1/approvals/a-p1").json()["item"]
    assert (approval["state"], approval["content_sha256"]) == ("granted", item["content_sha256"])
    assert [one["employee_id"] for one in approval["steps"][0]["decisions"]] == [BEA]
    found = asked(planned, "/v1/approvals?subject_kind=account_plan&subject_id=p1").json()["items"]
    assert [one["approval_id"] for one in found] == ["a-p1"]


def test_a_plan_waits_in_the_inbox_of_those_who_may_approve_it(house: House) -> None:
    """KAM-31: not in that of its author; withdrawn or edited it waits for nobody."""

    async def put_up(client: httpx.AsyncClient) -> None:
        await company(client)
        async with house.client("kl_ann_s") as ann:
            await plan(ann, "p1")
        await submit(house, "p1", "a1")

    house.ask(put_up)

    def waits_for(employee_id: str) -> list[str]:
        answer = asked(house, f"/v1/approvals/inbox?employee_id={employee_id}")
        return [one["subject_id"] for one in answer.json()["items"]]

    assert (waits_for(ANN), waits_for(BEA), waits_for(CARL)) == ([], ["p1"], ["p1"])

    async def edit(client: httpx.AsyncClient) -> None:
        await told(client, "drop-plan-action", plan_id="p1", action_id="visit")

    house.ask(edit)
    assert waits_for(BEA) == []
    item = asked(house, "/v1/account-plans/p1").json()["item"]
    assert item["state"] == "drafted"
    late = asyncio.run(decide(house, "bea", "a1"))
    assert (late.status_code, late.json()["rule"]) == (409, "approval-ended")


def test_a_plan_is_returned_with_what_the_approver_said(house: House) -> None:
    """KAM-08."""

    async def run(client: httpx.AsyncClient) -> None:
        await company(client)
        async with house.client("kl_ann_s") as ann:
            await plan(ann, "p1")
        await submit(house, "p1", "a1")
        answer = await decide(house, "bea", "a1", "sent_back", comment="too dear")
        assert answer.status_code == 200, answer.text

    house.ask(run)
    item = asked(house, "/v1/account-plans/p1").json()["item"]
    assert (item["state"], item["reason"]) == ("drafted", "too dear")


@pytest.mark.parametrize("command", ["approve-account-plan", "return-account-plan"])
def test_there_is_one_way_to_approve(house: House, command: str) -> None:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, command, "1", plan_id="p1")

    answer = house.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-command")


def test_nobody_approves_their_own(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        await company(client)
        async with house.client("kl_ann_s") as ann:
            await plan(ann, "p1")
        await submit(house, "p1", "a1")
        program = {"approval_id": "a1", "step": 1, "decision": "approved"}
        tried = [
            await decide(house, "ann", "a1"),
            await issue(client, "decide-approval", "1", **program),
            await issue(client, "submit-account-plan", "2", plan_id="p1", approval_id="a2"),
        ]
        return [(answer.status_code, answer.json()["rule"]) for answer in tried]

    assert house.ask(question) == [
        (403, "self-approval"),
        (422, "person-missing"),
        (422, "person-missing"),
    ]


# --- at the same time --------------------------------------------------------------


RACES: Final = 10


def test_two_approvers_at_once_leave_one_outcome_every_time(house: House) -> None:
    """Bea approves while Carl sends it back: one ends the request, the other is told so."""

    async def race(client: httpx.AsyncClient) -> list[list[tuple[int, str | None]]]:
        await company(client)
        found = []
        for number in range(RACES):
            name = f"p{number}"
            async with house.client("kl_ann_s") as ann:
                await plan(ann, name)
            await submit(house, name, name)
            both = decide(house, "bea", name), decide(house, "carl", name, "sent_back")
            found.append(await outcomes(*both))
        return found

    assert house.ask(race) == [[(200, None), (409, "approval-ended")]] * RACES
    for number in range(RACES):
        state = asked(house, f"/v1/account-plans/p{number}").json()["item"]["state"]
        approval = asked(house, f"/v1/approvals/p{number}").json()["item"]
        assert (state, approval["state"]) in {("approved", "granted"), ("drafted", "sent_back")}
        assert len(approval["steps"][0]["decisions"]) == 1


def test_two_submitters_at_once_leave_one_request_every_time(house: House) -> None:
    async def put_up(who: str, name: str) -> httpx.Response:
        async with house.client(f"kl_{who}_s") as client:
            fields = {"plan_id": name, "approval_id": f"{name}.{who}"}
            return await issue(client, "submit-account-plan", f"submit {name}", **fields)

    async def race(client: httpx.AsyncClient) -> list[list[tuple[int, str | None]]]:
        await company(client)
        found = []
        for number in range(RACES):
            await plan(client, f"p{number}")
            both = put_up("ann", f"p{number}"), put_up("bea", f"p{number}")
            found.append(await outcomes(*both))
        return found

    assert house.ask(race) == [[(200, None), (409, "plan-submitted")]] * RACES
    items = asked(house, "/v1/approvals?subject_kind=account_plan").json()["items"]
    assert sorted(one["subject_id"] for one in items) == sorted(f"p{n}" for n in range(RACES))


def test_an_edit_and_an_approval_at_once_leave_nothing_approved_that_was_not_seen(
    house: House,
) -> None:
    """Whichever comes first: what is approved has the hash that was asked for."""

    async def race(client: httpx.AsyncClient) -> list[list[tuple[int, str | None]]]:
        await company(client)
        found = []
        for number in range(RACES):
            name = f"p{number}"
            async with house.client("kl_ann_s") as ann:
                await plan(ann, name)
                await submit(house, name, name)
                edit = {"plan_id": name, "action_id": "visit"}
                both = (
                    decide(house, "bea", name),
                    issue(ann, "drop-plan-action", f"drop {name}", **edit),
                )
                found.append(await outcomes(*both))
        return found

    for ended in house.ask(race):
        assert ended in (
            [(200, None), (409, "amendment-needed")],
            [(200, None), (409, "approval-ended")],
        )
    for number in range(RACES):
        item = asked(house, f"/v1/account-plans/p{number}").json()["item"]
        approved = item["state"] == "approved"
        assert len(item["content"]["actions"]) == int(approved)
