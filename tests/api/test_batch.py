"""Many commands at once: the outcome of one after the other."""

import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import House

pytestmark = pytest.mark.postgres

PROCESS = {
    "stages": [
        {"stage_id": "lead", "name": "Lead"},
        {"stage_id": "offer", "name": "Offer", "engaged": True},
    ],
    "may_skip": False,
    "loss_reasons": ["price"],
}
ANN = "11111111-1111-4111-8111-111111111111"


def _line(number: int, command: str, **fields: Any) -> dict[str, Any]:
    return {"command": command, "idempotency_key": f"k{number}", **fields}


def _world() -> list[dict[str, Any]]:
    usd = {"minor": 100, "currency": "USD"}
    lines: list[tuple[str, dict[str, Any]]] = [
        ("open-region", {"region_id": "group", "name": "Group"}),
        ("open-region", {"region_id": "north", "name": "North", "parent_id": "group"}),
        ("draft-sales-process", {"region_id": "group", "document": PROCESS}),
        (
            "activate-sales-process",
            {"region_id": "group", "version": 1, "effective_on": "2020-01-01"},
        ),
        (
            "hire-employee",
            {"employee_id": ANN, "name": "Ann", "region_id": "north", "roles": ["sales_rep"]},
        ),
        ("list-product", {"product_id": "p", "name": "P", "list_price": usd}),
        ("register-account", {"account_id": "acme", "name": "Acme", "owner_id": ANN}),
    ]
    for number in range(50):
        opportunity = {"opportunity_id": f"o{number}"}
        lines += [
            (
                "open-opportunity",
                {**opportunity, "account_id": "acme", "product_id": "p", "owner_id": ANN},
            ),
            ("advance-opportunity", {**opportunity, "to_stage": "offer"}),
            ("win-opportunity", {**opportunity, "amount": usd}),
        ]
    return [_line(number, command, **fields) for number, (command, fields) in enumerate(lines)]


def _send(house: House, lines: list[Any]) -> list[dict[str, Any]]:
    body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(
            "/v1/commands", content=body, headers={"Content-Type": "application/x-ndjson"}
        )

    answer = house.ask(question)
    assert answer.status_code == 200, answer.text
    return [json.loads(text) for text in answer.text.splitlines()]


def test_lines_that_rest_on_earlier_ones_see_them(house: House) -> None:
    answers = _send(house, _world())
    assert [answer["line"] for answer in answers] == list(range(1, 158))
    assert {answer["status"] for answer in answers} == {200}
    versions = [answer["version"] for answer in answers[7:]]
    assert versions == [1, 2, 3] * 50


def test_a_bad_line_does_not_stop_the_others(house: House) -> None:
    good = _line(1, "open-region", region_id="a", name="A")
    bad = [
        "{not json",
        '{"command": "no-such"}',
        json.dumps({"command": "open-region", "region_id": "b", "name": "B"}),
        json.dumps(_line(2, "open-region", region_id="c", name="C", parent_id="zzz")),
        json.dumps(_line(3, "open-region", region_id="d", name="D", if_match=9)),
    ]
    answers = _send(house, [*bad, good])
    rules = [answer["problem"]["rule"] for answer in answers[:-1]]
    assert rules == [
        "malformed-json",
        "unknown-command",
        "invalid-body",
        "unknown-region",
        "version-stale",
    ]
    assert answers[-1]["stream"] == "region-a"


def test_what_a_later_line_changes_an_earlier_line_does_not_see(house: House) -> None:
    """An owner who leaves in the last line still owned in the first."""
    _send(house, _world()[:7])
    opening = _line(90, "open-opportunity", opportunity_id="x", product_id="p", owner_id=ANN)
    leaving = _line(91, "record-employee-left", employee_id=ANN)
    late = _line(92, "open-opportunity", opportunity_id="y", product_id="p", owner_id=ANN)
    retiring = _line(93, "retire-product", product_id="p")
    answers = _send(house, [opening, retiring, leaving, late])
    assert [answer["status"] for answer in answers] == [200, 200, 200, 409]


def test_a_batch_sent_twice_records_nothing_new(house: House) -> None:
    first, second = _send(house, _world()), _send(house, _world())
    assert all(answer["repeated"] for answer in second)
    assert [a["position"] for a in first] == [a["position"] for a in second]
