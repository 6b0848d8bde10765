"""The whole account over HTTP: one answer, as of any day, and the lists beside it."""

from typing import Any, Final

import pytest

from tests.api.account_story import STORY, get, refused, tell
from tests.api.conftest import House
from tests.examples.cast import ANN, BEA, CARL

pytestmark = pytest.mark.postgres

NDJSON: Final = "application/x-ndjson"
OTHER: Final = "4e5a8b8b-5555-4e4e-8f8f-eeeeeeeeeeee"


@pytest.fixture
def told(house: House) -> House:
    tell(house, *STORY)
    return house


def account(house: House, account_id: str = "acme", as_of: str | None = None) -> dict[str, Any]:
    answer = get(house, f"/v1/accounts/{account_id}" + (f"?as_of={as_of}" if as_of else ""))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(house: House, path: str, field: str) -> list[Any]:
    return [item[field] for item in get(house, path).json()["items"]]


# --- the whole account --------------------------------------------------------------


def test_kam_04_one_answer_holds_everything_around_an_account(told: House) -> None:
    found = account(told)
    assert (found["item"]["name"], found["position"] > len(STORY), found["lag"]) == (
        "Acme",
        True,
        0,
    )
    assert found["parents"] == [{"account_id": "holding", "name": "Holding"}]
    assert found["children"] == [{"account_id": "plant", "name": "Plant"}]
    assert found["owner"] == {
        "employee_id": ANN,
        "name": "Ann Archer",
        "active": True,
        "trainings": [],
    }
    assert found["region"] == {"region_id": "dach", "name": "Central Europe"}
    assert found["stage"]["stage"] == "penetration"
    assert [goal["goal_id"] for goal in found["goals"]] == ["g1", "g2"]
    assert [link["link_id"] for link in found["links"]] == ["l1"]
    assert [document["document_id"] for document in found["documents"]] == ["d1"]
    assert found["opportunities"] == [
        {"state": "open", "count": 1, "amounts": [{"minor": 100_00, "currency": "USD"}]},
        {"state": "won", "count": 1, "amounts": [{"minor": 250_00, "currency": "USD"}]},
        {"state": "lost", "count": 1, "amounts": []},
    ]


def test_kam_04_the_whole_account_reads_as_of_a_past_day(told: House) -> None:
    found = account(told, as_of="2024-02-02")
    assert found["stage"]["stage"] == "identification"
    assert found["stage"]["missing"] == ["needs_interview"]
    assert (found["goals"], found["documents"], found["opportunities"][0]["count"]) == ([], [], 0)
    assert found["team"]["gaps"] == ["solution_architect", "delivery_expert", "executive_sponsor"]
    assert [child["account_id"] for child in found["children"]] == ["plant"]
    assert account(told, as_of="2024-01-03")["children"] == []


def test_kam_04_who_we_know_there_is_told_by_name_and_each_part_says_where_the_rest_is(
    told: House,
) -> None:
    tell(
        told,
        (
            "2024-05-05",
            "register-contact",
            {"contact_id": OTHER, "account_id": "acme", "name": "Uma Ulrich", "title": "Head"},
        ),
        ("2024-05-05", "change-contact-role", {"contact_id": OTHER, "role": "champion"}),
        prefix="people",
    )
    found = account(told, as_of="2024-05-31")
    (uma,) = found["people"]["contacts"]
    assert (uma["name"], uma["title"], uma["role"]) == ("Uma Ulrich", "Head", "champion")
    assert found["people"]["decision_makers"] == [OTHER]
    around = ("people", "depth", "interactions", "surveys", "alerts", "outcomes")
    cut = (*around, "plans", "projects", "value", "contracts", "approvals")
    doors = [found[name]["more"] for name in cut]
    doors.append(found["interactions"]["follow_ups"]["more"])
    for door in doors:
        assert door.endswith("as_of=2024-05-31")
        assert get(told, door).status_code == 200, door
    (contact,) = get(told, found["people"]["more"]).json()["items"]
    assert contact["contact_id"] == OTHER
    assert account(told, as_of="2024-05-04")["people"]["count"] == 0


