"""CARD-04: replays over HTTP: asked for, carried out elsewhere, told of, cancelled, answered."""

import asyncio
import hashlib
from datetime import timedelta
from functools import partial
from typing import Any, Final

import httpx
import pytest

from api.replays import OPEN_MAX
from events.policies.approval_route import NamedEmployee
from runtime.composition import clock
from runtime.replays.queue import PART, Queue
from tests.api.conftest import House
from tests.api.following import follow
from tests.api.replaying import QUESTION, posted, queue, replay, work
from tests.api.warnings import asked, told
from tests.examples.approvals import route, step
from tests.examples.cast import ANN, BEA
from tests.examples.scores import POLICY
from tests.runtime.replays.toy import FORMATS, Toy

pytestmark = pytest.mark.postgres

DOCUMENT: Final[dict[str, Any]] = POLICY.model_dump(mode="json")
PROPOSAL: Final = {"version": 1, "approval_id": "s1", "requester_id": ANN}
KINDS: Final = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "text/markdown": "markdown",
}


@pytest.fixture
def there(house: House) -> House:
    """A house in which the group has one draft of a scoring policy."""
    house.ask(lambda client: told(client, "draft-scoring-policy", document=DOCUMENT))
    return house


def key(house: House, name: str, *roles: str, employee: str | None = None) -> str:
    """A key with these roles."""

    async def act(client: httpx.AsyncClient) -> None:
        digest = hashlib.sha256(b"s").hexdigest()
        given = {"key_id": name, "secret_sha256": digest, "label": "a key", "roles": list(roles)}
        await told(client, "issue-api-key", **given, employee_id=employee)

    house.ask(act)
    return f"kl_{name}_s"


def test_it_is_asked_for_carried_out_and_answered_in_every_form(there: House) -> None:
    answer = posted(there)
    assert answer.status_code == 202
    waiting = answer.json()
    path = answer.headers["Location"]
    assert path == f"/v1/replays/{waiting['replay_id']}"
    assert (waiting["state"], waiting["links"]) == (
        "waiting",
        {"cancel": f"{path}/cancel", "result": None},
    )
    assert asked(there, f"{path}/result").json()["rule"] == "replay-not-done"

    toy, seen = Toy(size=2 * PART + 1), []

    def look(part: int) -> None:
        seen.append(asked(there, path).json())
        assert part == len(seen) - 1

    toy.before = look
    assert work(there, toy)
    assert {one["state"] for one in seen} == {"running"}
    assert [one["progress"]["done"] for one in seen] == [0, 1, 2, 3, 4]
    assert seen[0]["progress"] == {
        "doing": None,
        "done": 0,
        "total": None,
        "rate_per_s": None,
        "left_s": None,
    }
    told_last = seen[-1]["progress"]
    assert (told_last["doing"], told_last["total"]) == ("account days", 5)
    assert told_last["left_s"] == pytest.approx(1 / told_last["rate_per_s"])

    done = asked(there, path).json()
    assert (done["state"], done["position"]) == ("done", 7)
    assert done["links"] == {"cancel": None, "result": f"{path}/result"}
    assert done["findings"] == [
        {
            "name": "new",
            "place": "*",
            "version": 1,
            "accounts": 85,
            "accounts_moved": 12,
            "alerts_before": 7,
            "alerts_after": 9,
        }
    ]
    assert set(KINDS.values()) == set(FORMATS)
    for kind, name in KINDS.items():
        found = asked(there, f"{path}/result", accept=kind)
        assert found.headers["Content-Type"].partition(";")[0] == kind
        digest = hashlib.sha256(found.content).hexdigest()
        assert done["results"][name] == {"octets": 2 * PART + 1, "sha256": digest}
        assert found.headers["ETag"] == f'"{digest}"'
        assert found.content.startswith(name.encode())
    assert asked(there, f"{path}/result", accept="text/html").status_code == 406
    assert not work(there, Toy()), "it is carried out once"
    assert list(there.system.settings.replays.iterdir()) == []


