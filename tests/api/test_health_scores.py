"""Health scores over HTTP: what a score is made of, why it changed, and what it was day by day."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest

from readmodels.health_scores.scores import OnDay, open_scores, scores
from readmodels.moment import EVER
from readmodels.reading import reading
from readmodels.scope import COMPANY
from runtime.composition import clock
from tests.api.conftest import House, opened
from tests.api.following import follow
from tests.api.scoring import nobody_asked, scored_by
from tests.api.warnings import ago, asked, company, day_ago, day_closes, told
from tests.examples.cast import ANN, UMA
from tests.examples.scores import POLICY

pytestmark = pytest.mark.postgres

DOCUMENT: Final = POLICY.model_dump(mode="json")
POINT: Final = 1_000_000
SCORE: Final = "/v1/accounts/acme/health-score"
DAYS: Final = "/v1/accounts/acme/health-scores"


async def visit(client: httpx.AsyncClient, name: str, days: int, account: str = "acme") -> None:
    """An executive visit at the customer so many days ago."""
    await told(
        client,
        "log-interaction",
        interaction_id=name,
        account_id=account,
        kind="executive_visit",
        subject="A visit",
        employee_ids=[ANN],
        occurred_at=ago(days),
    )


async def recommended(
    client: httpx.AsyncClient, name: str, days: int, score: int, account: str = "acme"
) -> None:
    """How likely it is that they recommend us, so many days ago."""
    await told(
        client,
        "record-survey-answer",
        answer_id=name,
        survey_id="s",
        account_id=account,
        kind="nps",
        score=score,
        occurred_at=ago(days),
    )


async def _past(client: httpx.AsyncClient) -> None:
    """Thirty days ago four visits and a promoter; three months ago one visit."""
    await company(client)
    await nobody_asked(client)
    await scored_by(client, DOCUMENT)
    for number in range(4):
        await visit(client, f"v{number}", 30)
    await recommended(client, "n1", 30, 10)


async def _today(client: httpx.AsyncClient) -> None:
    """One more visit and a detractor: nearness 60 points, promotion 20."""
    await visit(client, "v4", 0)
    await recommended(client, "n2", 0, 0)


async def _others(client: httpx.AsyncClient) -> None:
    """Bolt in emea, of nobody's, is at 100; Cog, of Ann's, has never been heard of."""
    for account, owner in (("bolt", None), ("cog", ANN)):
        fields = {"account_id": account, "name": account.title(), "occurred_at": ago(100)}
        await told(client, "register-account", **fields, owner_id=owner)
    for number in range(5):
        await visit(client, f"b{number}", 0, "bolt")
    await recommended(client, "nb", 10, 10, "bolt")


@pytest.fixture
def there(house: House) -> House:
    """A company that is scored by the policy of the whole group, as of now."""

    async def act(client: httpx.AsyncClient) -> None:
        await _past(client)
        await _today(client)

    house.ask(act)
    follow(house)
    return house


@pytest.fixture(scope="module")
def many(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same with other accounts; for tests that only ask."""

    async def act(client: httpx.AsyncClient) -> None:
        await _past(client)
        await _today(client)
        await _others(client)

    with opened(database_url, "scored", tmp_path_factory.mktemp("scored")) as house:
        house.ask(act)
        follow(house)
        yield house


