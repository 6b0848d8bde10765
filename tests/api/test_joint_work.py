"""Joint projects and value over HTTP: milestones, both parties, what was gained and confirmed."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.planning import asked, company, plan, told
from tests.examples.cast import ANN
from tests.examples.planning import CONTACT

pytestmark = pytest.mark.postgres


def claim(name: str, measured: str, **more: Any) -> dict[str, Any]:
    """Scrap went down from 4.5 percent."""
    return {
        "claim_id": name,
        "account_id": "acme",
        "metric": "scrap",
        "unit": "percent",
        "baseline": "4.5",
        "measured": measured,
        "measured_on": "2026-02-01",
        "better": "lower",
        "evidence": "Monthly report.",
        **more,
    }


async def work(client: httpx.AsyncClient) -> None:
    """A project of the plan p1, and three claims: of the project, of the plan, and withdrawn."""
    await company(client)
    await plan(client, "p1")
    await told(
        client,
        "start-joint-project",
        project_id="j1",
        account_id="acme",
        name="New alloy",
        plan_id="p1",
        objective_id="grow",
    )
    one: dict[str, Any] = {"project_id": "j1"}
    for milestone in ("m1", "m2"):
        await told(
            client,
            "add-project-milestone",
            **one,
            milestone_id=milestone,
            name="Melt",
            due_on="2026-05-01",
        )
    await told(client, "record-milestone-met", **one, milestone_id="m1", met_on="2026-04-01")
    for party, person in (("ours", ANN), ("customers", CONTACT)):
        await told(client, "add-project-member", **one, party=party, person_id=person, duty="melts")
    await told(client, "change-project-status", **one, status="at_risk", reason="no furnace")
    await told(client, "claim-value", **claim("v1", "3.25", project_id="j1"))
    await told(client, "claim-value", **claim("v2", "4", plan_id="p1"))
    await told(client, "claim-value", **claim("v3", "0", plan_id="p1"))
    await told(client, "withdraw-value-claim", claim_id="v3", reason="another plant")
    await told(
        client,
        "confirm-value-claim",
        claim_id="v1",
        contact_id=CONTACT,
        confirmed_on="2026-03-01",
        how="letter",
    )


@pytest.fixture
def worked(house: House) -> House:
    """A house in which that happened."""
    house.ask(work)
    return house


def test_a_project_is_answered_whole(worked: House) -> None:
    """KAM-15: milestones, both parties' members, status history."""
    answer = asked(worked, "/v1/joint-projects/j1")
    item = answer.json()["item"]
    assert answer.headers["ETag"] == f'"{item["version"]}"'
    assert [(one["milestone_id"], one["state"]) for one in item["milestones"]] == [
        ("m1", "met"),
        ("m2", "open"),
    ]
    assert {(one["party"], one["person_id"]) for one in item["members"]} == {
        ("ours", ANN),
        ("customers", CONTACT),
    }
    assert [(one["state"], one["reason"]) for one in item["status_history"]] == [
        ("on_track", None),
        ("at_risk", "no furnace"),
    ]


def test_projects_are_listed(worked: House) -> None:
    for query, found in (("account=acme&plan=p1&state=at_risk", 1), ("state=paused", 0)):
        answer = asked(worked, f"/v1/joint-projects?{query}").json()
        assert len(answer["items"]) == found, query
    assert asked(worked, "/v1/joint-projects", "text/csv").text.splitlines()[1].startswith("j1,")
    gone = asked(worked, "/v1/joint-projects/j1?as_of=2020-01-01")
    assert (gone.status_code, gone.json()["rule"]) == (404, "unknown-project")


def test_a_claim_has_baseline_measured_value_and_confirmation(worked: House) -> None:
    """KAM-17."""
    item = asked(worked, "/v1/value-claims/v1").json()["item"]
    assert (item["baseline"], item["measured"], item["gained"]) == ("4.5", "3.25", "1.25")
    assert (item["state"], item["contact_id"], item["confirmed_on"], item["how"]) == (
        "confirmed",
        CONTACT,
        "2026-03-01",
        "letter",
    )


def test_claims_are_listed(worked: House) -> None:
    for query, found in (
        ("account=acme", ["v1", "v2", "v3"]),
        ("state=confirmed&plan=p1&project=j1", ["v1"]),
        ("state=claimed", ["v2"]),
        ("account=other", []),
    ):
        items = asked(worked, f"/v1/value-claims?{query}").json()["items"]
        assert [one["claim_id"] for one in items] == found, query
    missing = asked(worked, "/v1/value-claims/none")
    assert (missing.status_code, missing.json()["rule"]) == (404, "unknown-claim")
    assert len(asked(worked, "/v1/value-claims", "text/csv").text.splitlines()) == 4


@pytest.mark.parametrize(("per", "plan_id"), [("account", None), ("plan", "p1")])
def test_value_delivered_is_claimed_and_confirmed_apart(
    worked: House, per: str, plan_id: str | None
) -> None:
    """KAM-17: value delivered per plan and account."""
    (item,) = asked(worked, f"/v1/value-delivered?per={per}").json()["items"]
    expected = {
        "account_id": "acme",
        "plan_id": plan_id,
        "metric": "scrap",
        "unit": "percent",
        "claims": 1,
        "claimed": "0.5",
        "confirmations": 1,
        "confirmed": "1.25",
    }
    assert item == expected
    if per == "plan":
        whole = asked(worked, "/v1/account-plans/p1").json()["item"]
        assert whole["value_delivered"] == [expected]
    assert asked(worked, "/v1/value-delivered?account=other").json()["items"] == []
    assert asked(worked, "/v1/value-delivered", "text/csv").text.count("acme") == 1


def test_what_the_customer_has_confirmed_is_not_corrected(worked: House) -> None:
    """KAM-17."""

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        fields = claim("v1", "3") | {"reason": "x"}
        del fields["account_id"]
        return await issue(client, "correct-value-claim", "late", **fields)

    answer = worked.ask(question)
    assert (answer.status_code, answer.json()["rule"]) == (409, "claim-confirmed")
