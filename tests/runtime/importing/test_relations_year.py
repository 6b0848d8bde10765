"""A year of relationships: the same every time, accepted whole, and nothing an account lacks."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

import pytest

from aggregates.policies.scoring import check
from events.policies.scoring import ScoringPolicy
from runtime.importing.relations.acts import DAYS, Calendar, Script
from runtime.importing.relations.fortunes import fortune_of
from runtime.importing.relations.people import CONTACTS
from runtime.importing.relations.scoring import group_policy, tighter_policy
from runtime.importing.relations.together import INTERACTIONS
from runtime.importing.relations.words import KIND_POINTS
from runtime.importing.sample_year import SampleYear
from runtime.importing.steps import Step
from tests.api.conftest import House, house
from tests.runtime.importing.accounts_year import (
    LAST_ON,
    by_account,
    company,
    ground,
    live,
    whole,
    year,
)

__all__ = ["house"]

DAYS_TO_END: Final = [LAST_ON, date(2025, 12, 31), date(2024, 2, 29), date(2026, 1, 1)]


def test_it_is_the_same_for_the_same_accounts_and_last_day() -> None:
    first, second = (json.dumps([list(map(str, year().steps()))]) for _ in range(2))
    assert first == second
    assert first != json.dumps([list(map(str, year(date(2026, 6, 29)).steps()))])


def test_an_account_has_the_same_year_whoever_stands_beside_it() -> None:
    def told(accounts: int) -> list[dict[str, Any]]:
        ids = [account.account_id for account in ground(accounts=accounts).accounts]
        lines = by_account(year(accounts=accounts).steps(), ids)[ids[0]]
        # Classes are cut where the accounts there are fall.
        return [{k: v for k, v in line.items() if k != "idempotency_key"} for line in lines]

    assert told(3) == told(9)


@pytest.mark.parametrize("last_on", DAYS_TO_END)
def test_nothing_in_it_happens_after_its_last_day_or_before_the_accounts_were_there(
    last_on: date,
) -> None:
    told = [str(line["occurred_at"])[:10] for step in year(last_on).steps() for line in step.lines]
    assert max(told) <= last_on.isoformat()
    assert min(told) == ground(last_on).since.isoformat()


def test_who_leaves_manages_nothing_and_their_accounts_go_to_who_sells_beside_them() -> None:
    lines = list(SampleYear(LAST_ON).lines())
    (left,) = [line["employee_id"] for line in lines if line["command"] == "record-employee-left"]
    assert any(line.get("owner_id") == left for line in lines if "account_id" in line)
    assert left not in {account.manager_id for account in ground().accounts}


def test_what_an_account_has_bought_is_what_was_won_with_it() -> None:
    lines = list(SampleYear(LAST_ON).lines())
    amounts: dict[object, Any] = {}
    won: Counter[object] = Counter()
    accounts = {
        line["opportunity_id"]: line["account_id"]
        for line in lines
        if line["command"] == "open-opportunity"
    }
    for line in lines:
        if "amount" in line:
            amounts[line["opportunity_id"]] = line["amount"]
        if line["command"] == "win-opportunity":
            won[accounts[line["opportunity_id"]]] += amounts[line["opportunity_id"]]["minor"]
    assert {one.account_id: one.won_minor for one in ground().accounts if one.won_minor} == won


@pytest.mark.parametrize("last_on", DAYS_TO_END)
def test_the_fiscal_year_lies_in_the_year_but_for_a_month(last_on: date) -> None:
    calendar = Calendar(last_on)
    begins = calendar.begin(calendar.fiscal_year)
    assert timedelta(0) < begins - calendar.first_on <= timedelta(days=31)
    assert begins.day == 1
    assert calendar.begin(calendar.fiscal_year, 5) == calendar.begin(calendar.fiscal_year + 1)
    assert (calendar.day(0), calendar.day(DAYS)) == (calendar.first_on, last_on)


# --- every account has what was asked for ---------------------------------------


@pytest.fixture(scope="module")
def told() -> tuple[tuple[Step, ...], dict[str, list[Any]]]:
    steps = year().steps()
    ids = [account.account_id for account in ground().accounts]
    found = by_account(steps, ids)
    assert list(found) == ids
    return steps, found


def of(lines: list[Any], command: str) -> list[Any]:
    return [line for line in lines if line["command"] == command]


def test_every_account_has_people_in_a_reporting_line(told: Any) -> None:
    for lines in told[1].values():
        contacts = [line["contact_id"] for line in of(lines, "register-contact")]
        assert CONTACTS[0] <= len(contacts) <= CONTACTS[1]
        below = {line["contact_id"] for line in of(lines, "change-contact-reports-to")}
        assert set(contacts) - below == {contacts[0]}
        assert {line["contact_id"] for line in of(lines, "assess-contact")} == set(contacts)
        known = {line["contact_id"] for line in of(lines, "establish-relationship")}
        assert known == set(contacts)


def test_every_account_has_interactions_of_every_kind_over_the_year(told: Any) -> None:
    everything = []
    for lines in told[1].values():
        logged = of(lines, "log-interaction")
        assert INTERACTIONS[0] <= len(logged) <= INTERACTIONS[1]
        assert {line["kind"] for line in logged} == set(KIND_POINTS)
        everything += logged
    assert {line.get("rating") for line in everything} == {None, 1, 2, 3, 4, 5}
    assert any("feedback" in line for line in everything)
    promised = {line["interaction_id"] for line in everything if "follow_ups" in line}
    done = {
        line["interaction_id"]
        for lines in told[1].values()
        for line in of(lines, "complete-follow-up")
    }
    assert done < promised


def test_every_account_is_ranked_has_a_team_a_stage_and_goals(told: Any) -> None:
    lacking = set()
    for account_id, lines in told[1].items():
        assert len(of(lines, "classify-account") + of(lines, "reclassify-account")) >= 2
        assert of(lines, "record-account-check")
        assert of(lines, "link-customer-goal")
        roles = {line["role"] for line in of(lines, "assign-team-member")}
        assert "solution_architect" in roles
        if roles < {"solution_architect", "delivery_expert", "executive_sponsor"}:
            lacking.add(account_id)
    assert 0 < len(lacking) < len(told[1])


def test_every_account_has_plans_contracts_a_project_and_value(told: Any) -> None:
    for lines in told[1].values():
        stays = lost_on(lines) is None
        years = [line["fiscal_year"] for line in of(lines, "draft-account-plan")]
        assert len(set(years)) == len(years)
        assert len(years) == 2 or not stays
        weights: Counter[object] = Counter()
        for line in of(lines, "set-plan-objective"):
            if "customer has gained" not in line["statement"]:
                weights[line["plan_id"]] += line["weight_percent"]
        assert set(weights.values()) == {100}
        assert len(of(lines, "submit-contract")) == 2 or not stays
        assert len(of(lines, "add-project-milestone")) == 4
        assert len(of(lines, "claim-value")) == 2 or not stays


def lost_on(lines: list[Any]) -> str | None:
    """The day the account left us."""
    found = [one for one in of(lines, "record-account-outcome") if one["outcome"] == "churned"]
    return found[0]["occurred_on"] if found else None


def test_customers_answer_all_the_year_what_they_think_of_us(told: Any) -> None:
    answers = [line for lines in told[1].values() for line in of(lines, "record-survey-answer")]
    kinds = Counter((line["kind"], line["survey_id"][-1]) for line in answers)
    assert len(kinds) == 8
    assert min(kinds.values()) > 80
    assert {line["score"] for line in answers if line["kind"] == "nps"} == set(range(11))
    assert {line["score"] for line in answers if line["kind"] == "csat"} == set(range(1, 6))
    assert any("comment" in line for line in answers)


def test_nothing_is_done_with_an_account_that_has_left_us_but_to_record_it(told: Any) -> None:
    lost = {account_id: lost_on(lines) for account_id, lines in told[1].items()}
    assert 5 <= sum(day is not None for day in lost.values()) <= 12
    for account_id, day in lost.items():
        for line in told[1][account_id] if day is not None else ():
            late = str(line["occurred_at"])[:10] > str(day)
            assert not late or line["command"] == "record-account-outcome", line


def test_some_accounts_that_are_lost_have_said_so_before_and_some_have_not(told: Any) -> None:
    lived = year()
    script = Script(lived.ground, lived.calendar, 1)
    low: dict[str, list[bool]] = {"leaving": [], "vanishing": []}
    for number, account in enumerate(lived.ground.accounts):
        fortune = fortune_of(script, number, account)
        assert {fortune.mood(day) for day in range(DAYS)} <= set(range(5))
        day = lost_on(told[1][account.account_id])
        assert (fortune.lost_on is None) == (day is None)
        if fortune.lost_on is not None:
            assert day == lived.calendar.day(fortune.lost_on).isoformat()
            low[fortune.way].append(fortune.mood(fortune.lost_on) < 2)
    assert all(low["leaving"])
    assert not any(low["vanishing"])
    assert all(low.values())


def test_a_loss_that_was_none_is_withdrawn(told: Any) -> None:
    lines = [line for step in told[0] for line in step.lines]
    recorded = {line["outcome_id"] for line in of(lines, "record-account-outcome")}
    withdrawn = {line["outcome_id"] for line in of(lines, "withdraw-account-outcome")}
    assert withdrawn
    assert withdrawn < recorded


@pytest.mark.parametrize("document", [group_policy(), tighter_policy()])
def test_scores_are_made_by_policies_as_they_are_to_be(document: dict[str, Any]) -> None:
    check(ScoringPolicy.model_validate_json(json.dumps(document)))


def test_the_whole_group_and_a_region_have_a_scoring_policy_and_the_region_a_second(
    told: Any,
) -> None:
    lines = [line for step in told[0] for line in step.lines]
    activated = of(lines, "activate-scoring-policy")
    region_id = ground().regions[0]
    assert [(one.get("region_id"), one["version"]) for one in activated] == [
        (None, 1),
        (region_id, 1),
        (region_id, 2),
    ]


def test_what_happens_late_in_the_year_is_told_when_alert_rules_are_in_force(told: Any) -> None:
    commands = [line["command"] for step in told[0] for line in step.lines]
    rules = commands.index("activate-alert-rule")
    for command in ("record-competitor", "record-contact-left", "assess-contact"):
        assert command in commands[:rules]
        assert command in commands[rules:]


def test_approvals_are_given_refused_and_left_waiting_and_nobody_decides_their_own(
    told: Any,
) -> None:
    steps, _ = told
    lines = [line for step in steps for line in step.lines]
    asked = {line["approval_id"]: line for line in lines if "requester_id" in line}
    decided = [line for line in lines if line["command"] == "decide-approval"]
    assert {line["decision"] for line in decided} == {"approved", "rejected", "sent_back"}
    assert {line["step"] for line in decided} == {1, 2}
    assert asked.keys() - {line["approval_id"] for line in decided}
    keys = {
        line["key_id"]: line["employee_id"] for line in lines if line["command"] == "issue-api-key"
    }
    for step in steps:
        for line in step.lines:
            if line["command"] == "decide-approval":
                assert step.key_id is not None
                assert keys[step.key_id] != asked[line["approval_id"]]["requester_id"]


# --- and all of it is accepted ----------------------------------------------------


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("last_on", DAYS_TO_END)
def test_every_command_of_it_is_accepted(house: House, last_on: date) -> None:
    live(
        house,
        [company(last_on), *year(last_on, 12, house.key).steps()],
    )


@pytest.mark.postgres
@pytest.mark.slow
def test_kam_04_the_whole_of_an_account_is_one_answer_now_and_as_of_a_past_day(
    house: House,
) -> None:
    """KAM-04: each of a handful of accounts, with everything around it, and half a year before."""
    lived = year(accounts=6, parent=house.key)
    live(house, [company(), *lived.steps()])
    for account in lived.ground.accounts:
        now = whole(house, account.account_id)
        assert now["item"]["account_class"] == now["ranking"]["account_class"]
        assert (now["lag"], now["owner"]["employee_id"]) == (0, account.manager_id)
        assert now["people"]["count"] >= CONTACTS[0]
        assert all(isinstance(one["name"], str) for one in now["people"]["contacts"])
        assert now["interactions"]["count"] >= INTERACTIONS[0]
        assert now["depth"]["points"] > 0
        assert (now["plans"]["count"], now["plans"]["active"]) == (2, 1)
        assert now["contracts"]["count"] == now["value"]["count"] == 2
        assert (now["projects"]["count"], now["approvals"]["count"] > 2) == (1, True)
        then = whole(house, account.account_id, LAST_ON - timedelta(days=180))
        assert 0 < then["interactions"]["count"] < now["interactions"]["count"]
        assert (then["plans"]["count"], then["plans"]["active"]) == (1, 1)
        assert len(then["ranking"]["history"]) == 1 < len(now["ranking"]["history"])
        assert then["value"]["count"] < 2
        early = whole(house, account.account_id, lived.calendar.first_on)
        assert (early["people"]["count"], early["plans"]["count"], early["ranking"]) == (0, 0, None)