def item(house: House, query: str = "") -> dict[str, Any]:
    answer = asked(house, f"{SCORE}{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["item"]
    return found


def explained(house: House, query: str = "") -> dict[str, Any]:
    answer = asked(house, f"{SCORE}/explanation{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def test_a_score_tells_all_that_it_is_made_of(many: House) -> None:
    """MET-10: two thirds of 60 and one third of 20 are 46.67, which is 47."""
    found = item(many)
    assert (found["score"], found["uncapped"], found["cap"]) == (47 * POINT, 47 * POINT, None)
    assert found["band"] == {
        "band_id": "red",
        "title": "At risk",
        "above": 0,
        "up_to": 50 * POINT,
    }
    assert found["policy"] == {"policy_id": "*", "version": 1, "effective_on": "2020-01-01"}
    assert found["groups"] == [
        {
            "group_id": "relationship",
            "title": "Relationship",
            "weight": 100,
            "points": 46_666_667,
        }
    ]
    nearness, promotion = found["components"]
    assert (nearness["raw"], nearness["points"]) == (3 * POINT, 60 * POINT)
    assert (nearness["weight"], nearness["contribution"]) == (2, 40 * POINT)
    assert (nearness["aggregation"], nearness["window_days"]) == ("decayed_sum", 180)
    assert (promotion["raw"], promotion["points"]) == (0, 20 * POINT)
    assert promotion["contribution"] == 6_666_667
    assert found["alerts"] == [
        {"alert_id": "low", "title": "Below sixty", "below": 60 * POINT, "raised": True}
    ]


def test_an_answer_says_how_far_it_has_come(many: House) -> None:
    answer = asked(many, SCORE).json()
    assert answer["position"] > 0
    assert answer["lag"] == 0


def test_a_score_as_of_any_day(many: House) -> None:
    """CARD-06: also of a day before any day was closed."""
    assert item(many, f"?as_of={day_ago(30)}")["score"] == 87 * POINT
    before = item(many, f"?as_of={day_ago(31)}")
    assert (before["score"], before["day"]) == (0, day_ago(31))


def test_a_missing_measure_says_what_the_policy_does(many: House) -> None:
    nearness, promotion = item(many, f"?as_of={day_ago(31)}")["components"]
    assert (nearness["missing"], nearness["raw"], nearness["points"]) == (False, 0, 0)
    assert (promotion["missing"], promotion["when_missing"]) == (True, "skip")
    assert (promotion["raw"], promotion["points"], promotion["weight"]) == (None, None, 0)


def test_a_score_as_known_at_any_time(there: House) -> None:
    """CARD-06: what became known later does not count."""
    known = now()
    there.ask(lambda client: visit(client, "late", 30))
    follow(there)
    day = f"as_of={day_ago(30)}"
    assert item(there, f"?{day}")["components"][0]["raw"] == 5 * POINT
    assert item(there, f"?{day}&known_at={known}")["components"][0]["raw"] == 4 * POINT


def test_what_was_taken_back_counts_as_it_was_known(there: House) -> None:
    known = now()
    withdrawal = {"answer_id": "n2", "reason": "A mistake"}
    there.ask(lambda client: told(client, "withdraw-survey-answer", **withdrawal))
    follow(there)
    assert item(there)["components"][1]["raw"] == 100 * POINT
    assert item(there, f"?known_at={known}")["components"][1]["raw"] == 0


def test_a_cap_holds_the_score_down(there: House) -> None:
    """On the last day of its window and the day after."""

    async def act(client: httpx.AsyncClient) -> None:
        await told(client, "record-contact-left", contact_id=UMA, occurred_at=ago(30))

    there.ask(act)
    follow(there)
    found = item(there, f"?as_of={day_ago(30)}")
    assert (found["score"], found["uncapped"]) == (59 * POINT, 87 * POINT)
    assert found["cap"]["cap_id"] == "decision-maker-gone"
    assert found["band"]["band_id"] == "yellow"


# --- policies ---------------------------------------------------------------------------------


def test_the_nearest_policy_scores_and_others_can_be_read(there: House) -> None:
    """CARD-04: scores under a former version stay readable."""
    lenient = {**DOCUMENT, "neutral": 0, "components": [DOCUMENT["components"][0]]}

    async def act(client: httpx.AsyncClient) -> None:
        await scored_by(client, lenient, region_id="emea")
        await scored_by(client, DOCUMENT, region_id="emea", version=2, effective_on=day_ago(5))

    there.ask(act)
    follow(there)
    assert item(there)["policy"] == {
        "policy_id": "emea",
        "version": 2,
        "effective_on": day_ago(5),
    }
    earlier = item(there, f"?as_of={day_ago(6)}")
    assert (earlier["policy"]["version"], len(earlier["components"])) == (1, 1)
    under = item(there, "?policy_version=1")
    assert (under["score"], under["policy"]) == (
        60 * POINT,
        {"policy_id": "emea", "version": 1, "effective_on": None},
    )
    assert item(there, "?policy_version=1&place=*")["score"] == 47 * POINT


def test_a_version_that_is_not_in_force_can_be_read(there: House) -> None:
    draft = {**DOCUMENT, "rounding": {"component": 6, "group": 6, "score": 6}}
    there.ask(lambda client: told(client, "draft-scoring-policy", document=draft))
    follow(there)
    assert item(there, "?policy_version=2")["score"] == 46_666_667
    assert item(there)["score"] == 47 * POINT


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("/v1/accounts/nobody/health-score", 404, "unknown-account"),
        (f"{SCORE}?as_of=1900-01-01", 404, "unknown-account"),
        (f"{SCORE}?as_of=0001-01-01", 404, "unknown-account"),
        (f"{SCORE}?policy_version=9", 404, "unknown-version"),
        (f"{SCORE}?policy_version=1&place=dach", 404, "unknown-version"),
        (f"{SCORE}?place=dach", 422, "policy-version-missing"),
        (f"{SCORE}?policy_version=0", 422, "invalid-parameter"),
        (f"{SCORE}/explanation?as_of=2024-01-01&against=2024-01-02", 422, "against-after-day"),
        ("/v1/accounts/nobody/health-scores", 404, "unknown-account"),
        (f"{DAYS}?first_day=1999-01-01&last_day=2010-01-01", 422, "too-many-days"),
        ("/v1/health-scores?below=-1", 422, "invalid-parameter"),
        ("/v1/health-scores?sort=name", 422, "invalid-parameter"),
        ("/v1/health-scores/heat?group_by=colour", 422, "invalid-parameter"),
    ],
)
def test_what_cannot_be_answered_is_said(many: House, path: str, status: int, rule: str) -> None:
    answer = asked(many, path)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)


