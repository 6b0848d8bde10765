"""KAM-04: each part of the whole account as of a day, cut where it grows long, and never empty."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import pytest

from events.accounts.account import AccountOwnerChanged
from events.accounts.account_class import AccountClassified
from events.accounts.contact import (
    ContactAssessed,
    ContactRegistered,
    ContactReportsToChanged,
    ContactRoleChanged,
)
from events.accounts.interaction import InteractionLogged
from events.accounts.relationship import RelationshipEstablished
from events.event import Event
from events.service.survey import SurveyAnswerWithdrawn
from readmodels.account_360 import interactions, people, planning, surveys, warnings
from readmodels.account_360.view import account_360
from readmodels.account_teams import account_gaps
from tests.examples import approvals as signing
from tests.examples import planning as plan
from tests.examples import scores as scoring
from tests.examples import warnings as noticed
from tests.examples.cast import ANN, BEA, UMA, VIC, WIM
from tests.examples.histories import CLASSIFIED, DEPTH_ACTIVATED, DEPTH_DRAFTED, LOGGED
from tests.examples.surveys import ANSWERED, CONTENT
from tests.readmodels.company import COMPANY
from tests.readmodels.conftest import Fact, Told

pytestmark = pytest.mark.postgres

DAY: Final = timedelta(days=1)
WITHDRAWAL: Final = SurveyAnswerWithdrawn(answer_id="s4", account_id="acme", reason="a test")
STREAMS: Final = {
    "account_plan": "plan_id",
    "joint_project": "project_id",
    "value_claim": "claim_id",
    "contract": "contract_id",
    "approval": "approval_id",
    "interaction": "interaction_id",
    "contact": "contact_id",
}


def on(day: str, *events: Event) -> Iterable[Fact]:
    """Facts of one day, each on the stream of what it is about."""
    for event in events:
        thing = event.NAME.partition(".")[0]
        yield day, f"{thing}-{getattr(event, STREAMS[thing])}", event


def whole(tell: Told, as_of: str, account_id: str = "acme") -> dict[str, Any]:
    """The sections of the account at the end of the day."""
    day = date.fromisoformat(as_of)
    with tell.asked() as (connection, stand):
        found = account_360(connection, stand.moment(day), account_id, day=day, zone=stand.zone)
    assert found is not None
    return dict(found[1])


def met(contact_id: str, name: str) -> ContactRegistered:
    return ContactRegistered(
        contact_id=contact_id,
        account_id="acme",
        name=name,
        email=None,
        phone=None,
        title="Head",
        department="Purchasing",
    )


def logged(number: int, day: str, **fields: Any) -> Fact:
    event = InteractionLogged.model_validate(
        {**LOGGED.model_dump(), "interaction_id": f"i{number}", **fields}
    )
    return day, f"interaction-i{number}", event


@pytest.fixture
def told(tell: Told) -> Told:
    tell.tell(*COMPANY)
    return tell


def test_nothing_is_told_of_an_account_with_nothing(told: Told) -> None:
    found = whole(told, "2026-01-01")
    counted = (
        *("people", "interactions", "surveys", "alerts", "outcomes"),
        *("plans", "projects", "value", "contracts", "approvals"),
    )
    assert {name: found[name]["count"] for name in counted} == dict.fromkeys(counted, 0)
    assert (found["surveys"]["nps_bp"], found["surveys"]["csat_pct"]) == (None, None)
    assert found["ranking"] is None
    assert found["people"]["coverage"] is None
    assert (found["depth"]["policy"], found["depth"]["level"]) == (None, None)
    assert found["interactions"]["rating_centi"] is None
    assert found["interactions"]["follow_ups"] == {"open": 0, "overdue": 0, "first_due": []}


def test_people_stand_in_their_reporting_line_with_who_knows_them_best(told: Told) -> None:
    told.tell(
        *on("2026-01-01", met(UMA, "Uma"), met(VIC, "Vic"), met(WIM, "Wim")),
        *on(
            "2026-01-02",
            ContactReportsToChanged(contact_id=UMA, account_id="acme", reports_to=WIM),
            ContactRoleChanged(contact_id=WIM, account_id="acme", role="decision_maker"),
            ContactRoleChanged(contact_id=VIC, account_id="acme", role="user"),
            ContactAssessed(contact_id=WIM, account_id="acme", influence=5, sentiment=2),
        ),
        *(
            (
                "2026-01-03",
                f"relationship-{employee_id}-{UMA}",
                RelationshipEstablished(
                    employee_id=employee_id, contact_id=UMA, account_id="acme", strength=strength
                ),
            )
            for employee_id, strength in ((ANN, 2), (BEA, 4))
        ),
    )
    found = whole(told, "2026-01-03")["people"]
    assert found["decision_makers"] == [WIM]
    assert [(one["contact_id"], one["level"]) for one in found["contacts"]] == [
        (WIM, 0),
        (UMA, 1),
        (VIC, 0),
    ]
    uma = found["contacts"][1]
    assert (uma["known_by"], uma["strength"], uma["best_known_to"]) == (2, 4, BEA)
    assert (uma["reports_to"], uma["department"]) == (WIM, "Purchasing")
    assert (found["contacts"][0]["influence"], found["contacts"][0]["known_by"]) == (5, 0)
    before = whole(told, "2026-01-01")["people"]
    assert (before["count"], before["decision_makers"]) == (3, [])


def test_more_people_than_are_told_are_counted(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PEOPLE_MAX", 2)
    told.tell(*on("2026-01-01", met(UMA, "Uma"), met(VIC, "Vic"), met(WIM, "Wim")))
    found = whole(told, "2026-01-01")["people"]
    assert (found["count"], len(found["contacts"])) == (3, 2)


def test_interactions_are_counted_by_kind_and_the_latest_told(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "LATEST", 2)
    told.tell(
        logged(1, "2026-01-10T09:00", kind="call", rating=4, follow_ups=()),
        logged(2, "2026-02-10T09:00", kind="call", rating=5, follow_ups=()),
        logged(3, "2026-03-02T09:00", rating=None),
    )
    found = whole(told, "2026-03-02")["interactions"]
    assert (found["count"], found["rating_centi"]) == (3, 450)
    kinds = {one["kind"]: (one["count"], one["last_at"].day) for one in found["kinds"]}
    assert kinds == {"call": (2, 10), "executive_visit": (1, 2)}
    assert [one["interaction_id"] for one in found["latest"]] == ["i3", "i2"]
    assert whole(told, "2026-02-09")["interactions"]["count"] == 1


@pytest.mark.parametrize(("day", "overdue"), [("2026-03-09", 0), ("2026-03-10", 1)])
def test_a_follow_up_is_overdue_the_day_after_it_was_due(
    told: Told, day: str, overdue: int
) -> None:
    told.tell(logged(1, "2026-03-02T09:00"))
    found = whole(told, day)["interactions"]["follow_ups"]
    assert (found["open"], found["overdue"]) == (1, overdue)
    assert [(one["due_on"], one["overdue"]) for one in found["first_due"]] == [
        ("2026-03-09", bool(overdue))
    ]


def test_health_is_told_with_what_has_changed_it(told: Told) -> None:
    """MET-10: a visit of a week ago that fades, and a promoter since."""
    owned = AccountOwnerChanged(account_id="acme", owner_id=ANN, region_id="emea")
    promoter = ANSWERED.model_copy(update={"kind": "nps", "score": 9, "scale": 10, "comment": None})
    told.tell(
        ("2026-02-28", "account-acme", owned),
        logged(1, "2026-03-01T09:00"),
        ("2026-03-08", "survey_answer-s1", promoter),
    )
    assert whole(told, "2026-03-08")["health"] is None
    told.tell(
        *(("2026-03-08", "scoring_policy-emea", fact) for fact in scoring.LIFE),
    )
    found = whole(told, "2026-03-08")["health"]
    assert (found["policy_id"], found["policy_version"]) == ("emea", 1)
    (promoted, nearer) = found["reasons"]
    assert (promoted["component_id"], nearer["component_id"]) == ("promotion", "nearness")
    assert promoted["difference"] == 33_333_333
    assert nearer["difference"] < 0
    assert whole(told, "2026-02-27")["health"] is None


def answered(number: int, day: str, **fields: Any) -> Fact:
    event = CONTENT.model_copy(update={"answer_id": f"s{number}", **fields})
    return day, f"survey_answer-s{number}", event


NPS: Final[dict[str, Any]] = {"kind": "nps", "scale": 10}


def test_answers_are_counted_and_those_of_the_last_year_make_nps_and_csat(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MET-01, MET-02: the 365 days until the day asked about."""
    monkeypatch.setattr(surveys, "LATEST", 2)
    told.tell(
        answered(1, "2025-03-01", score=0, **NPS),
        answered(2, "2025-03-02", score=9, **NPS),
        answered(3, "2026-03-01", score=4),
        answered(4, "2026-03-01", score=3),
        ("2026-03-02", "survey_answer-s4", WITHDRAWAL),
    )
    found = whole(told, "2026-03-01")["surveys"]
    assert (found["count"], found["nps_bp"], found["csat_pct"]) == (3, 10_000, 100)
    assert [one["answer_id"] for one in found["latest"]] == ["s3", "s2"]
    before = whole(told, "2026-02-28")["surveys"]
    assert (before["count"], before["nps_bp"], before["csat_pct"]) == (2, 0, None)


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (1, True)])
def test_alerts_are_counted_by_state_and_told_until_they_are_resolved(
    told: Told, monkeypatch: pytest.MonkeyPatch, days: int, overdue: bool
) -> None:
    """KAM-20, KAM-21: with what is suggested, and over due the day after the due day."""
    monkeypatch.setattr(warnings, "LATEST", 1)
    stream = f"alert-{noticed.ALERT_ID}"
    due_on = noticed.RAISED.due_on
    again = noticed.RAISED.model_copy(update={"alert_id": "later", "due_on": due_on + DAY})
    resolved_on = (due_on + 2 * DAY).isoformat()
    told.tell(
        ("2026-01-05", stream, noticed.RAISED),
        ("2026-01-05", "alert-later", again),
        ("2026-01-06", stream, noticed.ACKNOWLEDGED),
        (resolved_on, stream, noticed.RESOLVED),
    )
    found = whole(told, (due_on + days * DAY).isoformat())["alerts"]
    assert found["count"] == 2
    assert found["states"] == [
        {"state": "acknowledged", "count": 1},
        {"state": "open", "count": 1},
    ]
    (first,) = found["waiting"]
    assert (first["alert_id"], first["overdue"]) == (noticed.ALERT_ID, overdue)
    assert first["actions"]
    (left,) = whole(told, resolved_on)["alerts"]["waiting"]
    assert left["alert_id"] == "later"


