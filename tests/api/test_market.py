"""Competitors and trainings over HTTP: listed, as of a day, and as it was known."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import House
from tests.api.following import follow
from tests.api.warnings import ago, asked, company, day_ago, sale, told
from tests.examples.cast import ANN, BEA

pytestmark = pytest.mark.postgres


async def trained(client: httpx.AsyncClient) -> None:
    """Ann has two certificates, one of which has lapsed; what Bea had was not so."""
    await company(client)
    for name, employee, course, completed, expires in (
        ("t1", ANN, "negotiation", 300, 100),
        ("t2", ANN, "planning", 50, None),
        ("t3", BEA, "planning", 50, None),
    ):
        await told(
            client,
            "record-training",
            training_id=name,
            employee_id=employee,
            course_id=course,
            completed_on=day_ago(completed),
            expires_on=None if expires is None else day_ago(expires),
        )
    await told(client, "revoke-training", training_id="t3", reason="another Bea")


@pytest.fixture
def learnt(house: House) -> House:
    """A house in which that happened."""
    house.ask(trained)
    follow(house)
    return house


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["t1", "t2"]),
        (f"employee={ANN}&counts=true", ["t2"]),
        ("counts=false", ["t1"]),
        (f"employee={BEA}", []),
        ("course=planning", ["t2"]),
        (f"as_of={day_ago(100)}&counts=true", ["t1"]),
        (f"as_of={day_ago(99)}&counts=true", []),
        (f"as_of={day_ago(300)}", ["t1"]),
        (f"as_of={day_ago(301)}", []),
        ("known_at=2020-01-01T00:00:00Z", []),
    ],
)
def test_trainings_count_from_their_day_to_their_last(
    learnt: House, query: str, found: list[str]
) -> None:
    """KAM-27."""
    items = asked(learnt, f"/v1/trainings?{query}").json()["items"]
    assert [one["training_id"] for one in items] == found


def test_the_team_of_an_account_says_what_each_has_completed(learnt: House) -> None:
    """KAM-27."""

    def manager(query: str = "") -> list[dict[str, Any]]:
        found = asked(learnt, f"/v1/accounts/acme{query}").json()
        trainings: list[dict[str, Any]] = found["team"]["account_manager"]["trainings"]
        assert found["owner"]["trainings"] == trainings
        return trainings

    assert manager() == [{"course_id": "planning", "completed_on": day_ago(50), "expires_on": None}]
    assert [one["course_id"] for one in manager(f"?as_of={day_ago(200)}")] == ["negotiation"]


def test_trainings_are_answered_as_csv(learnt: House) -> None:
    text = asked(learnt, "/v1/trainings", accept="text/csv").text
    assert text.splitlines()[0].startswith("training_id,version,employee_id,course_id")


def test_competitors_are_listed_until_they_have_left(house: House) -> None:
    """KAM-20."""

    async def compete(client: httpx.AsyncClient) -> None:
        await company(client)
        await sale(client, "o1", "gtx", 20)
        for entry, opportunity in (("e1", "o1"), ("e2", None)):
            await told(
                client,
                "record-competitor",
                entry_id=entry,
                account_id="acme",
                opportunity_id=opportunity,
                competitor="Globex",
                attacks="our price",
                evidence="their offer",
                occurred_at=ago(10),
            )
        await told(client, "record-competitor-left", entry_id="e2", reason="no stock")

    house.ask(compete)
    follow(house)

    def entries(query: str) -> list[str]:
        items = asked(house, f"/v1/competitors?{query}").json()["items"]
        return [one["entry_id"] for one in items]

    assert entries("account=acme") == ["e1", "e2"]
    assert entries("active=true") == ["e1"]
    assert entries("opportunity=o1") == ["e1"]
    assert entries("active=true&as_of=" + day_ago(5)) == ["e1", "e2"]
    assert entries("as_of=" + day_ago(11)) == []
    assert entries("account=globex") == []
    text = asked(house, "/v1/competitors", accept="text/csv").text
    assert len(text.splitlines()) == 3
