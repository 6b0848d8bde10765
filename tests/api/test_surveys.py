"""Survey answers and signals through the doors."""

import csv
from typing import Any

import pytest

from tests.api.conftest import House, issue
from tests.api.test_interactions import ASKED, carry_out, get, items
from tests.examples.cast import UMA, VIC

pytestmark = pytest.mark.postgres

YEAR = "first_day=2026-01-01&last_day=2026-12-31"


def answered(answer_id: str, on: str, score: int, **fields: Any) -> tuple[str, dict[str, Any]]:
    return (
        "record-survey-answer",
        {
            "answer_id": answer_id,
            "survey_id": "spring",
            "account_id": "acme",
            "kind": "nps",
            "score": score,
            "occurred_at": on,
            **fields,
        },
    )


ANSWERS = (
    answered("n1", "2026-01-01", 9, contact_id=UMA, comment="Keep it up."),
    answered("n2", "2026-03-01", 10),
    answered("n3", "2026-03-31", 8),
    answered("n4", "2026-04-01", 6, contact_id=VIC),
    answered("n5", "2026-03-01", 0, account_id="bolt"),
    answered("c1", "2026-02-01", 4, kind="csat"),
    answered("c2", "2026-02-02", 3, kind="csat"),
    answered("c3", "2026-02-03", 8, kind="csat", scale=10),
)


@pytest.fixture
def asked(house: House) -> House:
    carry_out(house, *ASKED[:9])
    carry_out(house, *ANSWERS, key="a")
    return house


def test_answers_are_told_one_by_one(asked: House) -> None:
    found = items(asked, "/v1/survey-answers?account=acme&kind=nps")
    assert [one["answer_id"] for one in found] == ["n1", "n2", "n3", "n4"]
    assert (found[0]["score"], found[0]["comment"]) == (9, "Keep it up.")
    assert found[0]["occurred_at"] < "2026-01-02" < found[0]["recorded_at"]
    assert [one["answer_id"] for one in items(asked, f"/v1/survey-answers?contact={VIC}")] == ["n4"]
    assert items(asked, "/v1/survey-answers?survey=autumn") == []
    assert len(items(asked, "/v1/survey-answers?survey=spring&as_of=2026-02-03")) == 4


def test_one_answer_is_told_also_when_it_was_withdrawn(asked: House) -> None:
    carry_out(asked, ("withdraw-survey-answer", {"answer_id": "n1", "reason": "No"}), key="w")
    answer = get(asked, "/v1/survey-answers/n1")
    assert (answer.json()["item"]["withdrawn"], answer.headers["ETag"]) == (True, '"2"')
    assert "n1" not in [one["answer_id"] for one in items(asked, "/v1/survey-answers")]
    assert get(asked, "/v1/survey-answers/none").json()["rule"] == "unknown-survey-answer"


def test_nps_of_each_account_in_a_period(asked: House) -> None:
    """MET-02: promoters minus detractors in percent of all, with the definition beside it."""
    answer = get(asked, f"/v1/nps?{YEAR}").json()
    assert answer["metric"]["metric_id"] == "nps"
    assert answer["items"] == [
        {"account_id": "acme", "promoters": 2, "passives": 1, "detractors": 1, "nps_bp": 2_500},
        {"account_id": "bolt", "promoters": 0, "passives": 0, "detractors": 1, "nps_bp": -10_000},
    ]


@pytest.mark.parametrize(
    ("days", "points"),
    [
        ("first_day=2026-01-01&last_day=2026-03-31", 6_667),
        ("first_day=2026-01-02&last_day=2026-03-30", 10_000),
        ("first_day=2026-03-31&last_day=2026-04-01", -5_000),
        ("first_day=2026-05-01&last_day=2026-05-31", None),
        ("first_day=2026-05-31&last_day=2026-05-01", None),
    ],
)
def test_both_ends_of_a_period_are_in_it(asked: House, days: str, points: int | None) -> None:
    """MET-02."""
    found = items(asked, f"/v1/nps?{days}&account=acme")
    assert [one["nps_bp"] for one in found] == ([] if points is None else [points])


