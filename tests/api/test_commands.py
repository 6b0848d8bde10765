"""One command at a time over HTTP."""

import asyncio
import hashlib
import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import House, issue

pytestmark = pytest.mark.postgres

NORTH: dict[str, Any] = {"region_id": "north", "name": "North"}


def test_a_command_is_answered_with_its_place_in_the_log(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, "open-region", "1", **NORTH)

    answer = house.ask(question)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["stream"], body["version"], body["repeated"]) == ("region-north", 1, False)
    assert [event["name"] for event in body["events"]] == ["region.opened"]
    assert body["position"] == body["events"][0]["position"] == 2
    assert answer.headers["ETag"] == '"1"'


def test_a_repeat_a_hundred_times_at_once_has_one_effect(house: House) -> None:
    """A-09."""

    async def question(client: httpx.AsyncClient) -> list[httpx.Response]:
        return await asyncio.gather(
            *(issue(client, "open-region", "same", **NORTH) for _ in range(100))
        )

    answers = [answer.json() for answer in house.ask(question)]
    assert {answer["position"] for answer in answers} == {2}
    assert sum(not answer["repeated"] for answer in answers) == 1
    with house.system.pool.connection() as connection:
        row = connection.execute("SELECT count(*) FROM events").fetchone()
    assert row == (2,)


def test_a_key_with_another_request_is_refused_and_another_actor_may_use_it(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> list[httpx.Response]:
        first = await issue(client, "open-region", "same", **NORTH)
        other = await issue(client, "open-region", "same", region_id="south", name="South")
        return [first, other]

    first, other = house.ask(question)
    assert first.status_code == 200
    assert (other.status_code, other.json()["rule"]) == (422, "key-reused")


@pytest.mark.parametrize(
    ("headers", "body", "status", "rule"),
    [
        ({}, NORTH, 400, "idempotency-key-missing"),
        ({"Idempotency-Key": "x" * 201}, NORTH, 400, "idempotency-key-malformed"),
        ({"Idempotency-Key": "1", "If-Match": "x"}, NORTH, 400, "if-match-malformed"),
        ({"Idempotency-Key": "1", "If-Match": '"7"'}, NORTH, 412, "version-stale"),
        ({"Idempotency-Key": "1"}, {**NORTH, "parent_id": "x"}, 404, "unknown-region"),
        ({"Idempotency-Key": "1"}, {**NORTH, "parent_id": "north"}, 422, "region-cycle"),
        ({"Idempotency-Key": "1"}, {**NORTH, "surprise": 1}, 422, "invalid-body"),
        ({"Idempotency-Key": "1"}, {"region_id": "a b", "name": "x"}, 422, "invalid-body"),
        (
            {"Idempotency-Key": "1"},
            {**NORTH, "occurred_at": "9000-01-01"},
            422,
            "occurred-in-the-future",
        ),
        (
            {"Idempotency-Key": "1", "Authorization": "Bearer kl_no_0"},
            NORTH,
            401,
            "unauthenticated",
        ),
    ],
)
def test_a_request_that_cannot_be_carried_out_is_told_why(
    house: House, headers: dict[str, str], body: dict[str, Any], status: int, rule: str
) -> None:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/commands/open-region", json=body, headers=headers)

    answer = house.ask(question)
    problem = answer.json()
    assert (answer.status_code, problem["rule"]) == (status, rule), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["correlation_id"] == answer.headers["X-Correlation-Id"]


def test_a_field_that_is_wrong_is_pointed_at(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(
            client, "list-product", "1", product_id="p", name="P", list_price={"minor": "5"}
        )

    errors = house.ask(question).json()["errors"]
    assert {error["pointer"] for error in errors} == {"/list_price/minor", "/list_price/currency"}


def test_a_revoked_key_stops_working_at_once_and_a_role_is_asked_for(house: House) -> None:
    async def question(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        key = {"key_id": "reader", "secret_sha256": _sha("s"), "label": "r", "roles": ["analyst"]}
        await issue(client, "issue-api-key", "1", **key)
        async with house.client("kl_reader_s") as reader:
            seen = [await issue(reader, "open-region", "2", **NORTH)]
            await issue(client, "revoke-api-key", "3", key_id="reader")
            seen.append(await issue(reader, "open-region", "4", **NORTH))
        return [(answer.status_code, answer.json()["rule"]) for answer in seen]

    assert house.ask(question) == [(403, "role-missing"), (401, "unauthenticated")]


@pytest.mark.parametrize(
    "body",
    [
        b'{"region_id": "north", "name": "a\\u0000b"}',
        b'{"region_id": "north", "name": "\\ud800"}',
        b'{"region_id": "north", "name": NaN}',
        b'{"region_id": ' + b"9" * 100_000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"region_id": "a", "region_id": "a b", "name": "x"}',
        b"\xff\xfe{}",
        b"",
        b"null",
        b'"' + b"x" * 300_000 + b'"',
    ],
)
def test_a_body_that_is_hostile_is_refused_and_breaks_nothing(house: House, body: bytes) -> None:
    """A-11."""

    async def question(client: httpx.AsyncClient) -> list[httpx.Response]:
        headers = {"Idempotency-Key": "1", "Content-Type": "application/json"}
        line = b'{"command":"open-region","idempotency_key":"x","region_id":"ok","name":"Ok"}'
        hostile = await client.post("/v1/commands/open-region", content=body, headers=headers)
        batch = await client.post(
            "/v1/commands",
            content=body + b"\n" + line,
            headers={"Content-Type": "application/x-ndjson"},
        )
        return [hostile, batch]

    hostile, batch = house.ask(question)
    assert hostile.status_code in {400, 413, 422}, hostile.text
    assert batch.status_code == 200
    assert json.loads(batch.text.splitlines()[-1])["stream"] == "region-ok"


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("2017-06-30", 200),
        ("2017-06-30T12:00:00Z", 200),
        ("2017-06-30T12:00:00.5+02:00", 200),
        ("2017-06-30T12:00:00", 422),
        ("1700000000", 422),
        ("19000", 422),
        (19000, 422),
        ("2017-02-30", 422),
    ],
)
def test_a_time_is_written_as_one(house: House, written: Any, status: int) -> None:
    """A number that was typed by mistake must not become a day of 1970."""

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, "open-region", "1", **NORTH, occurred_at=written)

    assert house.ask(question).status_code == status
