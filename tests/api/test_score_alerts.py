"""Alerts over HTTP that rest on scores and surveys, looked at when a day is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from events.policies.approval_route import RoleHolder
from tests.api.closes import Close, bands_are, closes_at
from tests.api.conftest import House
from tests.api.warnings import (
    ago,
    asked,
    company,
    day_closes,
    in_force,
    noticed,
    rule,
    told,
)
from tests.examples.approvals import route, step
from tests.examples.cast import ANN, BEA

pytestmark = pytest.mark.postgres

BEAS_KEY: Final = "kl_bea_s"
YESTERDAY: Final = datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture
def there(house: House) -> House:
    """A house with the company."""
    house.ask(company)
    return house


def has_rule(house: House, document: dict[str, Any], rule_id: str = "r1") -> None:
    async def act(client: httpx.AsyncClient) -> None:
        await in_force(client, rule_id, document)

    house.ask(act)


def alerts(house: House) -> list[dict[str, Any]]:
    found = asked(house, "/v1/alerts").json()["items"]
    return sorted(found, key=lambda one: str(one["caused_on"]))


def closes(house: House, *scores: int | Close | None) -> list[int]:
    """How many alerts each of as many days raises, from yesterday on, each closed with a score.

    A score is in hundredths of a point; ``None``: it could not be made.
    """
    counts = []
    for ahead, given in enumerate(scores):
        close = given if isinstance(given, Close) else Close(given)
        closes_at(house, YESTERDAY + timedelta(days=ahead), close)
        day_closes(house, days_ahead=ahead)
        counts.append(noticed(house))
    return counts


# --- health -------------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "count"), [(59_99, 1), (60_00, 0), (60_01, 0)])
def test_a_score_below_60_is_noticed_and_60_is_not(there: House, score: int, count: int) -> None:
    """HLT-09, MET-11: a task for the account manager, a notice for who manages the region."""
    has_rule(there, rule("health_low", "points < 60"))
    assert closes(there, score) == [count]
    assert len(asked(there, f"/v1/tasks?owner={ANN}").json()["items"]) == count
    notices = asked(there, "/v1/notices?read=false", key=BEAS_KEY).json()["items"]
    assert len(notices) == count
    for alert in alerts(there):
        assert (alert["owner_id"], alert["notified_ids"]) == (ANN, [ANN, BEA])
        assert (alert["rule_id"], alert["rule_version"]) == ("r1", 1)
        assert alert["actions"] == [{"kind": "call", "text": "Call them."}]
        facts = alert["facts"]
        assert (facts["score_millionths"], facts["points"]) == (59_990_000, 59)
        assert (facts["policy_id"], facts["policy_version"], facts["policy_changed"]) == (
            "emea",
            1,
            False,
        )


@pytest.mark.parametrize(("score", "count"), [(59_99, 1), (60_00, 0)])
def test_a_bound_in_millionths_is_as_exact(there: House, score: int, count: int) -> None:
    """HLT-09."""
    has_rule(there, rule("health_low", "score_millionths < 60000000"))
    assert closes(there, score) == [count]


def test_a_stretch_below_raises_one_alert_and_the_next_another(there: House) -> None:
    has_rule(there, rule("health_low", "points < 60"))
    assert closes(there, 70_00, 59_00, 40_00, 60_00, 59_99, 59_99) == [0, 1, 0, 0, 1, 0]
    first, second = (one["caused_on"] for one in alerts(there))
    assert (first, second) == tuple(
        (YESTERDAY + timedelta(days=ahead)).isoformat() for ahead in (1, 4)
    )


def test_no_score_is_not_a_low_one_and_ends_a_stretch(there: House) -> None:
    has_rule(there, rule("health_low", "points < 60"))
    assert closes(there, None, 50_00, None, 50_00) == [0, 1, 0, 1]


def test_a_rule_that_comes_into_force_notices_what_is_low_already(there: House) -> None:
    assert closes(there, 50_00, 50_00) == [0, 0]
    has_rule(there, rule("health_low", "points < 60"))
    for ahead in (2, 3):
        closes_at(there, YESTERDAY + timedelta(days=ahead), Close(50_00))
        day_closes(there, days_ahead=ahead)
    assert noticed(there) == 1


def test_an_alert_says_that_another_version_of_the_policy_made_the_score(there: House) -> None:
    has_rule(there, rule("health_low", "points < 60"))
    assert closes(there, 61_00, Close(59_00, policy_version=2)) == [0, 1]
    facts = alerts(there)[0]["facts"]
    assert (facts["policy_version"], facts["policy_changed"]) == (2, True)
    assert facts["fell_millionths"] == 2_000_000


def test_a_fall_alone_may_be_a_condition(there: House) -> None:
    has_rule(there, rule("health_low", "fell_millionths >= 10000000"))
    assert closes(there, 90_00, 80_01, 70_01, 65_00) == [0, 0, 1, 0]


def test_each_threshold_of_the_policy_has_a_stretch_of_its_own(there: House) -> None:
    has_rule(there, rule("health_threshold", "true"))
    watch, both = {"watch": True, "act": False}, {"watch": True, "act": True}
    days = (Close(70_00, alerts=watch), Close(50_00, alerts=both), Close(50_00, alerts=both))
    assert closes(there, Close(80_00, alerts={"watch": False}), *days) == [0, 1, 1, 0]
    assert [one["facts"]["threshold"] for one in alerts(there)] == ["watch", "act"]


def test_one_threshold_may_be_meant_alone(there: House) -> None:
    has_rule(there, rule("health_threshold", "threshold == 'act'"))
    both = {"watch": True, "act": True}
    assert closes(there, Close(70_00, alerts={"watch": True}), Close(50_00, alerts=both)) == [0, 1]


def test_a_band_that_fell_is_noticed_once_for_each_fall(there: House) -> None:
    has_rule(there, rule("health_band_fell", "true"))
    bands_are(there, 1, red=50, amber=80, green=100)
    days = (
        Close(90_00, band="green"),
        Close(79_00, band="amber"),
        Close(60_00, band="amber"),
        Close(49_00, band="red"),
        Close(90_00, band="green"),
        Close(79_00, band="amber"),
    )
    assert closes(there, *days) == [0, 1, 0, 1, 0, 1]
    fell = [(one["facts"]["before"], one["facts"]["after"]) for one in alerts(there)]
    assert fell == [("green", "amber"), ("amber", "red"), ("green", "amber")]


def test_bands_are_lower_as_the_policy_of_the_day_orders_them(there: House) -> None:
    """The new version calls amber what the old one called green: the score is the same."""
    has_rule(there, rule("health_band_fell", "policy_changed"))
    bands_are(there, 1, red=50, green=100)
    bands_are(there, 2, red=50, amber=95, green=100)
    days = (
        Close(90_00, band="green"),
        Close(90_00, band="amber", policy_version=2),
        Close(96_00, band="green", policy_version=2),
    )
    assert closes(there, *days) == [0, 1, 0]
    assert alerts(there)[0]["facts"]["fell_millionths"] == 0


def test_a_band_the_new_policy_does_not_have_is_compared_by_the_score(there: House) -> None:
    has_rule(there, rule("health_band_fell", "true"))
    bands_are(there, 2, poor=50, fine=100)
    days = (Close(70_00, band="amber"), Close(71_00, band="fine", policy_version=2))
    assert closes(there, *days) == [0, 0]


# --- scores as they are derived -------------------------------------------------------------

POLICY: Final = {
    "groups": [{"group_id": "all", "title": "All", "weight": 1}],
    "weights_add_up_to": None,
    "components": [
        {
            "component_id": "promotion",
            "title": "Whether they would recommend us",
            "group_id": "all",
            "kinds": ["nps_answer"],
            "window_days": 365,
            "measure": {"aggregation": "last"},
            "mapping": {
                "mapping": "steps",
                "steps": [
                    {"above": None, "up_to": 5_000_000, "points": 59_990_000},
                    {"above": 5_000_000, "up_to": 6_000_000, "points": 60_000_000},
                    {"above": 6_000_000, "up_to": None, "points": 90_000_000},
                ],
            },
            "weight": 1,
            "missing": "skip",
        }
    ],
    "neutral": 50_000_000,
    "caps": [],
    "bands": [
        {"band_id": "red", "title": "Red", "above": 0, "up_to": 59_990_000},
        {"band_id": "amber", "title": "Amber", "above": 59_990_000, "up_to": 80_000_000},
        {"band_id": "green", "title": "Green", "above": 80_000_000, "up_to": 100_000_000},
    ],
    "rounding": {"component": 2, "group": 2, "score": 2},
    "alerts": [{"alert_id": "warning", "title": "Warning", "below": 60_000_000}],
}


ROUTE: Final = route(("true", step(RoleHolder(role="sales_manager", level="region")))).model_dump(
    mode="json"
)


async def scored(house: House) -> None:
    """Have Europe be scored under the policy, as its manager has agreed."""
    place = {"region_id": "emea"}
    about = {**place, "subject_kind": "scoring_policy"}
    in_force = {"version": 1, "effective_on": "2020-01-01"}
    async with house.client() as client, house.client(BEAS_KEY) as bea:
        await told(client, "draft-approval-route", document=ROUTE, **about)
        await told(client, "activate-approval-route", **in_force, **about)
        await told(client, "draft-scoring-policy", document=POLICY, **place)
        asked_for = {"version": 1, "approval_id": "s1", "requester_id": ANN}
        await told(client, "propose-scoring-policy", **asked_for, **place)
        await told(bea, "decide-approval", approval_id="s1", step=1, decision="approved")
        await told(client, "activate-scoring-policy", **in_force, **place)


@pytest.mark.parametrize(("answer", "count"), [(5, 1), (6, 0), (7, 0)])
def test_a_derived_score_is_noticed_by_points_and_by_threshold(
    there: House, answer: int, count: int
) -> None:
    """HLT-09, MET-11: 59.99 is below 60, and 60 is not."""
    asyncio.run(scored(there))
    answered(there, (3, answer))
    has_rule(there, rule("health_low", "points < 60"), "low")
    has_rule(there, rule("health_threshold", "threshold == 'warning'"), "warned")
    day_closes(there)
    assert [noticed(there), noticed(there)] == [2 * count, 0]
    for alert in alerts(there):
        facts = alert["facts"]
        assert (facts["score_millionths"], facts["band"]) == (59_990_000, "red")
        assert (facts["policy_id"], facts["policy_version"]) == ("emea", 1)
        assert alert["events"][0] == "survey_answer-a0/1"


def test_a_derived_band_that_fell_is_noticed_at_the_close_of_its_day(there: House) -> None:
    asyncio.run(scored(there))
    answered(there, (3, 9))
    has_rule(there, rule("health_band_fell", "true"))
    day_closes(there)
    assert noticed(there) == 0
    answered(there, (1, 6), first=1)
    day_closes(there, days_ahead=1)
    assert [noticed(there), noticed(there)] == [1, 0]
    (alert,) = alerts(there)
    assert (alert["facts"]["before"], alert["facts"]["after"]) == ("green", "amber")
    assert alert["events"][0] == "survey_answer-a1/1"


# --- NPS -----------------------------------------------------------------------------------


def answered(house: House, *answers: tuple[int, int], first: int = 0) -> None:
    """Answers to how likely they are to recommend us: so many days ago, so many of 10."""

    async def act(client: httpx.AsyncClient) -> None:
        for number, (days, score) in enumerate(answers, start=first):
            await told(
                client,
                "record-survey-answer",
                answer_id=f"a{number}",
                survey_id="yearly",
                account_id="acme",
                kind="nps",
                score=score,
                scale=10,
                occurred_at=ago(days),
            )

    house.ask(act)


# Of the ten days that end yesterday, and of the ten before: 11 days ago is the first of the latter.
@pytest.mark.parametrize(
    ("answers", "count"),
    [
        (((11, 10), (10, 6)), 1),
        (((20, 10), (1, 8)), 1),
        (((21, 10), (1, 8)), 0),  # nobody was asked before
        (((20, 8), (1, 8)), 0),
        (((20, 6), (1, 8)), 0),
        (((20, 10), (10, 10), (1, 6)), 1),
    ],
)
def test_nps_that_fell_over_a_window_is_noticed(
    there: House, answers: tuple[tuple[int, int], ...], count: int
) -> None:
    """KAM-20, KAM-21."""
    answered(there, *answers)
    has_rule(there, rule("nps_fell", "fell_bp >= 10000", window_days=10))
    day_closes(there)
    assert [noticed(there), noticed(there)] == [count, 0]
    for alert in alerts(there):
        last = len(answers) - 1
        assert alert["events"][0] == f"survey_answer-a{last}/1"
        facts = alert["facts"]
        assert facts["before_bp"] - facts["after_bp"] == facts["fell_bp"]
        assert facts["answers"] + facts["answers_before"] == len(answers)


@pytest.mark.parametrize(("least", "count"), [(6_666, 1), (6_667, 0)])
def test_how_much_nps_fell_is_exact_at_a_bound(there: House, least: int, count: int) -> None:
    """From 100 to 33 1/3: by 66 2/3 points, of which whole hundredths count."""
    answered(there, (15, 10), (3, 10), (2, 8), (1, 8))
    has_rule(there, rule("nps_fell", f"fell_bp >= {least}", window_days=10))
    day_closes(there)
    assert noticed(there) == count


def test_nps_that_stays_low_raises_one_alert(there: House) -> None:
    answered(there, (20, 10), (1, 6))
    has_rule(there, rule("nps_fell", "true", window_days=10))
    day_closes(there)
    day_closes(there, days_ahead=1)
    assert noticed(there) == 1
    has_rule(there, rule("nps_fell", "answers >= 2", window_days=10), "enough")
    day_closes(there, days_ahead=2)
    assert noticed(there) == 0


def test_an_answer_that_was_never_given_raises_nothing(there: House) -> None:
    answered(there, (20, 10), (1, 6))

    async def act(client: httpx.AsyncClient) -> None:
        await told(client, "withdraw-survey-answer", answer_id="a1", reason="another company")

    there.ask(act)
    has_rule(there, rule("nps_fell", "true", window_days=10))
    day_closes(there)
    assert noticed(there) == 0
