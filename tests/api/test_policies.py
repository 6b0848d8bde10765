"""Policies over HTTP: what is written down, and which version holds where on a day."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, get_args

import httpx
import pytest
from jsonschema import Draft202012Validator

from events.policies.approval_route import NamedEmployee
from readmodels.policies import Kind
from tests.api.conftest import House
from tests.api.following import follow
from tests.api.scoring import agreed, nobody_asked
from tests.api.warnings import asked, company, told
from tests.examples.approvals import route, step
from tests.examples.cast import ANN, BEA
from tests.examples.histories import EXAMPLES
from tests.examples.scores import POLICY

pytestmark = pytest.mark.postgres

KINDS: Final[tuple[str, ...]] = get_args(Kind)

IDS: Final = {"alert_rule": "r1", "approval_route": "contract.emea", "form": "account.emea"}
"""Of the examples; any other is called like its region."""

SECOND: Final[Mapping[str, Any]] = {
    "account_lifecycle": {"stages": [{"stage_id": "one", "name": "The only one"}]},
    "alert_rule": {"due_days": 8},
    "approval_route": {"window_days": 30},
    "coverage_policy": {"minimum": [{"role": "champion", "contacts": 3}]},
    "depth_policy": {"window_days": 30},
    "form": {"title": "Another form"},
    "planning_policy": {"fiscal_start_month": 9},
    "sales_process": {"may_skip": True},
    "scoring_policy": {"neutral": 40_000_000},
    "white_space_policy": {"peers": None},
}
"""What version 2 says otherwise than the example."""


def _example(kind: str) -> dict[str, Any]:
    """What the command that drafts the example is given."""
    fact = EXAMPLES[f"{kind}.drafted"].wire()
    return {name: value for name, value in fact.items() if name not in {"version", "drafted_by"}}


async def _draft(client: httpx.AsyncClient, kind: str, **document: Any) -> None:
    given = _example(kind)
    given["document"] |= document
    await told(client, f"draft-{kind.replace('_', '-')}", **given)


async def _activate(client: httpx.AsyncClient, kind: str, version: int, day: str) -> None:
    given = {name: value for name, value in _example(kind).items() if name != "document"}
    if kind == "scoring_policy":
        await nobody_asked(client)
        await agreed(client, given["region_id"], version)
    command = f"activate-{kind.replace('_', '-')}"
    await told(client, command, **given, version=version, effective_on=day)


@pytest.fixture
def there(house: House) -> House:
    """A house with the regions and the product that policies name."""

    async def act(client: httpx.AsyncClient) -> None:
        await told(client, "open-region", region_id="world", name="World")
        await told(client, "open-region", region_id="emea", name="Europe", parent_id="world")
        price = {"minor": 500_00, "currency": "EUR"}
        await told(client, "list-product", product_id="gtx-pro", name="GTX Pro", list_price=price)
        await told(
            client,
            "hire-employee",
            employee_id=ANN,
            name="Ann",
            region_id="emea",
            roles=["sales_rep"],
        )

    house.ask(act)
    return house


@pytest.mark.parametrize("kind", KINDS)
def test_the_version_that_holds_is_told_with_all_there_are(there: House, kind: str) -> None:
    """On both sides of the day the second is in force from, and before the first."""

    async def act(client: httpx.AsyncClient) -> None:
        await _draft(client, kind)
        await _activate(client, kind, 1, "2024-01-01")
        await _draft(client, kind, **SECOND[kind])
        await _activate(client, kind, 2, "2024-07-01")
        await _draft(client, kind)

    there.ask(act)
    follow(there)
    path = f"/v1/policies/{kind}/{IDS.get(kind, 'emea')}"
    for day, version, since in (
        ("2020-01-01", 1, "2024-01-01"),
        ("2024-06-30", 1, "2024-01-01"),
        ("2024-07-01", 2, "2024-07-01"),
    ):
        item = {
            "kind": kind,
            "policy_id": IDS.get(kind, "emea"),
            "region_id": "emea",
            "version": version,
            "effective_on": since,
            "drafts": 3,
        }
        assert asked(there, f"{path}?as_of={day}").json()["item"] == item
        assert asked(there, f"/v1/policies?kind={kind}&as_of={day}").json()["items"] == [item]
    versions = asked(there, path).json()["versions"]
    assert [one["version"] for one in versions] == [1, 2, 3]
    assert [one["in_force_from"] for one in versions] == [["2024-01-01"], ["2024-07-01"], []]
    written = EXAMPLES[f"{kind}.drafted"].model_dump(mode="json")["document"]
    first, second, third = (one["document"] for one in versions)
    assert first == third == written
    assert {name: second[name] for name in SECOND[kind]} != {
        name: first[name] for name in SECOND[kind]
    }


def test_a_draft_holds_nowhere(there: House) -> None:
    there.ask(lambda client: _draft(client, "approval_route"))
    follow(there)
    answer = asked(there, "/v1/policies/approval_route/contract.emea").json()
    assert (answer["item"]["version"], answer["item"]["effective_on"]) == (None, None)
    assert (answer["item"]["region_id"], answer["item"]["drafts"]) == ("emea", 1)


def test_policies_are_listed_by_region_and_the_group_has_its_own(there: House) -> None:
    async def act(client: httpx.AsyncClient) -> None:
        await _draft(client, "sales_process")
        await _draft(client, "alert_rule", region_id=None)
        form = _example("form") | {"region_id": None}
        await told(client, "draft-form", **form)

    there.ask(act)
    follow(there)

    def listed(query: str) -> list[tuple[str, str, str | None]]:
        items = asked(there, f"/v1/policies?{query}").json()["items"]
        return [(one["kind"], one["policy_id"], one["region_id"]) for one in items]

    of_group = [("alert_rule", "r1", None), ("form", "account.*", None)]
    assert listed("region=*") == of_group
    assert listed("region=emea") == [("sales_process", "emea", "emea")]
    assert listed("region=world") == []
    assert listed("region=*&kind=form") == of_group[1:]
    assert asked(there, "/v1/policies/form/account.*").json()["item"]["region_id"] is None


def test_a_rule_is_for_the_region_that_its_version_in_force_says(there: House) -> None:
    async def act(client: httpx.AsyncClient) -> None:
        await _draft(client, "alert_rule")
        await _activate(client, "alert_rule", 1, "2024-01-01")
        await _draft(client, "alert_rule", region_id="world")

    there.ask(act)
    follow(there)
    answer = asked(there, "/v1/policies/alert_rule/r1").json()
    assert answer["item"]["region_id"] == "emea"
    assert [one["region_id"] for one in answer["versions"]] == ["emea", "world"]
    assert asked(there, "/v1/policies?region=world").json()["items"] == []


def test_a_page_goes_on_with_the_next_kind(there: House) -> None:
    async def act(client: httpx.AsyncClient) -> None:
        for kind in KINDS:
            await _draft(client, kind)

    there.ask(act)
    follow(there)
    found, path = [], "/v1/policies?limit=2"
    while True:
        page = asked(there, path).json()
        found += [one["kind"] for one in page["items"]]
        if page["next"] is None:
            break
        path = f"/v1/policies?limit=2&cursor={page['next']}"
    assert found == sorted(KINDS)


def test_what_was_not_known_then_is_not_told(there: House) -> None:
    before = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    there.ask(lambda client: _draft(client, "planning_policy"))
    between = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    there.ask(lambda client: _activate(client, "planning_policy", 1, "2024-01-01"))
    follow(there)
    path = "/v1/policies/planning_policy/emea"
    assert asked(there, f"/v1/policies?known_at={before}").json()["items"] == []
    assert asked(there, f"{path}?known_at={before}").json()["rule"] == "unknown-policy"
    answer = asked(there, f"{path}?known_at={between}").json()
    assert (answer["item"]["version"], answer["versions"][0]["in_force_from"]) == (None, [])
    assert asked(there, path).json()["item"]["version"] == 1


def test_a_version_says_how_far_it_has_come(house: House) -> None:
    """MET-10: drafted, put up for approval, sent back, put up again, approved."""
    place: Final = {"region_id": "emea", "subject_kind": "scoring_policy"}
    bea: Final = route(("true", step(NamedEmployee(employee_id=BEA)))).model_dump(mode="json")
    version: Final = {"region_id": "emea", "version": 1, "requester_id": ANN}

    async def routed(client: httpx.AsyncClient) -> None:
        await company(client)
        await told(client, "draft-approval-route", **place, document=bea)
        await told(client, "activate-approval-route", **place, version=1, effective_on="2024-01-01")
        await _draft(client, "scoring_policy")

    def proposed(approval_id: str) -> None:
        given = {**version, "approval_id": approval_id}
        house.ask(lambda client: told(client, "propose-scoring-policy", **given))

    def decided(approval_id: str, decision: str) -> None:
        given = {"approval_id": approval_id, "step": 1, "decision": decision, "comment": "So be it"}

        async def act() -> None:
            async with house.client("kl_bea_s") as client:
                await told(client, "decide-approval", **given)

        asyncio.run(act())

    def stands(query: str = "") -> tuple[str | None, str | None]:
        follow(house)
        answer = asked(house, f"/v1/policies/scoring_policy/emea{query}").json()
        (one,) = answer["versions"]
        return one["status"], one["approval_id"]

    house.ask(routed)
    assert stands() == (None, None)
    proposed("s1")
    assert stands() == ("proposed", "s1")
    then = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    decided("s1", "sent_back")
    assert stands() == ("sent_back", "s1")
    proposed("s2")
    decided("s2", "approved")
    assert stands() == ("approved", "s2")
    assert stands(f"?known_at={then}") == ("proposed", "s1")


def test_the_schema_of_a_scoring_policy_is_published(there: House) -> None:
    answer = asked(there, "/schemas/scoring_policy.json")
    check = Draft202012Validator(answer.json())
    document = POLICY.model_dump(mode="json")
    assert check.is_valid(document)
    assert not check.is_valid({**document, "neutral": 100_000_001})
    assert not check.is_valid({**document, "colour": "red"})


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("/v1/policies/sales_process/none", 404, "unknown-policy"),
        ("/v1/policies/sales_process/a b", 422, "invalid-parameter"),
        ("/v1/policies/value_matrix/emea", 422, "invalid-parameter"),
        ("/v1/policies?kind=value_matrix", 422, "invalid-parameter"),
        ("/v1/policies?region=a b", 422, "invalid-parameter"),
    ],
)
def test_what_there_is_not_is_not_answered(there: House, path: str, status: int, rule: str) -> None:
    follow(there)
    answer = asked(there, path)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)