@pytest.mark.parametrize("day", ["2024-02-02", "2024-03-04", "2024-05-04"])
def test_card_06_an_account_as_of_a_day_comes_with_the_facts_that_explain_it(
    told: House, day: str
) -> None:
    """What the facts up to the day said last is what the account was; nothing later is told."""
    found = account(told, as_of=day)
    trail = get(told, f"/v1/audit-trail?account=acme&as_of={day}&limit=500").json()["items"]
    assert {one["account_id"] for one in trail} == {"acme"}
    assert max(one["occurred_at"][:10] for one in trail) == day
    assert get(told, found["events"]["more"]).json()["items"] == trail
    assert found["events"]["count"] == len(trail)
    assert [one["position"] for one in found["events"]["latest"]] == [
        one["position"] for one in reversed(trail[-10:])
    ]
    said: dict[str, dict[str, Any]] = {}
    for fact in trail:
        fields = said.setdefault(fact["record"], {})
        fields |= {name: one["after"] for name, one in fact["changes"].items()}
    of_account = said["account-acme"]
    assert {name: found["item"][name] for name in of_account} == of_account
    states = [record["state"] for name, record in said.items() if name.startswith("opportunity")]
    assert {one["state"]: one["count"] for one in found["opportunities"]} == {
        state: states.count(state) for state in ("open", "won", "lost")
    }
    assert (
        said.get("account_stage-acme", {}).get("stage", "identification")
        == (found["stage"]["stage"])
    )


def test_card_06_the_facts_of_an_account_are_told_as_they_were_known(told: House) -> None:
    whole = get(told, "/v1/audit-trail?account=acme&limit=500").json()["items"]
    known_at = whole[4]["recorded_at"].replace("+00:00", "Z")
    then = get(told, f"/v1/audit-trail?account=acme&known_at={known_at}").json()["items"]
    assert then == [one for one in whole if one["recorded_at"] <= whole[4]["recorded_at"]]
    assert 5 <= len(then) < len(whole)
    lines = get(told, f"/v1/audit-trail?account=acme&known_at={known_at}", Accept=NDJSON)
    assert len(lines.text.splitlines()) == len(then)


def test_an_account_is_not_found_before_it_was_registered_or_when_nobody_has(told: House) -> None:
    for path in ("/v1/accounts/acme?as_of=2024-01-02", "/v1/accounts/none"):
        answer = get(told, path)
        assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-account")
    assert get(told, "/v1/accounts/acme?as_of=2024-01-03").status_code == 200


def test_an_account_with_nothing_around_it_is_an_answer_too(told: House) -> None:
    found = account(told, "holding")
    assert (found["parents"], found["owner"], found["region"]) == ([], None, None)
    assert found["stage"] == {
        "stage": None,
        "moved_at": None,
        "reason": None,
        "policy": None,
        "stages": [],
        "next": None,
        "checks": [],
        "missing": [],
    }
    assert "account_manager" in found["team"]["gaps"]


def test_what_was_not_known_yet_is_not_told(told: House) -> None:
    first = get(told, "/v1/audit-trail?limit=1").json()["items"][0]["recorded_at"]
    answer = get(told, f"/v1/accounts/acme?known_at={first.replace('+', '%2B')}")
    assert answer.status_code == 404


def test_the_answer_waits_for_a_position_and_says_its_version(told: House) -> None:
    (receipt,) = tell(
        told,
        ("2024-06-01", "change-account-owner", {"account_id": "acme", "owner_id": BEA}),
        prefix="later",
    )
    position = receipt.json()["position"]
    answer = get(told, "/v1/accounts/acme", **{"Min-Position": str(position)})
    assert answer.headers["ETag"] == '"2"'
    assert (answer.json()["position"], answer.json()["owner"]["employee_id"]) == (position, BEA)


# --- stage and checks ----------------------------------------------------------------


def test_kam_13_checks_done_and_missing_are_told(told: House) -> None:
    stage = account(told)["stage"]
    assert stage["policy"] == {"region_id": "world", "version": 1}
    assert (stage["next"], stage["missing"]) == ("lock_in", ["value_proposition"])
    assert [(one["check_id"], one["stage"], one["done"]) for one in stage["checks"]] == [
        ("market_intelligence", "identification", True),
        ("background_check", "identification", True),
        ("needs_interview", "identification", True),
        ("value_proposition", "penetration", False),
    ]
    assert stage["checks"][0]["result"] == "market_intelligence done"