def test_depth_is_that_of_the_policy_in_force(told: Told) -> None:
    owned = AccountOwnerChanged(account_id="acme", owner_id=ANN, region_id="emea")
    told.tell(
        ("2026-01-01", "depth_policy-emea", DEPTH_DRAFTED),
        ("2026-01-01", "depth_policy-emea", DEPTH_ACTIVATED),
        logged(1, "2026-03-02T09:00"),
    )
    assert whole(told, "2026-03-02")["depth"]["policy"] is None
    told.tell(("2026-03-03", "account-acme", owned))
    found = whole(told, "2026-03-03")["depth"]
    assert found["policy"] == {"region_id": "emea", "version": 1}
    assert (found["interactions"], found["contacts"]) == (1, 2)
    assert (found["points"], found["level"]) == (10, "thin")


def test_plans_are_told_with_what_their_targets_came_to_and_what_was_gained(told: Told) -> None:
    told.tell(
        *on("2026-01-05", *plan.WHOLE, plan.ACTIVE),
        *on("2026-02-01", plan.CLAIMED),
        *on("2026-04-05", plan.ATTAINED),
    )
    found = whole(told, "2026-04-05")["plans"]
    assert (found["count"], found["active"]) == (1, 1)
    (told_plan,) = found["latest"]
    assert (told_plan["fiscal_year"], told_plan["starts_on"]) == (2026, "2026-01-01")
    assert (told_plan["budget"], told_plan["planned_minor"]) == (
        {"minor": 1_000_00, "currency": "USD"},
        1_000_00,
    )
    assert (told_plan["objectives"], told_plan["unlinked"], told_plan["actions"]) == (2, 1, 2)
    assert (told_plan["targets"], told_plan["recorded"]) == (2, 1)
    attained = {one["metric"]: one["attained"] for one in told_plan["attainment"]}
    assert attained == {"defects": None, "wallet_share_percent": plan.ATTAINED.value}
    assert [(one["metric"], one["claims"]) for one in told_plan["value_delivered"]] == [
        ("scrap", 1)
    ]
    assert whole(told, "2026-04-04")["plans"]["latest"][0]["recorded"] == 0


