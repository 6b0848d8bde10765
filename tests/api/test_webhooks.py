"""Webhooks over HTTP: registered, told of alerts and notices by real receivers, retried, tested."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook

from projections.alerts import ALERTS
from projections.notices import NOTICES
from projections.projection import Projection
from projections.signals import SIGNALS
from projections.webhooks import WEBHOOKS
from readmodels.builds import begin
from replay.rebuild import rebuild
from runtime.composition import clock
from runtime.log.store_source import StoreSource
from runtime.read_models import Workbench
from runtime.webhooks.announcer import ANNOUNCER, Announcer
from runtime.webhooks.deliverer import Deliverer
from runtime.webhooks.deliveries import ATTEMPTS_MAX, Deliveries, Message, Outcome, Taken, pause
from runtime.webhooks.signing import WebhookSecrets
from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.api.warnings import asked, company, in_force, noticed, rule, told
from tests.examples.cast import ANN, BEA, UMA
from tests.processes import until
from tests.receivers import Receiver

pytestmark = pytest.mark.postgres

ANNS_KEY: Final = "kl_ann_s"
LATER: Final = timedelta(days=2)
"""By then whatever waits is due."""


@pytest.fixture
def there(house: House) -> House:
    """A house with the company, and a rule about contacts who leave."""

    async def act(client: httpx.AsyncClient) -> None:
        await company(client)
        await in_force(client, "r1", rule("contact_left", "true"))

    house.ask(act)
    return house


def does(house: House, command: str, **fields: Any) -> dict[str, Any]:
    async def act(client: httpx.AsyncClient) -> dict[str, Any]:
        return await told(client, command, **fields)

    found = house.ask(act)
    follow(house)
    return found


def registered(house: House, url: str, webhook_id: str = "desk", **more: Any) -> None:
    does(house, "register-webhook", webhook_id=webhook_id, label="Service desk", url=url, **more)


def posted(house: House, path: str, key: str | None = None) -> httpx.Response:
    async def act() -> httpx.Response:
        async with house.client(key) as client:
            return await client.post(path)

    return asyncio.run(act())


def alarmed(house: House) -> None:
    """A contact has left, and the alert about it is raised."""
    does(house, "record-contact-left", contact_id=UMA)
    assert noticed(house) == 1


def announced(house: House) -> int:
    """How many messages follow when every fact so far is looked at, as a restart would."""
    parts = house.system
    follow(house)
    with StoreSource(parts.database_url, parts.settings.ledger) as source:
        reaction = Announcer(parts.pool, source, Deliveries(parts.pool), clock)
        return sum(reaction.react_to(recorded) for recorded in source.read(0, 1_000, 0))


def deliverer(
    house: House, *, inside: bool = True, later: timedelta = timedelta(), timeout_s: float = 10
) -> Deliverer:
    secrets = WebhookSecrets(house.system.settings.webhook_key_file)
    deliveries = Deliveries(house.system.pool)
    return Deliverer(deliveries, secrets, inside, lambda: clock() + later, timeout_s)


def sent(house: House, **how: Any) -> int:
    """How many messages are sent when what is due is sent."""
    return asyncio.run(deliverer(house, **how).send_due())


def deliveries(house: House, webhook_id: str = "desk", query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(
        house, f"/v1/webhooks/{webhook_id}/deliveries?{query}"
    ).json()["items"]
    return found


def secrets(house: House, webhook_id: str = "desk") -> list[str]:
    found = asked(house, f"/v1/webhooks/{webhook_id}/secret").json()["secrets"]
    return [one["secret"] for one in found]


def stands(house: House) -> list[tuple[str, int, int | None, str | None]]:
    return [
        (one["state"], one["attempts"], one["last_status"], one["last_error"])
        for one in deliveries(house)
    ]


# --- what is told --------------------------------------------------------------------


def test_an_alert_and_its_notices_are_told_with_cause_rule_and_actions(there: House) -> None:
    """KAM-20, KAM-21, MET-11: in the form of Standard Webhooks, which their library verifies."""
    with Receiver() as receiver:
        registered(there, receiver.url)
        alarmed(there)
        assert (announced(there), sent(there), sent(there)) == (3, 3, 0)
        got = {one.headers["webhook-id"]: one for one in receiver.received}
    (secret,) = secrets(there)
    bodies = {
        identity: Webhook(secret).verify(one.body, dict(one.headers))
        for identity, one in got.items()
    }
    (alert,) = asked(there, "/v1/alerts").json()["items"]
    assert bodies[alert["alert_id"]]["type"] == "alert.raised"
    assert bodies[alert["alert_id"]]["data"]["notice"] is None
    notices = [one["data"]["notice"] for one in bodies.values() if one["type"] == "notice.sent"]
    assert {one["employee_id"] for one in notices} == {ANN, BEA}
    assert {one["notice_id"] for one in notices} == got.keys() - {alert["alert_id"]}
    for body in bodies.values():
        about = body["data"]["alert"]
        assert about == {name: alert[name] for name in about}
        assert (about["cause"], about["rule_id"], about["rule_version"]) == (
            "contact_left",
            "r1",
            1,
        )
        assert about["actions"] == [{"kind": "call", "text": "Call them."}]
        assert about["account_id"] == "acme"
        assert "facts" not in about


@pytest.mark.parametrize(
    ("only", "count"),
    [
        ({}, 3),
        ({"kinds": ["alert.raised"]}, 1),
        ({"kinds": ["notice.sent"]}, 2),
        ({"causes": ["contact_left"]}, 3),
        ({"causes": ["health_low", "competitor_entered"]}, 0),
        ({"region_ids": ["dach"]}, 3),
        ({"region_ids": ["emea"]}, 3),
        ({"region_ids": ["apac"]}, 0),
        ({"region_ids": ["apac", "emea"], "kinds": ["alert.raised"]}, 1),
    ],
)
def test_a_receiver_is_told_of_what_it_was_registered_for(
    there: House, only: dict[str, Any], count: int
) -> None:
    does(there, "open-region", region_id="apac", name="Asia")
    registered(there, "https://desk.example/hook", **only)
    alarmed(there)
    assert announced(there) == count
    assert len(deliveries(there)) == count


def test_what_was_seen_already_is_told_once(there: House) -> None:
    """Killed between a message and the cursor, it sees the fact again."""
    with Receiver() as receiver:
        registered(there, receiver.url)
        alarmed(there)
        announced(there)
        assert sent(there) == 3
        announced(there)
        assert sent(there, later=LATER) == 0
        assert len(receiver.received) == 3


def test_who_was_registered_later_or_is_retired_is_not_told(there: House) -> None:
    registered(there, "https://gone.example/hook", "gone")
    does(there, "retire-webhook", webhook_id="gone", reason="another tool")
    alarmed(there)
    registered(there, "https://desk.example/hook")
    assert announced(there) == 0


def test_imported_facts_are_told_to_nobody(there: House) -> None:
    registered(there, "https://desk.example/hook")
    does(there, "record-contact-left", contact_id=UMA, imported=True)
    assert (noticed(there), announced(there)) == (0, 0)


# --- how it is sent ---------------------------------------------------------------------


def tried(house: House, webhook_id: str = "desk") -> str:
    answer = posted(house, f"/v1/webhooks/{webhook_id}/test")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["message_id"])


def test_what_failed_is_sent_again_under_the_same_id(house: House) -> None:
    with Receiver(500, 503, 200) as receiver:
        registered(house, receiver.url)
        message_id = tried(house)
        assert (sent(house), sent(house)) == (1, 0)
        assert stands(house) == [("waiting", 1, 500, None)]
        assert sent(house, later=LATER) == 1
        assert stands(house) == [("waiting", 2, 503, None)]
        assert sent(house, later=2 * LATER) == 1
        assert stands(house) == [("delivered", 3, 200, None)]
        assert sent(house, later=3 * LATER) == 0
        assert {one.headers["webhook-id"] for one in receiver.received} == {message_id}
        assert len({one.body for one in receiver.received}) == 1
        body = json.loads(receiver.received[0].body)
        assert (body["type"], body["data"]) == ("webhook.test", {"webhook_id": "desk"})


def test_it_is_given_up_after_some_attempts_and_may_be_tried_anew(house: House) -> None:
    with Receiver(*(500,) * ATTEMPTS_MAX, 204) as receiver:
        registered(house, receiver.url)
        message_id = tried(house)
        counts = [sent(house, later=number * LATER) for number in range(ATTEMPTS_MAX + 1)]
        assert counts == [1] * ATTEMPTS_MAX + [0]
        assert stands(house) == [("dead", ATTEMPTS_MAX, 500, None)]
        assert len(deliveries(house, query="state=dead")) == 1
        assert deliveries(house, query="state=waiting") == []
        again = posted(house, f"/v1/webhooks/desk/deliveries/{message_id}/retry")
        assert again.json() == {"webhook_id": "desk", "message_id": message_id}
        assert sent(house) == 1
        assert stands(house) == [("delivered", 1, 204, None)]
        assert {one.headers["webhook-id"] for one in receiver.received} == {message_id}


def test_what_has_arrived_is_known_for_a_month(house: House) -> None:
    with Receiver(200, 410) as receiver:
        registered(house, receiver.url)
        tried(house)
        tried(house)
        sent(house)
    assert {one["last_status"] for one in deliveries(house)} == {200, 410}
    put = Deliveries(house.system.pool).put
    for days, count in ((29, 3), (31, 2)):
        put(["desk"], Message("m1", "webhook.test", "{}"), clock() + timedelta(days=days))
        assert len(deliveries(house)) == count
    assert 200 not in {one["last_status"] for one in deliveries(house)}


def test_a_receiver_that_is_gone_is_not_asked_again(house: House) -> None:
    with Receiver(410) as receiver:
        registered(house, receiver.url)
        tried(house)
        assert (sent(house), sent(house, later=LATER)) == (1, 0)
    assert stands(house) == [("dead", 1, 410, None)]


def test_no_redirect_is_followed(house: House) -> None:
    with Receiver() as other, Receiver(302, location=other.url) as receiver:
        registered(house, receiver.url)
        tried(house)
        assert sent(house) == 1
        assert other.received == []
    assert stands(house) == [("waiting", 1, 302, None)]


def test_nobody_there_and_a_private_address_are_told_apart(house: House) -> None:
    with Receiver() as receiver:
        url = receiver.url
    registered(house, url)
    tried(house)
    sent(house)
    assert stands(house) == [("waiting", 1, None, "ConnectError")]
    sent(house, inside=False, later=LATER)
    assert stands(house) == [("waiting", 2, None, "private-address")]


def test_a_slow_receiver_holds_nobody_up(house: House) -> None:
    with Receiver(slow=True) as slow, Receiver() as quick:
        registered(house, slow.url, "slow")
        registered(house, quick.url)
        for _ in range(6):
            tried(house, "slow")
        stop = threading.Event()
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(deliverer(house, timeout_s=5).run, stop)
            until(lambda: len(slow.received) == 4, "the slow one has what it gets at a time")
            tried(house)
            until(lambda: stands(house)[0][0] == "delivered", "the quick one is told")
            assert {one["attempts"] for one in deliveries(house, "slow")} == {0}
            until(
                lambda: (
                    [one["last_error"] for one in deliveries(house, "slow")].count("timeout") == 6
                ),
                "the slow one is not waited for",
            )
            stop.set()
            running.result(timeout=10)


class KilledError(Exception):
    """The process ends here."""


class Forgetful(Deliveries):
    """Ends between sending and noting."""

    def note(self, taken: Taken, outcome: Outcome, now: Any, pause: timedelta) -> None:
        raise KilledError


def test_killed_between_sending_and_noting_it_sends_again(house: House) -> None:
    with Receiver() as receiver:
        registered(house, receiver.url)
        message_id = tried(house)
        whole = deliverer(house)
        killed = Deliverer(Forgetful(house.system.pool), whole.secrets, whole.inside, clock)
        with pytest.raises(KilledError):
            asyncio.run(killed.send_due())
        assert sent(house) == 0, "another process may be at it still"
        assert sent(house, later=timedelta(minutes=2)) == 1
        assert [one.headers["webhook-id"] for one in receiver.received] == [message_id] * 2
    assert stands(house) == [("delivered", 1, 200, None)]


def test_two_processes_do_not_send_the_same_message(house: House) -> None:
    with Receiver() as receiver:
        registered(house, receiver.url)
        for _ in range(8):
            tried(house)
        with ThreadPoolExecutor(2) as threads:
            counts = [threads.submit(sent, house) for _ in range(2)]
        assert sum(one.result() for one in counts) == len(receiver.received)
        sent(house)
        assert len({one.headers["webhook-id"] for one in receiver.received}) == 8
        assert len(receiver.received) == 8


def test_what_waits_while_the_read_model_is_lost_is_sent_once_it_is_back(house: House) -> None:
    with Receiver() as receiver:
        registered(house, receiver.url)
        tried(house)
        lost = "UPDATE read_model SET state = %s WHERE name = 'webhooks' AND build = 1"
        with house.system.pool.connection() as connection:
            connection.execute(lost, ["kept"])
            begin(connection, WEBHOOKS, "current")
            assert sent(house) == 0
            connection.execute("DELETE FROM read_model WHERE name = 'webhooks' AND build = 2")
            connection.execute(lost, ["current"])
        assert sent(house, later=LATER) == 1
    assert stands(house) == [("delivered", 1, 200, None)]


def test_what_waits_for_a_retired_webhook_is_not_sent(house: House) -> None:
    with Receiver() as receiver:
        registered(house, receiver.url)
        message_id = tried(house)
        does(house, "retire-webhook", webhook_id="desk", reason="another tool")
        sent(house)
        assert receiver.received == []
    assert stands(house) == [("dead", 1, None, "retired")]
    for path in ("test", f"deliveries/{message_id}/retry"):
        answer = posted(house, f"/v1/webhooks/desk/{path}")
        assert (answer.status_code, answer.json()["rule"]) == (409, "webhook-retired")


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0.5, 5), (2, 0.5, 20), (3, 0.5, 80), (1, 0, 4), (1, 1, 6), (9, 0.5, 86_400)],
)
def test_pauses_grow_up_to_a_day(attempts: int, chance: float, seconds: int) -> None:
    assert pause(attempts, chance).total_seconds() == pytest.approx(seconds)


# --- secrets and who may what -----------------------------------------------------------


def test_after_a_rotation_both_secrets_sign_for_some_hours(house: House) -> None:
    with Receiver() as receiver:
        registered(house, receiver.url)
        (old,) = secrets(house)
        does(house, "rotate-webhook-secret", webhook_id="desk", secret=2, keep_hours=24)
        new, kept = secrets(house)
        assert (kept, new != old) == (old, True)
        tried(house)
        sent(house)
        got = receiver.received[0]
        for secret in (new, old):
            Webhook(secret).verify(got.body, dict(got.headers))
        tried(house)
        sent(house, later=timedelta(hours=25))
        signature = receiver.received[1].headers["webhook-signature"]
        assert len(signature.split(" ")) == 1
    answer = asked(house, "/v1/webhooks/desk/secret")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [one["number"] for one in answer.json()["secrets"]] == [2, 1]


def test_no_secret_is_in_the_log_or_in_the_database(house: House) -> None:
    registered(house, "https://desk.example/hook")
    (secret,) = secrets(house)
    with house.system.pool.connection() as connection:
        found = connection.execute("SELECT state::text FROM events").fetchall()
    assert all(secret.removeprefix("whsec_") not in str(one) for one in found)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/webhooks/desk/secret"),
        ("POST", "/v1/webhooks/desk/test"),
        ("POST", "/v1/webhooks/desk/deliveries/m1/retry"),
    ],
)
def test_only_administrators_learn_secrets_and_have_messages_sent(
    there: House, method: str, path: str
) -> None:
    registered(there, "https://desk.example/hook")

    async def act(key: str | None) -> httpx.Response:
        async with there.client(key) as client:
            return await client.request(method, path)

    refused = asyncio.run(act(ANNS_KEY))
    assert (refused.status_code, refused.json()["rule"]) == (403, "role-missing")
    assert asyncio.run(act("kl_nobody_x")).status_code == 401
    unknown = asyncio.run(act(None))
    assert unknown.status_code == (404 if "retry" in path else 200)


def test_webhooks_are_told_to_who_sees_the_whole_company(there: House) -> None:
    registered(there, "https://desk.example/hook", causes=["contact_left"])
    (item,) = asked(there, "/v1/webhooks").json()["items"]
    assert (item["url"], item["causes"], item["secret"], item["retired"]) == (
        "https://desk.example/hook",
        ["contact_left"],
        1,
        False,
    )
    assert asked(there, "/v1/webhooks", key=ANNS_KEY).json()["items"] == []
    for path in ("", "/deliveries"):
        hidden = asked(there, f"/v1/webhooks/desk{path}", key=ANNS_KEY)
        assert (hidden.status_code, hidden.json()["rule"]) == (404, "unknown-webhook")
    assert asked(there, "/v1/webhooks/desk").headers["ETag"] == '"1"'
    assert asked(there, "/v1/webhooks?as_of=2020-01-01").json()["items"] == []
    assert asked(there, "/v1/webhooks?retired=true").json()["items"] == []
    for path in ("test", "deliveries/m1/retry"):
        assert posted(there, f"/v1/webhooks/other/{path}").json()["rule"] == "unknown-webhook"
    gone = posted(there, "/v1/webhooks/desk/deliveries/m1/retry")
    assert gone.json()["rule"] == "unknown-delivery"


def test_messages_come_in_pages_the_last_one_first(house: House) -> None:
    registered(house, "https://desk.example/hook")
    ids = [tried(house) for _ in range(3)]
    first = asked(house, "/v1/webhooks/desk/deliveries?limit=2").json()
    second = asked(house, f"/v1/webhooks/desk/deliveries?limit=2&cursor={first['next']}").json()
    found = [one["message_id"] for page in (first, second) for one in page["items"]]
    assert found == ids[::-1]


def test_a_region_it_is_for_has_to_exist(house: House) -> None:
    async def act(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(
            client,
            "register-webhook",
            "k",
            webhook_id="desk",
            label="Desk",
            url="https://desk.example/hook",
            region_ids=["atlantis"],
        )

    answer = house.ask(act)
    assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-region")


# --- as a process runs it -----------------------------------------------------------------


def test_it_begins_at_the_head_and_a_rebuild_tells_nobody(there: House) -> None:
    """What was before is not told; read models that are built anew tell nothing again."""
    parts, stop = there.system, threading.Event()
    registered(there, "https://desk.example/hook")
    alarmed(there)
    with (
        ThreadPoolExecutor(1) as threads,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        announcer = Announcer(parts.pool, source, Deliveries(parts.pool), clock)
        running = threads.submit(announcer.run, stop)
        try:
            until(lambda: _cursor(there) == _head(there), "it stands at the head")
            assert deliveries(there) == []
            asyncio.run(_leaves(there))
            assert noticed(there) == 1
            until(lambda: len(deliveries(there)) == 3, "what came then is told")
            with parts.pool.connection() as connection:
                connection.execute("DELETE FROM webhook_delivery")
            for projection in (ALERTS, NOTICES, SIGNALS, WEBHOOKS):
                _built_anew(there, projection)
            until(lambda: _cursor(there) == _head(there), "it stands at the head")
            assert (noticed(there), deliveries(there)) == (0, [])
        finally:
            stop.set()
        running.result()


def _built_anew(house: House, projection: Projection) -> None:
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        assert rebuild(Workbench(connection, projection), source, lambda _, __: None, lambda: False)


async def _leaves(house: House) -> None:
    async with house.client() as client:
        person = "5b1c6a51-0000-4000-8000-00000000abcd"
        await told(client, "register-contact", contact_id=person, account_id="acme", name="Xi")
        await told(client, "record-contact-left", contact_id=person)


def _cursor(house: House) -> int:
    with house.system.pool.connection() as connection:
        row = connection.execute(
            "SELECT position FROM reaction_cursor WHERE name = %s", [ANNOUNCER]
        ).fetchone()
    return row[0] if row else 0


def _head(house: House) -> int:
    with house.system.pool.connection() as connection:
        row = connection.execute("SELECT n FROM log_head").fetchone()
    assert row is not None
    return int(row[0])