def test_without_a_policy_there_is_no_score(house: House) -> None:
    house.ask(company)
    follow(house)
    answer = asked(house, SCORE)
    assert (answer.status_code, answer.json()["rule"]) == (404, "no-scoring-policy")
    assert asked(house, "/v1/health-scores").json()["items"] == []
    assert asked(house, DAYS).json()["items"] == []


# --- explanations -----------------------------------------------------------------------------


def adds_up(found: dict[str, Any]) -> int:
    lines = sum(one["difference"] for one in found["lines"])
    total: int = lines + found["policy"] + found["rounding"] + found["caps"]
    return total


def changes(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (one["component_id"] or one["cap_id"], one["change"], one["event_id"])
        for one in found["items"]
    ]


def test_a_difference_is_explained_component_by_component(many: House) -> None:
    """MET-10: 47 instead of 87, and every millionth of the difference has its line."""
    found = explained(many, f"?against={day_ago(30)}")
    assert (found["now"]["score"], found["before"]["score"]) == (47 * POINT, 87 * POINT)
    assert found["difference"] == adds_up(found) == -40 * POINT
    assert {one["component_id"]: one["difference"] for one in found["lines"]} == {
        "nearness": -13_333_333,
        "promotion": -26_666_666,
    }
    assert (found["policy"], found["rounding"], found["caps"]) == (0, -1, 0)
    nearness = found["lines"][0]
    assert (nearness["before"]["raw"], nearness["now"]["raw"]) == (4 * POINT, 3 * POINT)
    assert changes(found) == [
        ("nearness", "came_in", "interaction-v4/1"),
        ("nearness", "faded", "interaction-v3/1"),
        ("nearness", "faded", "interaction-v2/1"),
        ("nearness", "faded", "interaction-v1/1"),
        ("nearness", "faded", "interaction-v0/1"),
        ("promotion", "came_in", "survey_answer-n2/1"),
        ("promotion", "stays", "survey_answer-n1/1"),
    ]


def test_a_week_is_what_a_score_is_compared_over(many: House) -> None:
    assert explained(many)["before"]["day"] == day_ago(7)


def test_what_leaves_a_window_is_named(many: House) -> None:
    """Visits count for 180 days."""
    after = f"?as_of={day_ago(-150)}&against={day_ago(-149)}"
    found = explained(many, after)
    assert ("nearness", "left_window", "interaction-v0/1") in changes(found)
    assert ("nearness", "faded", "interaction-v4/1") in changes(found)
    assert found["difference"] == adds_up(found)