def test_projects_count_their_milestones_and_value_its_claims(told: Told) -> None:
    told.tell(
        *on("2026-01-05", plan.STARTED, plan.MILESTONE_ADDED, plan.JOINED),
        *on("2026-02-01", plan.CLAIMED),
        *on("2026-02-02", plan.CONFIRMED),
        *on("2026-02-03", plan.MILESTONE_MISSED, plan.AT_RISK),
    )
    before, after = whole(told, "2026-02-01"), whole(told, "2026-02-03")
    milestones = ("open", "met", "missed", "next_due_on", "members", "state")
    assert [
        tuple(one[name] for name in milestones)
        for one in (before["projects"]["latest"][0], after["projects"]["latest"][0])
    ] == [(1, 0, 0, "2026-05-01", 1, "on_track"), (0, 0, 1, None, 1, "at_risk")]
    (then,), (now,) = before["value"]["delivered"], after["value"]["delivered"]
    assert (then["claimed"], then["confirmed"]) == ("1.25", "0")
    assert (now["claimed"], now["confirmed"]) == ("0", "1.25")
    assert after["value"]["latest"][0]["state"] == "confirmed"


def test_withdrawn_claims_are_no_value(told: Told) -> None:
    told.tell(*on("2026-02-01", plan.CLAIMED, plan.CLAIM_WITHDRAWN))
    assert whole(told, "2026-02-01")["value"] == {"count": 0, "delivered": [], "latest": []}