def test_csat_of_each_account_in_a_period(asked: House) -> None:
    """MET-01: 4 of 5 is satisfied, 3 is not, and 8 of 10 is as high as 4 of 5."""
    answer = get(asked, f"/v1/csat?{YEAR}").json()
    assert answer["metric"]["metric_id"] == "csat"
    assert answer["items"] == [
        {"account_id": "acme", "satisfied": 2, "total": 3, "csat_pct": 67},
    ]


def test_a_period_is_asked_for(asked: House) -> None:
    assert get(asked, "/v1/csat?first_day=2026-01-01").status_code == 422


def test_pages_of_accounts_follow_each_other(asked: House) -> None:
    first = get(asked, f"/v1/nps?{YEAR}&limit=1").json()
    second = get(asked, f"/v1/nps?{YEAR}&limit=1&cursor={first['next']}").json()
    assert [one["account_id"] for page in (first, second) for one in page["items"]] == [
        "acme",
        "bolt",
    ]


def test_a_correction_counts_as_it_was_known(asked: House) -> None:
    """MET-02: with the score that is known, and at a past time the one that was."""
    before = get(asked, "/v1/survey-answers/n4").json()["item"]["recorded_at"]
    correction = {"answer_id": "n4", "survey_id": "spring", "kind": "nps", "score": 9}
    carry_out(asked, ("correct-survey-answer", {**correction, "reason": "Misread"}), key="c")
    at = f"/v1/nps?{YEAR}&account=acme"
    assert [one["nps_bp"] for one in items(asked, at)] == [7_500]
    known = f"{at}&known_at={before.replace('+', '%2B')}"
    assert [one["nps_bp"] for one in items(asked, known)] == [2_500]


def test_a_table_has_the_same_rows(asked: House) -> None:
    answer = get(asked, f"/v1/nps?{YEAR}", Accept="text/csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["account_id"], row["nps_bp"]) for row in rows] == [
        ("acme", "2500"),
        ("bolt", "-10000"),
    ]


@pytest.mark.parametrize(
    ("fields", "rule", "status"),
    [
        ({"score": 11}, "invalid-body", 422),
        ({"kind": "csat", "score": 6}, "score-off-scale", 422),
        ({"comment": "Hm"}, "comment-without-contact", 422),
        ({"account_id": "none"}, "unknown-account", 404),
    ],
)
def test_what_is_wrong_is_named(
    asked: House, fields: dict[str, Any], rule: str, status: int
) -> None:
    command, told = answered("bad", "2026-03-01", 5)

    async def ask(client: Any) -> Any:
        return await issue(client, command, "bad", **told | fields)

    answer = asked.ask(ask)
    assert (answer.json()["rule"], answer.status_code) == (rule, status)


def test_signals_of_an_account_are_told_last_first(asked: House) -> None:
    found = items(asked, "/v1/accounts/acme/signals")
    assert [(one["kind"], one["magnitude"]) for one in found] == [
        ("csat_answer", 4_111_111),
        ("csat_answer", 3_000_000),
        ("csat_answer", 4_000_000),
        ("nps_answer", 6_000_000),
        ("nps_answer", 8_000_000),
        ("nps_answer", 10_000_000),
        ("nps_answer", 9_000_000),
    ]
    assert found[0]["event_id"] == "survey_answer-c3/1"
    first = get(asked, "/v1/accounts/acme/signals?kind=nps_answer&limit=3").json()
    rest = f"/v1/accounts/acme/signals?kind=nps_answer&limit=3&cursor={first['next']}"
    assert [one["magnitude"] for one in items(asked, rest)] == [9_000_000]
    assert items(asked, "/v1/accounts/acme/signals?as_of=2025-12-31") == []
    assert get(asked, "/v1/accounts/acme/signals?kind=none").status_code == 422
    assert get(asked, "/v1/accounts/none/signals").json()["rule"] == "unknown-account"