def test_what_became_known_and_what_was_taken_back_is_named(there: House) -> None:
    """Of today, as it was known before a late visit was written down and an answer withdrawn."""
    known = now()

    async def act(client: httpx.AsyncClient) -> None:
        await visit(client, "late", 30)
        await told(client, "withdraw-survey-answer", answer_id="n2", reason="A mistake")

    there.ask(act)
    follow(there)
    found = explained(there, f"?against={day_ago(0)}&against_known_at={known}")
    assert found["difference"] == adds_up(found) > 0
    changed = [one for one in changes(found) if one[1] != "stays"]
    assert changed == [
        ("nearness", "became_known", "interaction-late/1"),
        ("promotion", "taken_back", "survey_answer-n2/1"),
    ]
    same = explained(there, f"?against={day_ago(0)}")
    assert same["difference"] == 0
    assert {one[1] for one in changes(same)} == {"stays"}


def test_what_another_policy_makes_of_it_is_a_line_of_its_own(there: House) -> None:
    strict = {**DOCUMENT, "components": [DOCUMENT["components"][0]]}

    async def act(client: httpx.AsyncClient) -> None:
        await scored_by(client, strict, version=2, effective_on=day_ago(1))

    there.ask(act)
    follow(there)
    found = explained(there, f"?against={day_ago(30)}")
    assert (found["now"]["score"], found["before"]["score"]) == (60 * POINT, 87 * POINT)
    assert [one["policy"]["version"] for one in (found["now"], found["before"])] == [2, 1]
    assert (found["policy"], found["difference"]) == (-7 * POINT, -27 * POINT)
    assert [one["difference"] for one in found["lines"]] == [-20 * POINT]
    assert adds_up(found) == -27 * POINT


def test_what_a_cap_takes_away_is_a_line_of_its_own(there: House) -> None:
    there.ask(
        lambda client: told(client, "record-contact-left", contact_id=UMA, occurred_at=ago(30))
    )
    follow(there)
    found = explained(there, f"?as_of={day_ago(30)}&against={day_ago(30)}")
    assert (found["difference"], found["caps"]) == (0, 0)
    found = explained(there, f"?as_of={day_ago(0)}&against={day_ago(30)}")
    assert (found["difference"], found["caps"]) == (-12 * POINT, 28 * POINT)
    assert adds_up(found) == -12 * POINT
    assert ("decision-maker-gone", "stays", f"contact-{UMA}/4") in changes(found)


def test_before_there_was_the_account_there_is_nothing_to_compare_with(many: House) -> None:
    found = explained(many, f"?as_of={day_ago(30)}&against={day_ago(401)}")
    assert (found["before"], found["difference"]) == (None, None)
    assert found["lines"][0]["before"] is None


def test_facts_come_in_pages(many: House) -> None:
    whole = explained(many, "?against=" + day_ago(30))["items"]
    first = explained(many, f"?limit=4&against={day_ago(30)}")
    rest = explained(many, f"?limit=4&against={day_ago(30)}&cursor={first['next']}")
    assert first["items"] + rest["items"] == whole
    assert rest["next"] is None


def test_the_whole_account_says_how_healthy_it_is(many: House) -> None:
    """KAM-04, MET-10: where it stands, and where all of the reasons are."""
    found = asked(many, "/v1/accounts/acme").json()["health"]
    assert (found["score"], found["band"], found["band_title"]) == (47 * POINT, "red", "At risk")
    why = explained(many)
    assert (found["score_before"], found["change"]) == (why["before"]["score"], why["difference"])
    lines = {one["component_id"]: one["difference"] for one in why["lines"]}
    assert {one["component_id"]: one["difference"] for one in found["reasons"]} == lines
    assert asked(many, found["more"]).json()["now"]["score"] == 47 * POINT
    assert (
        asked(many, f"/v1/accounts/acme?as_of={day_ago(30)}")
        .json()["health"]["more"]
        .endswith(f"explanation?as_of={day_ago(30)}")
    )


# --- day by day -------------------------------------------------------------------------------