def test_kam_12_a_stage_is_skipped_with_a_reason_only_and_the_move_is_a_fact(told: House) -> None:
    """KAM-12, KAM-13: what is missing is named, a reason is asked for, and then it moves."""
    move = {"account_id": "acme", "to_stage": "ecosystem"}
    assert refused(told, "move-account-stage", **move) == (409, "checks-missing")
    check = {"account_id": "acme", "check_id": "value_proposition", "result": "agreed"}
    tell(told, ("2024-06-01", "record-account-check", check), prefix="check")
    skipped = refused(told, "move-account-stage", **move, reason=None)
    assert skipped == (422, "reason-missing")
    reason = {"reason": "they asked for it"}
    tell(told, ("2024-06-02", "move-account-stage", move | reason), prefix="move")
    assert account(told)["stage"]["stage"] == "ecosystem"
    assert account(told)["stage"]["reason"] == "they asked for it"
    trail = get(told, "/v1/audit-trail?record=account_stage-acme&name=account.stage_moved").json()
    assert trail["items"][-1]["changes"]["stage"] == {"before": "penetration", "after": "ecosystem"}
    assert trail["items"][-1]["policies"] == {"account_lifecycle-world": 1}


def test_a_new_lifecycle_holds_from_its_day_on(told: House) -> None:
    stages = [{"stage_id": "identification", "name": "Identification", "checks": []}]
    tell(
        told,
        (
            "2024-06-01",
            "draft-account-lifecycle",
            {
                "region_id": "dach",
                "document": {
                    "stages": [
                        {
                            "stage_id": "identification",
                            "name": "I",
                            "checks": [
                                "market_intelligence",
                                "background_check",
                                "needs_interview",
                                "credit_check",
                            ],
                        },
                        {
                            "stage_id": "penetration",
                            "name": "P",
                            "checks": ["value_proposition", "site_visit"],
                        },
                        {"stage_id": "lock_in", "name": "L"},
                        {"stage_id": "ecosystem", "name": "E"},
                    ]
                },
            },
        ),
        (
            "2024-06-01",
            "activate-account-lifecycle",
            {"region_id": "dach", "version": 1, "effective_on": "2024-07-01"},
        ),
        prefix="tighter",
    )
    assert account(told)["stage"]["missing"] == ["value_proposition", "site_visit"]
    # The first version of a region holds from the beginning of time.
    assert account(told, as_of="2024-06-30")["stage"]["policy"]["region_id"] == "dach"
    weaker = {"region_id": "dach", "document": {"stages": stages}}
    tell(told, ("2024-06-02", "draft-account-lifecycle", weaker), prefix="weaker")
    assert refused(
        told, "activate-account-lifecycle", region_id="dach", version=2, effective_on="2024-08-01"
    ) == (422, "weaker-than-parent")


# --- the team ------------------------------------------------------------------------


def test_kam_22_a_gap_closes_when_the_role_is_filled_and_opens_when_who_has_it_leaves(
    told: House,
) -> None:
    """KAM-22: account manager, solution architect and delivery expert; KAM-25: a sponsor."""
    assert account(told, as_of="2024-03-01")["team"]["gaps"] == [
        "delivery_expert",
        "executive_sponsor",
    ]
    assert account(told)["team"]["gaps"] == ["executive_sponsor"]
    assert account(told)["team"]["delivery_expert"]["name"] == "Carl Cox"
    tell(told, ("2024-06-01", "record-employee-left", {"employee_id": CARL}), prefix="left")
    team = account(told)["team"]
    assert team["gaps"] == ["delivery_expert", "executive_sponsor"]
    assert team["delivery_expert"]["active"] is False


def test_kam_25_an_account_without_an_executive_sponsor_is_flagged(told: House) -> None:
    path = "/v1/account-gaps?role=executive_sponsor"
    assert ids(told, path, "account_id") == ["acme", "holding", "plant"]
    sponsor = {"account_id": "acme", "role": "executive_sponsor", "employee_id": BEA}
    tell(told, ("2024-06-01", "assign-team-member", sponsor), prefix="sponsor")
    assert account(told)["team"]["gaps"] == []
    assert ids(told, path, "account_id") == ["holding", "plant"]
    assert "acme" not in ids(told, "/v1/account-gaps", "account_id")
    assert "acme" in ids(told, f"{path}&as_of=2024-05-31", "account_id")
    tell(
        told,
        ("2024-06-02", "release-team-member", {"account_id": "acme", "role": "executive_sponsor"}),
        prefix="release",
    )
    assert ids(told, f"{path}&owner={ANN}&region=world", "account_id") == ["acme"]
    assert ids(told, f"{path}&owner={BEA}", "account_id") == []