def test_the_same_request_is_the_same_replay_and_another_needs_another_key(there: House) -> None:
    """CARD-05, of what is no command."""
    path = replay(there)
    assert work(there, Toy())
    again = posted(there)
    assert (again.status_code, again.headers["Location"]) == (202, path)
    assert again.json()["state"] == "done"
    other = posted(there, QUESTION | {"last": "2026-02-01"})
    assert (other.status_code, other.json()["rule"]) == (422, "key-reused")
    assert replay(there, idempotency_key="r2") != path
    assert replay(there, api_key=key(there, "eva", "analyst")) != path, "of another key"


def _policy(**fields: Any) -> dict[str, Any]:
    return QUESTION | {"policies": [QUESTION["policies"][0], {"name": "other", **fields}]}


@pytest.mark.parametrize(
    ("body", "status", "rule", "pointer"),
    [
        (b"{", 400, "malformed-json", None),
        (b"[" * 40, 400, "too-deep", None),
        ({}, 422, "invalid-body", "/policies"),
        (QUESTION | {"first": "2026-02-01"}, 422, "invalid-body", ""),
        (QUESTION | {"surprise": 1}, 422, "invalid-body", "/surprise"),
        (_policy(), 422, "invalid-body", "/policies/1"),
        (_policy(version=2), 404, "unknown-version", "/policies/1/version"),
        (_policy(version=1, region_id="emea"), 404, "unknown-region", "/policies/1/region_id"),
        (
            _policy(document=DOCUMENT | {"weights_add_up_to": 99}),
            422,
            "weights-do-not-add-up",
            "/policies/1/document/groups",
        ),
        (b" " * (2 * 2**20 + 1), 413, "body-too-large", None),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(
    there: House, body: Any, status: int, rule: str, pointer: str | None
) -> None:
    answer = posted(there, body)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule), answer.text
    if pointer is not None:
        assert pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert asked(there, "/v1/replays").json() == {"next": None, "items": []}


def test_a_document_that_nobody_has_drafted_may_be_tried_and_a_region_have_it(
    there: House,
) -> None:
    there.ask(lambda client: told(client, "open-region", region_id="emea", name="Europe"))
    assert posted(there, _policy(document=DOCUMENT, region_id="emea")).status_code == 202


def test_a_request_says_its_key_and_its_kind(there: House) -> None:
    missing = posted(there, idempotency_key=None)
    assert (missing.status_code, missing.json()["rule"]) == (400, "idempotency-key-missing")
    assert posted(there, **{"Content-Type": "text/csv"}).status_code == 415


@pytest.mark.parametrize("path", ["", "/none", "/none/result", "/none/cancel"])
def test_replays_are_for_who_sees_the_company_and_does_not_only_sell(
    there: House, path: str
) -> None:
    """A-02: the same answer whether there is one or not, and nothing is noted for them to find."""

    async def act(client: httpx.AsyncClient) -> None:
        await told(client, "open-region", region_id="emea", name="Europe")
        given = {"name": "Bea", "region_id": "emea", "roles": ["sales_manager"]}
        await told(client, "hire-employee", employee_id=BEA, **given)

    there.ask(act)
    statuses = {}
    for name, roles, employee in (
        ("adm", ("administrator",), None),
        ("ana", ("analyst",), BEA),
        ("aud", ("auditor",), None),
        ("man", ("sales_manager",), None),
        ("own", ("sales_manager",), BEA),
        ("rep", ("sales_rep",), None),
    ):
        api_key = key(there, name, *roles, employee=employee)
        to = f"/v1/replays{path}"
        if path in {"", "/none/cancel"}:
            answer = posted(there, to=to, api_key=api_key)
        else:
            answer = asked(there, to, key=api_key)
        statuses[name] = answer.status_code
        if answer.status_code == 403:
            assert answer.json()["rule"] == "replays-of-the-company"
    allowed = 202 if path == "" else 404
    assert statuses == {
        **dict.fromkeys(("adm", "ana", "aud", "man"), allowed),
        **dict.fromkeys(("own", "rep"), 403),
    }
    for name in ("own", "rep"):
        assert asked(there, "/v1/replays", key=f"kl_{name}_s").status_code == 403


def test_one_that_waits_is_cancelled_and_never_carried_out(there: House) -> None:
    path = replay(there)
    for _ in range(2):
        answer = posted(there, b"", to=f"{path}/cancel")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
        assert answer.json()["links"] == {"cancel": None, "result": None}
    assert not work(there, Toy())
    assert asked(there, f"{path}/result").json()["rule"] == "replay-not-done"


def test_one_that_is_carried_out_ends_with_the_part_it_is_at(there: House) -> None:
    path, begun = replay(there), []

    def cancel(part: int) -> None:
        begun.append(part)
        if part == 2:
            assert posted(there, b"", to=f"{path}/cancel").json()["state"] == "cancelled"

    assert work(there, Toy(before=cancel))
    assert begun == [0, 1, 2]
    found = asked(there, path).json()
    assert (found["state"], found["results"], found["findings"]) == ("cancelled", {}, [])
    assert found["progress"]["done"] == 2, "nothing is said of it any more"
    assert list(there.system.settings.replays.iterdir()) == []


def test_cancelled_in_the_last_part_there_is_no_result(there: House) -> None:
    path = replay(there)

    def cancel(part: int) -> None:
        if part == 4:
            posted(there, b"", to=f"{path}/cancel")

    assert work(there, Toy(before=cancel))
    assert asked(there, path).json()["state"] == "cancelled"
    with there.system.pool.connection() as connection:
        assert connection.execute("SELECT count(*) FROM replay_result").fetchone() == (0,)


def test_who_asked_cancels_or_an_administrator_and_not_what_has_ended(there: House) -> None:
    eva, tom = key(there, "eva", "analyst"), key(there, "tom", "analyst")
    path = replay(there, api_key=eva)
    other = posted(there, b"", to=f"{path}/cancel", api_key=tom)
    assert (other.status_code, other.json()["rule"]) == (403, "replay-of-another")
    assert posted(there, b"", to=f"{path}/cancel").status_code == 200
    path = replay(there, api_key=eva, idempotency_key="r2")
    assert work(there, Toy())
    late = posted(there, b"", to=f"{path}/cancel", api_key=eva)
    assert (late.status_code, late.json()["rule"]) == (409, "replay-ended")


def test_a_key_has_so_many_under_way_and_no_more(there: House) -> None:
    paths = [replay(there, idempotency_key=f"r{number}") for number in range(OPEN_MAX)]
    over = posted(there, idempotency_key="one more")
    assert (over.status_code, over.json()["rule"]) == (409, "too-many-replays")
    assert replay(there, idempotency_key="r0") == paths[0], "a repeat is none more"
    assert replay(there, api_key=key(there, "eva", "analyst"))
    posted(there, b"", to=f"{paths[3]}/cancel")
    assert replay(there, idempotency_key="one more")


def test_asked_at_once_the_bound_holds(there: House) -> None:
    """A race: ten at a time, of which five are taken."""

    async def race(client: httpx.AsyncClient) -> list[int]:
        answers = await asyncio.gather(
            *(
                client.post("/v1/replays", json=QUESTION, headers={"Idempotency-Key": f"r{one}"})
                for one in range(2 * OPEN_MAX)
            )
        )
        return [answer.status_code for answer in answers]

    assert sorted(there.ask(race)) == [202] * OPEN_MAX + [409] * OPEN_MAX


def test_the_same_request_at_once_is_one_replay_whichever_key_of_theirs_it_is(
    there: House,
) -> None:
    """A race: somebody with two keys sends it five times with each."""
    there.ask(_may_be_approved)
    keys = [key(there, name, "analyst", employee=ANN) for name in ("one", "two")]

    async def race(client: httpx.AsyncClient) -> set[tuple[int, str]]:
        answers = await asyncio.gather(
            *(
                client.post(
                    "/v1/replays",
                    json=QUESTION,
                    headers={"Idempotency-Key": "r1", "Authorization": f"Bearer {one}"},
                )
                for one in keys * 5
            )
        )
        return {(answer.status_code, answer.headers["Location"]) for answer in answers}

    ((status, _),) = there.ask(race)
    assert status == 202
    assert len(asked(there, "/v1/replays").json()["items"]) == 1


def test_they_are_listed_the_last_one_first_page_by_page(there: House) -> None:
    paths = [replay(there, idempotency_key=f"r{number}") for number in range(3)]
    found, path = [], "/v1/replays?limit=2"
    while True:
        page = asked(there, path).json()
        found += [f"/v1/replays/{one['replay_id']}" for one in page["items"]]
        if page["next"] is None:
            break
        path = f"/v1/replays?limit=2&cursor={page['next']}"
    assert found == paths[::-1]
    assert asked(there, "/v1/replays?cursor=x").status_code == 400


def test_a_proposal_takes_what_a_replay_found_and_keeps_the_replay(there: House) -> None:
    """CARD-04: draft, replay, propose with it; the approval and the replay outlast the days."""
    path = replay(there)
    identity = path.rpartition("/")[2]

    async def propose(name: str, replay_id: str, client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(
            "/v1/commands/propose-scoring-policy",
            json=PROPOSAL | {"replay_id": replay_id},
            headers={"Idempotency-Key": name},
        )

    there.ask(_may_be_approved)
    refused = {identity: (409, "replay-not-done"), "x": (404, "unknown-replay")}
    for replay_id, expected in refused.items():
        answer = there.ask(partial(propose, "early", replay_id))
        assert (answer.status_code, answer.json()["rule"]) == expected
        assert answer.json()["errors"][0]["pointer"] == "/replay_id"
    assert work(there, Toy())
    sha256 = asked(there, path).json()["results"]["json"]["sha256"]
    with queue(there) as waiting:
        with there.system.pool.connection() as connection:
            connection.execute("UPDATE replay SET keep_until = %s", [clock() - timedelta(days=1)])
        answer = there.ask(partial(propose, "now", identity))
        assert answer.status_code == 200, answer.text
        assert _in(waiting, timedelta(days=40)).forget() == 0
    follow(there)
    frozen = asked(there, "/v1/approvals/s1").json()["item"]["facts"]
    assert (frozen["replay"], frozen["accounts_moved"], frozen["alerts_after"]) == (identity, 12, 9)
    (fact,) = asked(there, "/v1/audit-trail?name=scoring_policy.proposed").json()["items"]
    assert fact["changes"]["dry_run"]["after"]["result_sha256"] == sha256
    assert asked(there, f"{path}/result").status_code == 200


def _in(waiting: Queue, time: timedelta) -> Queue:
    """The queue as it will be then."""
    then = clock() + time
    return Queue(waiting.connection, lambda: then, timedelta())


async def _may_be_approved(client: httpx.AsyncClient) -> None:
    """Ann may propose, and Bea has to agree."""
    await told(client, "open-region", region_id="emea", name="Europe")
    for employee in (ANN, BEA):
        given = {"name": "Somebody", "region_id": "emea", "roles": ["sales_manager"]}
        await told(client, "hire-employee", employee_id=employee, **given)
    of_policies = {"region_id": "emea", "subject_kind": "scoring_policy"}
    document = route(("true", step(NamedEmployee(employee_id=BEA)))).model_dump(mode="json")
    await told(client, "draft-approval-route", **of_policies, document=document)
    from_the_start = {"version": 1, "effective_on": "2020-01-01"}
    await told(client, "activate-approval-route", **of_policies, **from_the_start)


def test_a_replay_that_nobody_named_is_forgotten_after_its_days(there: House) -> None:
    path = replay(there)
    assert work(there, Toy())
    with queue(there) as waiting:
        for days, forgotten in ((0.9, 0), (1.1, 1)):
            assert _in(waiting, timedelta(days=days)).forget() == forgotten
    assert asked(there, path).json()["rule"] == "unknown-replay"
    with there.system.pool.connection() as connection:
        assert connection.execute("SELECT count(*) FROM replay_result").fetchone() == (0,)