def test_later_years_come_first_and_no_more_than_the_most(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PLANS_MAX", 2)
    for year in (2024, 2026, 2025):
        drafted = plan.PLAN_DRAFTED.model_copy(update={"plan_id": f"p{year}", "fiscal_year": year})
        told.tell(*on("2026-01-05", drafted))
    found = whole(told, "2026-01-05")["plans"]
    assert (found["count"], [one["fiscal_year"] for one in found["latest"]]) == (3, [2026, 2025])


def test_contracts_and_their_approvals_are_told_as_they_stand(told: Told) -> None:
    told.tell(
        *on("2026-03-01", signing.CONTRACT_DRAFTED, signing.CONTRACT_AMENDED),
        *on("2026-03-02", signing.CONTRACT_SUBMITTED, signing.REQUESTED),
        *on("2026-03-06", signing.DECIDED, signing.DECIDED_LAST, signing.GRANTED),
        *on("2026-03-06", signing.CONTRACT_APPROVED),
    )
    then, now = whole(told, "2026-03-05"), whole(told, "2026-03-06")
    assert then["contracts"]["states"] == [
        {"state": "submitted", "count": 1, "amounts": [{"minor": 21_000_00, "currency": "USD"}]}
    ]
    (waits,) = then["approvals"]["waiting"]
    assert (waits["step"], waits["due_on"], waits["overdue"]) == (1, "2026-03-05", False)
    assert waits["waiting"] == ["role:sales_manager@emea"]
    assert whole(told, "2026-03-05")["approvals"]["ended"] == []
    assert now["contracts"]["latest"][0]["state"] == "approved"
    assert (now["approvals"]["waiting"], now["approvals"]["states"]) == (
        [],
        [{"state": "granted", "count": 1}],
    )
    assert now["approvals"]["ended"][0]["ended_at"].day == 6


def ranked(account_class: str, score: int, version: int = 1) -> AccountClassified:
    return AccountClassified.model_validate(
        {
            **CLASSIFIED.model_dump(),
            "account_class": account_class,
            "score": score,
            "matrix_version": version,
        }
    )


def test_a_ranking_keeps_what_the_account_was_before(told: Told) -> None:
    told.tell(
        ("2026-01-01", "account_class-acme", ranked("ordinary", 25_000)),
        ("2026-02-01", "account_class-acme", ranked("key", 31_000, 2)),
    )
    found = whole(told, "2026-02-01")["ranking"]
    assert (found["account_class"], found["score"], found["matrix_version"]) == ("key", 31_000, 2)
    assert [(one["account_class"], one["score"]) for one in found["history"]] == [
        ("key", 31_000),
        ("ordinary", 25_000),
    ]
    assert found["ratings"]["purchase"]["band"] == 4
    assert len(whole(told, "2026-01-31")["ranking"]["history"]) == 1


def gaps(tell: Told, as_of: str, *, every_class: bool = False) -> list[str]:
    with tell.asked() as (connection, stand):
        moment = stand.moment(date.fromisoformat(as_of))
        rows = account_gaps(connection, moment, every_class=every_class)
    return [row.account_id for row in rows]


def test_kam_22_a_team_is_asked_of_accounts_that_are_more_than_ordinary(told: Told) -> None:
    """KAM-22: who is key or strategic, and who was not ranked yet; others where they are named."""
    told.tell(
        ("2026-01-02", "account_class-acme", ranked("ordinary", 25_000)),
        ("2026-01-03", "account_class-acme", ranked("key", 31_000)),
    )
    assert gaps(told, "2026-01-01") == ["acme"]
    assert gaps(told, "2026-01-02") == []
    assert gaps(told, "2026-01-02", every_class=True) == ["acme"]
    assert gaps(told, "2026-01-03") == ["acme"]
    flagged = [whole(told, f"2026-01-0{day}")["team"] for day in (1, 2, 3)]
    assert [one["flagged"] for one in flagged] == [True, False, True]
    assert all(len(one["gaps"]) == 4 for one in flagged)