def days(house: House, query: str = "") -> list[dict[str, Any]]:
    answer = asked(house, f"{DAYS}{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_every_day_has_the_score_that_is_answered_for_it(there: House) -> None:
    """CARD-06: the history of a month, day by day, under the policy of each day."""
    strict = {**DOCUMENT, "components": [DOCUMENT["components"][0]]}

    async def act(client: httpx.AsyncClient) -> None:
        await scored_by(client, strict, version=2, effective_on=day_ago(3))

    there.ask(act)
    follow(there)
    found = days(there, f"?first_day={day_ago(33)}&known=now")
    assert [one["day"] for one in found] == [day_ago(number) for number in range(33, -1, -1)]
    assert [one["policy_version"] for one in found[-5:]] == [1, 2, 2, 2, 2]
    for one in found[::4] + found[-4:]:
        single = item(there, f"?as_of={one['day']}")
        assert (one["score"], one["band"]) == (single["score"], single["band"]["band_id"])
        assert one["groups"] == {"relationship": single["groups"][0]["points"]}


def test_a_closed_day_is_as_known_then_and_as_known_now(there: House) -> None:
    """CARD-06: a visit of yesterday that is written down today is in one and not in the other."""
    before = now()
    day_closes(there)
    there.ask(lambda client: visit(client, "late", 1))
    follow(there)
    yesterday = f"?first_day={day_ago(1)}"
    closed, today = days(there, yesterday)
    assert (closed["closed"], today["closed"]) == (True, False)
    late = days(there, f"{yesterday}&known=now")
    assert [one["closed"] for one in late] == [False, False]
    assert late[0]["score"] > closed["score"]
    assert late[1] == today
    assert not days(there, f"{yesterday}&known_at={before}")[0]["closed"]
    assert days(there, f"{yesterday}&known_at={now()}")[0] == closed
    single = item(there, f"?as_of={day_ago(1)}")
    assert late[0]["groups"] == {"relationship": single["groups"][0]["points"]}


def test_days_before_the_account_and_after_the_day_asked_as_of_are_not_there(
    many: House,
) -> None:
    found = days(many, f"?first_day={day_ago(405)}&as_of={day_ago(390)}")
    assert [one["day"] for one in found] == [day_ago(number) for number in range(400, 389, -1)]
    assert {one["closed"] for one in found} == {False}
    assert len(days(many, "?limit=500")) == 90


def test_the_longest_history_is_answered_and_one_day_more_is_refused(many: House) -> None:
    last = f"last_day={day_ago(0)}"
    assert asked(many, f"{DAYS}?first_day={day_ago(3_659)}&{last}").status_code == 200
    refused = asked(many, f"{DAYS}?first_day={day_ago(3_660)}&{last}")
    assert (refused.status_code, refused.json()["rule"]) == (422, "too-many-days")


# --- many accounts ----------------------------------------------------------------------------


def listed(house: House, query: str = "") -> list[tuple[str, int | None]]:
    answer = asked(house, f"/v1/health-scores{query}")
    assert answer.status_code == 200, answer.text
    return [(one["account_id"], one["score"]) for one in answer.json()["items"]]


def test_accounts_are_listed_by_score(many: House) -> None:
    """MET-10: the lowest first; with the band and what has changed."""
    assert listed(many) == [("cog", 0), ("acme", 47 * POINT), ("bolt", 100 * POINT)]
    assert [one for one, _ in listed(many, "?sort=-score")] == ["bolt", "acme", "cog"]
    answer = asked(many, f"/v1/health-scores?against={day_ago(30)}").json()
    acme = answer["items"][1]
    assert answer["against"] == day_ago(30)
    assert (acme["score_before"], acme["band_before"]) == (87 * POINT, "green")
    assert (acme["change"], acme["band"], acme["band_title"]) == (-40 * POINT, "red", "At risk")
    assert (acme["name"], acme["region_id"], acme["owner_id"]) == ("Acme", "dach", ANN)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region=emea", ["cog", "acme"]),
        ("region=dach", ["cog", "acme"]),
        (f"owner={ANN}", ["cog", "acme"]),
        ("band=green", ["bolt"]),
        (f"below={47 * POINT}", ["cog"]),
        (f"below={47 * POINT + 1}", ["cog", "acme"]),
        ("account_class=key", []),
    ],
)
def test_accounts_are_picked(many: House, query: str, expected: list[str]) -> None:
    assert [one for one, _ in listed(many, f"?{query}")] == expected


