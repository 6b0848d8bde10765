"""Commands about records of others: as if there were none, or refused where they are seen."""

import asyncio
import json
from itertools import count
from typing import Any, Final

import httpx
import pytest

from api.access.acts import called
from api.rules import RULES
from readmodels.access import KINDS, Resource
from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.api.sellers import granted, staffed
from tests.examples.cast import ANN

pytestmark = pytest.mark.postgres

NUMBER: Final = count()


@pytest.fixture
def company(house: House) -> House:
    house.ask(staffed)
    follow(house)
    return house


def act(house: House, who: str, command: str, **fields: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        async with house.client(f"kl_{who}_s" if who else None) as client:
            return await issue(client, command, f"act-{next(NUMBER)}", **fields)

    return asyncio.run(run())


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["rule"]


def goal_of(account: str) -> dict[str, str]:
    return {"account_id": account, "title": "Less scrap"}


def test_a_02_what_others_own_is_answered_as_what_there_is_not(company: House) -> None:
    hidden, nothing = (
        act(company, "carl", "state-customer-goal", goal_id="g", **goal_of(account))
        for account in ("acme", "none")
    )
    assert refusal(hidden) == (404, "unknown-account")
    bodies = [json.loads(one.text) for one in (hidden, nothing)]
    for body in bodies:
        del body["correlation_id"]
    assert bodies[0] == bodies[1]


def test_a_02_one_acts_on_ones_own_and_a_manager_on_what_lies_below(company: House) -> None:
    for who, goal in (("ann", "g1"), ("bea", "g2"), ("", "g3")):
        answer = act(company, who, "state-customer-goal", goal_id=goal, **goal_of("acme"))
        assert answer.status_code == 200, answer.text


def test_a_02_what_belongs_to_an_account_is_no_way_round(company: House) -> None:
    assert act(company, "ann", "state-customer-goal", goal_id="g", **goal_of("acme")).is_success
    follow(company)
    asked = act(company, "carl", "drop-customer-goal", goal_id="g")
    assert refusal(asked) == (404, "unknown-goal")
    link = {"link_id": "l", "kind": "joint_venture", "from_on": "2026-01-01"}
    asked = act(company, "carl", "link-accounts", account_id="coil", other_id="acme", **link)
    assert refusal(asked) == (404, "unknown-account")


def test_what_is_granted_to_be_read_is_not_acted_on(company: House) -> None:
    granted(company, "read", account_id="acme")
    asked = act(company, "carl", "state-customer-goal", goal_id="g", **goal_of("acme"))
    assert refusal(asked) == (403, "granted-to-read")
    granted(company, "write", account_id="acme", level="write")
    asked = act(company, "carl", "state-customer-goal", goal_id="g", **goal_of("acme"))
    assert asked.status_code == 200, asked.text


def test_a_02_a_batch_is_no_way_round(company: House) -> None:
    lines = [
        {"command": "state-customer-goal", "idempotency_key": key, "goal_id": key, **asked}
        for key, asked in (("g1", goal_of("coil")), ("g2", goal_of("acme")))
    ]

    async def run() -> str:
        async with company.client("kl_carl_s") as client:
            answer = await client.post(
                "/v1/commands",
                content="\n".join(map(json.dumps, lines)),
                headers={"Content-Type": "application/x-ndjson"},
            )
            return answer.text

    told_of = [json.loads(line) for line in asyncio.run(run()).splitlines()]
    assert [one["status"] for one in told_of] == [200, 404]


def test_one_hands_over_what_one_sees_and_nothing_else(company: House) -> None:
    """Each id of a list counts."""
    handed = {"from_id": ANN, "to_id": ANN, "account_ids": ["acme"]}
    assert refusal(act(company, "carl", "reassign-portfolio", **handed))[0] in {403, 404}


def test_a_record_that_is_new_is_not_asked_for_before_it_is_known(company: House) -> None:
    """Read models follow: who has just registered something goes on with it at once."""
    assert act(company, "carl", "register-account", account_id="new", name="New").is_success
    asked = act(company, "carl", "state-customer-goal", goal_id="g", **goal_of("new"))
    assert asked.status_code == 200, asked.text


def test_what_a_refusal_calls_a_record_is_a_rule_there_is() -> None:
    rules = {
        called(Resource(table, "x"))[0] for kind, table in KINDS.items() if kind != "relationship"
    }
    assert {f"unknown-{one}" for one in rules} <= RULES.keys()