def test_kam_22_the_account_manager_is_the_owner(told: House) -> None:
    manager = {"account_id": "acme", "role": "account_manager", "employee_id": BEA}
    tell(told, ("2024-06-01", "assign-team-member", manager), prefix="manager")
    found = account(told)
    assert found["owner"]["employee_id"] == BEA
    assert found["team"]["account_manager"] == found["owner"]


# --- goals ---------------------------------------------------------------------------


def test_kam_07_goals_are_told_with_what_serves_them_and_those_without_are_reported(
    told: House,
) -> None:
    first, second = account(told)["goals"]
    assert first["objectives"] == [{"objective_id": "cloud", "title": "Cloud first"}]
    assert (first["linked"], second["linked"]) == (True, False)
    assert ids(told, "/v1/customer-goals?linked=false", "goal_id") == ["g2"]
    assert ids(told, "/v1/customer-goals?objective=cloud", "goal_id") == ["g1"]
    assert (
        ids(told, "/v1/customer-goals?account=acme&as_of=2024-03-04&linked=true", "goal_id") == []
    )


def test_kam_07_what_is_dropped_serves_and_is_served_no_longer(told: House) -> None:
    assert ids(told, "/v1/strategic-objectives?linked=true", "objective_id") == ["cloud"]
    tell(told, ("2024-06-01", "drop-customer-goal", {"goal_id": "g1"}), prefix="goal")
    assert [goal["goal_id"] for goal in account(told)["goals"]] == ["g2"]
    assert ids(told, "/v1/customer-goals?dropped=true", "goal_id") == ["g1"]
    assert ids(told, "/v1/strategic-objectives?linked=false", "objective_id") == ["cloud"]
    tell(
        told,
        ("2024-06-02", "link-customer-goal", {"goal_id": "g2", "objective_id": "cloud"}),
        ("2024-06-03", "drop-strategic-objective", {"objective_id": "cloud"}),
        prefix="ours",
    )
    assert ids(told, "/v1/customer-goals?linked=false", "goal_id") == ["g2"]
    assert ids(told, "/v1/customer-goals?linked=true&as_of=2024-06-02", "goal_id") == ["g2"]
    assert ids(told, "/v1/strategic-objectives", "objective_id") == []


# --- links ---------------------------------------------------------------------------


def test_kam_28_a_link_reads_from_both_sides(told: House) -> None:
    (held,) = account(told)["links"]
    assert held == {
        "link_id": "l1",
        "version": 1,
        "kind": "equity",
        "share_bp": 5_100,
        "from_on": "2020-01-01",
        "until_on": None,
        "outgoing": False,
        "with_id": "holding",
        "with_name": "Holding",
    }
    (holding,) = account(told, "holding")["links"]
    assert (holding["outgoing"], holding["with_id"]) == (True, "acme")


def test_kam_28_a_link_holds_on_its_own_days_however_late_it_was_told(told: House) -> None:
    end = {"link_id": "l1", "until_on": "2024-06-30"}
    tell(told, ("2024-07-15", "unlink-accounts", end), prefix="unlink")
    path = "/v1/account-links?account=acme&kind=equity&as_of="
    found = {
        day: ids(told, path + day, "link_id")
        for day in ("2019-12-31", "2020-01-01", "2024-06-30", "2024-07-01")
    }
    assert found == {
        "2019-12-31": [],
        "2020-01-01": ["l1"],
        "2024-06-30": ["l1"],
        "2024-07-01": [],
    }
    assert account(told)["links"] == []
    assert account(told, as_of="2024-06-30")["links"][0]["until_on"] == "2024-06-30"
    assert ids(told, "/v1/account-links?kind=joint_venture&as_of=2024-01-01", "link_id") == []


def test_kam_28_no_company_is_linked_to_itself_or_to_one_there_is_not(told: House) -> None:
    link = {"link_id": "l2", "account_id": "acme", "kind": "joint_venture"}
    link |= {"from_on": "2024-01-01"}
    assert refused(told, "link-accounts", **link, other_id="acme") == (
        422,
        "account-linked-to-itself",
    )
    unknown = refused(told, "link-accounts", **link, other_id="none", until_on=None)
    assert unknown == (404, "unknown-account")


