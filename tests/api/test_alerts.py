"""Alerts over HTTP: each cause raises one alert, with its rule, what to do, and who is accountable.

NPS falls with the first surveys; a cause more is a line in two tables.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from aggregates.policies.alert_rule import CAUSES
from readmodels.alert_causes import FOUND
from tests.api import planning
from tests.api.conftest import House, issue
from tests.api.warnings import (
    ago,
    asked,
    company,
    day_ago,
    day_closes,
    in_force,
    noticed,
    rule,
    sale,
    told,
)
from tests.examples.cast import ANN, BEA, UMA, VIC

pytestmark = pytest.mark.postgres

Act = Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]

ANNS_KEY: Final = "kl_ann_s"
BEAS_KEY: Final = "kl_bea_s"


@pytest.fixture
def there(house: House) -> House:
    """A house with the company."""
    house.ask(company)
    return house


def does(command: str, **fields: Any) -> Act:
    async def act(client: httpx.AsyncClient) -> Any:
        return await told(client, command, **fields)

    return act


def has_rule(house: House, document: dict[str, Any], rule_id: str = "r1") -> None:
    async def act(client: httpx.AsyncClient) -> None:
        await in_force(client, rule_id, document)

    house.ask(act)


def alerts(house: House, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(house, f"/v1/alerts?{query}").json()["items"]
    return found


def facts_of(alert: dict[str, Any]) -> dict[str, Any]:
    """What its condition saw beside what is known of every account."""
    assert (alert["facts"]["account_class"], alert["facts"]["sector"]) == ("none", "retail")
    return {
        name: value
        for name, value in alert["facts"].items()
        if name not in {"account_class", "sector"}
    }


def test_every_cause_there_is_can_be_found() -> None:
    assert FOUND.keys() == CAUSES.keys()


LEAVES: Final = does("record-contact-left", contact_id=UMA)
COMES: Final = does(
    "record-competitor",
    entry_id="e1",
    account_id="acme",
    competitor="Globex",
    attacks="the service contract",
)


@pytest.mark.parametrize(
    ("cause", "when", "act", "facts"),
    [
        (
            "contact_left",
            "role == 'decision_maker'",
            LEAVES,
            {"role": "decision_maker", "influence": 3, "sentiment": 4},
        ),
        (
            "sentiment_fell",
            "before - after >= 2",
            does("assess-contact", contact_id=UMA, influence=3, sentiment=2),
            {"before": 4, "after": 2, "role": "decision_maker", "influence": 3},
        ),
        (
            "competitor_entered",
            "true",
            COMES,
            {"competitor": "Globex", "on_opportunity": False},
        ),
    ],
)
def test_a_fact_raises_one_alert_with_its_cause_and_an_action(
    there: House, cause: str, when: str, act: Act, facts: dict[str, Any]
) -> None:
    """KAM-20, KAM-21."""
    has_rule(there, rule(cause, when))
    receipt = there.ask(act)
    assert [noticed(there), noticed(there)] == [1, 0]
    (alert,) = alerts(there)
    event_id = f"{receipt['stream']}/{receipt['version']}"
    assert (alert["cause"], alert["events"]) == (cause, [event_id])
    assert facts_of(alert) == facts
    assert (alert["rule_id"], alert["rule_version"]) == ("r1", 1)
    assert alert["actions"] == [{"kind": "call", "text": "Call them."}]
    assert (alert["owner_id"], alert["notified_ids"]) == (ANN, [ANN, BEA])


@pytest.mark.parametrize(
    ("cause", "when", "act"),
    [
        ("contact_left", "role == 'champion'", LEAVES),
        ("contact_left", "true", does("change-contact-role", contact_id=UMA, role=None)),
        (
            "sentiment_fell",
            "before - after >= 2",
            does("assess-contact", contact_id=UMA, influence=3, sentiment=3),
        ),
        (
            "sentiment_fell",
            "true",
            does("assess-contact", contact_id=UMA, influence=3, sentiment=5),
        ),
        (
            "sentiment_fell",
            "true",
            does("assess-contact", contact_id=UMA, influence=3, sentiment=None),
        ),
        ("competitor_entered", "on_opportunity", COMES),
        ("competitor_entered", "false", COMES),
    ],
)
def test_what_a_rule_does_not_mean_raises_nothing(
    there: House, cause: str, when: str, act: Act
) -> None:
    has_rule(there, rule(cause, when))
    there.ask(act)
    assert noticed(there) == 0


def test_who_moves_to_another_customer_has_left(there: House) -> None:
    has_rule(there, rule("contact_left", "true"))

    async def act(client: httpx.AsyncClient) -> None:
        await told(client, "register-account", account_id="globex", name="Globex")
        await told(client, "move-contact", contact_id=UMA, account_id="globex")
        await told(client, "record-contact-left", contact_id=UMA)
        await told(client, "move-contact", contact_id=UMA, account_id="acme")

    there.ask(act)
    assert noticed(there) == 2
    assert {one["account_id"] for one in alerts(there)} == {"acme", "globex"}


def test_imported_history_raises_nothing(there: House) -> None:
    has_rule(there, rule("contact_left", "true"))
    there.ask(does("record-contact-left", contact_id=UMA, imported=True))
    assert noticed(there) == 0


def test_what_was_so_before_there_was_a_rule_raises_nothing(there: House) -> None:
    there.ask(LEAVES)
    has_rule(there, rule("contact_left", "true"))
    assert noticed(there) == 0


def test_a_rule_is_for_its_region_and_below(there: House) -> None:
    there.ask(does("open-region", region_id="apac", name="Asia"))
    has_rule(there, rule("contact_left", "true", region_id="apac"), "far")
    has_rule(there, rule("contact_left", "true", region_id="emea"), "near")
    there.ask(LEAVES)
    assert noticed(there) == 1
    assert [one["rule_id"] for one in alerts(there)] == ["near"]


# --- what a day that is over leaves --------------------------------------------------


@pytest.mark.parametrize(("days", "stalled"), [(29, 1), (30, 0)])
def test_an_upsell_without_a_step_or_a_word_is_noticed(
    there: House, days: int, stalled: int
) -> None:
    """KAM-20: opened 30 days ago, it had been quiet for 29 when yesterday was over."""

    async def act(client: httpx.AsyncClient) -> None:
        await sale(client, "first", "gtx", 100, won=1_000_00)
        await sale(client, "more", "gtx-pro", 30)

    there.ask(act)
    has_rule(there, rule("upsell_stalled", f"days >= {days}"))
    day_closes(there)
    assert [noticed(there), noticed(there)] == [stalled, 0]
    for alert in alerts(there):
        assert alert["events"][:-1] == ["opportunity-more/1"]
        assert facts_of(alert) == {
            "days": 29,
            "kind": "up_sell",
            "stage": "found",
            "amount_minor": 0,
            "currency": "none",
        }


def test_a_stretch_of_silence_raises_one_alert_and_the_next_another(there: House) -> None:
    async def act(client: httpx.AsyncClient) -> None:
        await sale(client, "first", "gtx", 100, won=1_000_00)
        await sale(client, "other", "mg", 60)

    there.ask(act)
    has_rule(there, rule("upsell_stalled", "days >= 30 && kind == 'cross_sell'"))
    day_closes(there)
    assert noticed(there) == 1
    day_closes(there, days_ahead=1)
    assert noticed(there) == 0

    async def talk(client: httpx.AsyncClient) -> None:
        await told(
            client,
            "log-interaction",
            interaction_id="call",
            account_id="acme",
            kind="call",
            subject="Prices",
            employee_ids=[ANN],
            occurred_at=ago(40),
        )

    there.ask(talk)
    day_closes(there, days_ahead=2)
    assert noticed(there) == 1
    found = sorted(alerts(there), key=lambda one: one["raised_at"])
    assert found[1]["events"][:-1] == ["opportunity-other/1", "interaction-call/1"]


def test_a_first_sale_is_no_expansion_and_a_closed_one_is_over(there: House) -> None:
    has_rule(there, rule("upsell_stalled", "days >= 1"))

    async def act(client: httpx.AsyncClient) -> None:
        await sale(client, "first", "gtx", 100)
        await sale(client, "gone", "mg", 100, lost=True)

    there.ask(act)
    day_closes(there)
    assert noticed(there) == 0


@pytest.mark.parametrize(("least", "count"), [(399, 1), (400, 0)])
def test_an_account_nobody_has_met_is_quiet_since_it_was_registered(
    there: House, least: int, count: int
) -> None:
    has_rule(there, rule("no_executive_contact", f"days >= {least}"))
    day_closes(there)
    assert noticed(there) == count
    for alert in alerts(there):
        assert alert["events"][:-1] == ["account-acme/1"]
        assert facts_of(alert) == {"days": 399, "ever": False}


@pytest.mark.parametrize(
    ("kind", "contacts", "days"),
    [
        ("executive_visit", [], 49),
        ("call", [UMA], 49),  # who decides
        ("call", [VIC], 399),
    ],
)
def test_an_executive_visit_or_whoever_decides_counts(
    there: House, kind: str, contacts: list[str], days: int
) -> None:
    has_rule(there, rule("no_executive_contact", "days >= 30"))

    async def act(client: httpx.AsyncClient) -> None:
        await told(client, "register-contact", contact_id=VIC, account_id="acme", name="Vic")
        await told(
            client,
            "log-interaction",
            interaction_id="i1",
            account_id="acme",
            kind=kind,
            subject="Prices",
            employee_ids=[ANN],
            contact_ids=contacts,
            occurred_at=ago(50),
        )

    there.ask(act)
    day_closes(there)
    assert noticed(there) == 1
    assert facts_of(alerts(there)[0]) == {"days": days, "ever": days == 49}


# --- what is done about it ------------------------------------------------------------


def sends(house: House, key: str, command: str, **fields: Any) -> httpx.Response:
    """What a command with that key is answered."""

    async def act() -> httpx.Response:
        async with house.client(key) as client:
            return await issue(client, command, f"{key}{command}", **fields)

    return asyncio.run(act())


@pytest.fixture
def alarmed(there: House) -> House:
    """A house in which a decision maker has left."""
    has_rule(there, rule("contact_left", "role == 'decision_maker'"))
    there.ask(LEAVES)
    assert noticed(there) == 1
    return there


def test_an_alert_is_explained(alarmed: House) -> None:
    (alert,) = alerts(alarmed)
    identity = {"alert_id": alert["alert_id"]}
    assert sends(alarmed, ANNS_KEY, "acknowledge-alert", **identity).status_code == 200
    handed_on = sends(alarmed, BEAS_KEY, "reassign-alert", **identity, owner_id=BEA)
    assert handed_on.status_code == 200
    done = {**identity, "outcome": "handled", "how": "met the successor"}
    assert sends(alarmed, ANNS_KEY, "resolve-alert", **done).json()["rule"] == "alert-of-another"
    assert sends(alarmed, BEAS_KEY, "resolve-alert", **done).status_code == 200
    noticed(alarmed)
    answer = asked(alarmed, f"/v1/alerts/{alert['alert_id']}")
    found = answer.json()
    assert answer.headers["ETag"] == '"4"'
    assert (found["rule"]["rule_id"], found["rule"]["version"], found["rule"]["when"]) == (
        "r1",
        1,
        "role == 'decision_maker'",
    )
    (behind,) = found["events"]
    assert (behind["name"], behind["event_id"]) == ("contact.left", alert["events"][0])
    assert found["causation_id"] == alert["events"][0]
    assert [(one["state"], one["owner_id"]) for one in found["history"]] == [
        ("open", ANN),
        ("acknowledged", ANN),
        ("open", BEA),
        ("resolved", BEA),
    ]
    assert asked(alarmed, "/v1/alerts/none").json()["rule"] == "unknown-alert"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("account=acme", 1),
        ("account=globex", 0),
        (f"owner={ANN}", 1),
        (f"owner={BEA}", 0),
        ("rule=r1", 1),
        ("rule=r2", 0),
        ("cause=contact_left&severity=high&state=open", 1),
        ("severity=low", 0),
        ("state=resolved", 0),
        ("region=emea", 1),
        ("region=dach", 1),
        ("region=apac", 0),
        ("overdue=true", 0),
        (f"overdue=true&as_of={day_ago(-7)}", 0),
        (f"overdue=true&as_of={day_ago(-8)}", 1),
        ("as_of=2020-01-01", 0),
        ("known_at=2020-01-01T00:00:00Z", 0),
    ],
)
def test_alerts_are_selected(alarmed: House, query: str, count: int) -> None:
    assert len(alerts(alarmed, query)) == count, query


def test_alerts_come_in_pages_and_as_csv(alarmed: House) -> None:
    has_rule(alarmed, rule("competitor_entered", "true"), "r2")
    alarmed.ask(COMES)
    assert noticed(alarmed) == 1
    first = asked(alarmed, "/v1/alerts?limit=1").json()
    second = asked(alarmed, f"/v1/alerts?limit=1&cursor={first['next']}").json()
    assert first["items"][0]["alert_id"] < second["items"][0]["alert_id"]
    text = asked(alarmed, "/v1/alerts", accept="text/csv").text
    assert len(text.splitlines()) == 3


def test_a_notice_waits_until_it_is_read(alarmed: House) -> None:
    """KAM-20: the regional manager is told, and nobody reads what is for somebody else."""
    mine = asked(alarmed, "/v1/notices?read=false", key=BEAS_KEY).json()
    assert mine["employee_id"] == BEA
    (notice,) = mine["items"]
    (alert,) = alerts(alarmed)
    assert (notice["subject_kind"], notice["subject_id"]) == ("alert", alert["alert_id"])
    assert notice["alert"] == {name: alert[name] for name in notice["alert"]}
    assert (notice["alert"]["cause"], notice["alert"]["rule_id"]) == ("contact_left", "r1")
    assert notice["alert"]["actions"] == [{"kind": "call", "text": "Call them."}]
    identity = {"notice_id": notice["notice_id"]}
    refused = sends(alarmed, ANNS_KEY, "mark-notice-read", **identity)
    assert (refused.status_code, refused.json()["rule"]) == (403, "notice-of-another")
    assert sends(alarmed, BEAS_KEY, "mark-notice-read", **identity).status_code == 200
    noticed(alarmed)
    assert asked(alarmed, "/v1/notices?read=false", key=BEAS_KEY).json()["items"] == []
    assert len(asked(alarmed, "/v1/notices?read=true", key=BEAS_KEY).json()["items"]) == 1
    assert asked(alarmed, "/v1/notices").json()["rule"] == "person-missing"


def test_rules_are_listed_with_the_version_in_force_and_the_causes(alarmed: House) -> None:
    stricter = rule("contact_left", "influence >= 5")
    alarmed.ask(does("draft-alert-rule", rule_id="r1", document=stricter))
    noticed(alarmed)
    found = asked(alarmed, "/v1/alert-rules?cause=contact_left").json()
    (item,) = found["items"]
    assert (item["version"], item["document"]["when"], item["in_force"]) == (2, "influence >= 5", 1)
    assert found["causes"]["contact_left"]["influence"] == "integer"


@pytest.mark.parametrize(("more", "count"), [(0, 1), (1, 0)])
def test_an_action_of_an_active_plan_that_is_over_due_is_noticed(
    house: House, more: int, count: int
) -> None:
    """Plans are for 2026: what is due in June of it is over once a year from now is."""

    async def act(client: httpx.AsyncClient) -> None:
        await planning.company(client)
        await planning.make_active(house)

    house.ask(act)
    closed = datetime.now(UTC).date() + timedelta(days=399)
    days = (closed - date(2026, 6, 30)).days
    has_rule(house, rule("plan_action_overdue", f"days >= {days + more}"))
    day_closes(house, days_ahead=400)
    assert [noticed(house), noticed(house)] == [count, 0]
    for alert in alerts(house):
        assert alert["events"][0].startswith("account_plan-p1/")
        assert (alert["facts"]["days"], alert["facts"]["department"]) == (days, "sales")


def test_an_action_that_is_done_is_not_over_due(house: House) -> None:
    async def act(client: httpx.AsyncClient) -> None:
        await planning.company(client)
        await planning.make_active(house)
        await told(client, "complete-plan-action", plan_id="p1", action_id="visit")

    house.ask(act)
    has_rule(house, rule("plan_action_overdue", "true"))
    day_closes(house, days_ahead=400)
    assert noticed(house) == 0


def test_an_alert_is_work_of_whoever_is_accountable_and_handed_over_with_it(
    alarmed: House,
) -> None:
    """KAM-32."""
    (alert,) = alerts(alarmed)
    (task,) = asked(alarmed, f"/v1/tasks?owner={ANN}").json()["items"]
    assert (task["title"], task["due_on"]) == ("Call them.", alert["due_on"])
    kinds = {
        one["kind"]
        for one in asked(alarmed, f"/v1/employees/{ANN}/portfolio").json()["items"]
        if one["record_id"] == alert["alert_id"]
    }
    assert kinds == {"task", "alert"}
    alarmed.ask(
        does(
            "reassign-portfolio",
            from_id=ANN,
            to_id=BEA,
            alert_ids=[alert["alert_id"]],
            task_ids=[task["task_id"]],
        )
    )
    noticed(alarmed)
    assert [one["owner_id"] for one in alerts(alarmed)] == [BEA]
    assert len(asked(alarmed, f"/v1/tasks?owner={BEA}").json()["items"]) == 1