def test_a_list_is_as_of_a_day_and_in_pages(many: House) -> None:
    assert listed(many, f"?as_of={day_ago(101)}") == [("acme", 0)]
    first = asked(many, "/v1/health-scores?limit=2").json()
    rest = f"?limit=2&cursor={first['next']}"
    assert [one["account_id"] for one in first["items"]] == ["cog", "acme"]
    assert [one for one, _ in listed(many, rest)] == ["bolt"]


def kept_and_made(house: House, *account_ids: str) -> tuple[Any, Any]:
    """The scores of the open day as they are kept, and as they are made."""
    regions = {one: "dach" if one != "bolt" else None for one in account_ids}
    with house.system.pool.connection() as connection, reading(connection, COMPANY) as stand:
        on = OnDay(clock().date(), EVER, stand.zone)
        return open_scores(connection, on, regions), scores(connection, on, regions)


def test_what_is_kept_of_the_open_day_is_what_would_be_made(there: House) -> None:
    """CARD-03: before and after a fact touches one of the accounts, and for whoever sees less."""
    there.ask(_others)
    follow(there)
    assert kept_and_made(there, "acme")[0] is None
    day_closes(there)
    follow(there)
    first, made = kept_and_made(there, "acme", "bolt", "cog")
    assert first == made
    assert set(made) == {"acme", "bolt", "cog"}
    there.ask(lambda client: visit(client, "more", 0, "cog"))
    follow(there)
    kept, made = kept_and_made(there, "acme", "bolt", "cog")
    assert first != kept == made
    for query, key in (("", None), ("", "kl_ann_s"), ("region=dach", None)):
        path = f"/v1/health-scores?{query}"
        told_now, told_as_known = (
            asked(there, f"{path}&{known}", key=key).json()["items"]
            for known in ("", f"known_at={now()}")
        )
        assert told_now == told_as_known
        assert len(told_now) == (3 if key is None and not query else 2)


def test_a_table_has_the_same_rows(many: House) -> None:
    answer = asked(many, "/v1/health-scores", accept="text/csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["account_id"], row["score"]) for row in rows] == [
        ("cog", "0"),
        ("acme", "47000000"),
        ("bolt", "100000000"),
    ]


def test_the_heat_of_regions_counts_what_lies_below(many: House) -> None:
    """MET-10: bands, mean and the worst of each group."""
    answer = asked(many, "/v1/health-scores/heat").json()
    assert (answer["group_by"], answer["day"]) == ("region", day_ago(0))
    counted = {one["group"]: one["accounts"] for one in answer["items"]}
    assert counted == {None: 1, "dach": 2, "emea": 2}
    assert answer["total"]["accounts"] == 3
    assert answer["total"]["mean_score"] == 49 * POINT
    emea = answer["items"][-1]
    assert (emea["name"], emea["mean_score"]) == ("Europe", 23_500_000)
    assert [(one["band_id"], one["accounts"]) for one in emea["bands"]] == [
        ("red", 2),
        ("yellow", 0),
        ("green", 0),
    ]
    assert [(one["account_id"], one["score"]) for one in emea["worst"]] == [
        ("cog", 0),
        ("acme", 47 * POINT),
    ]


def test_the_heat_of_people_says_their_names(many: House) -> None:
    items = asked(many, "/v1/health-scores/heat?group_by=owner").json()["items"]
    assert [(one["group"], one["name"], one["accounts"]) for one in items] == [
        (None, None, 1),
        (ANN, "ann", 2),
    ]
    (only,) = asked(many, "/v1/health-scores/heat?group_by=account_class").json()["items"]
    assert (only["group"], only["accounts"]) == (None, 3)


def test_who_sees_no_account_counts_none(many: House) -> None:
    found = asked(many, "/v1/health-scores/heat?group_by=owner", key="kl_ann_s").json()
    assert [one["group"] for one in found["items"]] == [ANN]
    assert found["total"]["accounts"] == 2
    assert asked(many, "/v1/accounts/bolt/health-score", key="kl_ann_s").status_code == 404