# --- documents -----------------------------------------------------------------------


def test_kam_16_a_document_is_found_from_the_account_in_its_newest_revision(told: House) -> None:
    (document,) = account(told)["documents"]
    assert (document["revision"], document["uri"]) == (2, "https://files.example/second.pdf")
    (before,) = account(told, as_of="2024-04-30")["documents"]
    assert (before["revision"], before["uri"]) == (1, "https://files.example/first.pdf")
    assert ids(told, "/v1/solution-documents?account=acme", "revision") == [2]
    assert ids(told, "/v1/solution-documents?account=plant", "revision") == []


def test_kam_16_every_revision_stays(told: House) -> None:
    assert ids(told, "/v1/solution-documents/d1", "title") == [
        "A line that mends itself, first",
        "A line that mends itself, second",
    ]
    assert ids(told, "/v1/solution-documents/d1?as_of=2024-04-01", "revision") == [1]
    answer = get(told, "/v1/solution-documents/d1?as_of=2024-03-31")
    assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-document")


# --- handing over ----------------------------------------------------------------------


def test_kam_32_who_leaves_hands_over_all_open_work_and_the_history_stays(told: House) -> None:
    path = f"/v1/employees/{ANN}/portfolio"
    held = get(told, path).json()["items"]
    assert [(one["kind"], one["account_id"], one["opportunity_id"]) for one in held] == [
        ("account", "acme", None),
        ("opportunity", "acme", "o1"),
    ]
    tell(
        told,
        ("2024-06-01", "record-employee-left", {"employee_id": ANN}),
        (
            "2024-06-02",
            "reassign-portfolio",
            {"from_id": ANN, "to_id": BEA, "account_ids": ["acme"], "opportunity_ids": ["o1"]},
        ),
        prefix="hand-over",
    )
    assert get(told, path).json()["items"] == []
    assert ids(told, f"{path}?as_of=2024-06-01", "kind") == ["account", "opportunity"]
    assert ids(told, f"/v1/employees/{BEA}/portfolio", "key") == [
        "account acme",
        "opportunity o1",
        "team_role acme solution_architect",
    ]
    assert account(told)["owner"]["employee_id"] == BEA
    assert account(told, as_of="2024-06-01")["owner"] == {
        "employee_id": ANN,
        "name": "Ann Archer",
        "active": False,
        "trainings": [],
    }
    # What Ann won and lost stays hers.
    assert ids(told, f"/v1/opportunities?agent={ANN}", "opportunity_id") == ["o2", "o3"]


def test_kam_32_what_is_not_theirs_moves_nothing(told: House) -> None:
    over = {"from_id": ANN, "to_id": BEA, "account_ids": ["acme", "plant"]}
    assert refused(told, "reassign-portfolio", **over) == (409, "not-in-portfolio")
    tell(told, prefix="nothing")
    assert account(told)["owner"]["employee_id"] == ANN


def test_a_portfolio_of_nobody_is_not_found(told: House) -> None:
    answer = get(told, f"/v1/employees/{OTHER}/portfolio")
    assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-employee")


# --- lists ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "column", "values"),
    [
        ("/v1/customer-goals", "goal_id", ["g1", "g2"]),
        ("/v1/strategic-objectives", "objective_id", ["cloud"]),
        ("/v1/account-links", "link_id", ["l1"]),
        ("/v1/solution-documents", "document_id", ["d1"]),
        ("/v1/account-gaps", "account_id", ["acme", "holding", "plant"]),
        (f"/v1/employees/{ANN}/portfolio", "key", ["account acme", "opportunity o1"]),
    ],
)
def test_a_list_pages_and_comes_as_csv(
    told: House, path: str, column: str, values: list[str]
) -> None:
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = get(told, f"{path}?limit=1" + (f"&cursor={following}" if following else "")).json()
        seen += [item[column] for item in page["items"]]
        following = page["next"]
    assert seen == values
    table = get(told, path, Accept="text/csv").text.splitlines()
    assert table[0].split(",")[0] == column
    assert [line.split(",")[0] for line in table[1:]] == values
