"""Approvals over HTTP: asked for, decided, found in inboxes, and never decided two ways at once."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from commands.carry_out import carry_out
from commands.command import Command
from commands.organization.api_key import IssueApiKey
from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from runtime.composition import clock
from runtime.log.store_source import StoreSource
from runtime.reactor import Escalator
from tests.api.conftest import House, issue
from tests.commands.asking import context
from tests.commands.company import LONG_AGO, PEOPLE, REGIONS, THINGS
from tests.commands.signing import GUS, HIRES, in_force
from tests.examples.approvals import EVE, FAY, HEADQUARTERS, MANAGER, TWO_LEVELS, route, step
from tests.examples.cast import ANN, BEA

pytestmark = pytest.mark.postgres

SECRET: Final = "5e" * 16
PEOPLE_WITH_KEYS: Final = {"ann": ANN, "bea": BEA, "eve": EVE, "fay": FAY, "gus": GUS}
TERMS: Final = {"discount_bps": 0, "valid_from": "2026-04-01", "valid_until": "2027-03-31"}
RACES: Final = 20


def terms(amount: int) -> dict[str, Any]:
    return {**TERMS, "amount": {"minor": amount, "currency": "USD"}}


def keys() -> list[Command]:
    return [
        IssueApiKey(
            key_id=key_id,
            secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
            roles=("sales_rep",),
            label="theirs",
            employee_id=employee,
        )
        for key_id, employee in PEOPLE_WITH_KEYS.items()
    ]


def told(house: House, *commands: Command) -> None:
    """Carry out what keyledger itself is asked for, long ago."""

    async def run() -> None:
        for command in commands:
            asked = context(now=clock(), occurred_at=LONG_AGO)
            await carry_out(house.system.desk, command, asked)

    asyncio.run(run())


@pytest.fixture
def signing(house: House) -> House:
    """A ledger in which the company approves contracts."""
    told(house, *REGIONS, *PEOPLE, *HIRES, *THINGS, *keys(), *in_force("world", TWO_LEVELS))
    return house


def follow(house: House) -> None:
    """Fold what is new into the read models."""
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        for projection in PROJECTIONS:
            build = current(connection, projection) or begin(connection, projection, "current")
            with connection.transaction():
                fold_into(connection, [build], source.read(build.position, 10_000, 0))


async def act(house: House, who: str, command: str, key: str, **fields: Any) -> httpx.Response:
    """One command with somebody's key."""
    async with house.client(f"kl_{who}_{SECRET}") as client:
        return await issue(client, command, key, **fields)


def acts(house: House, *asked: Callable[[], Coroutine[Any, Any, httpx.Response]]) -> None:
    """One after the other, each of which has to be carried out."""

    async def run() -> None:
        for one in asked:
            answer = await one()
            assert answer.status_code == 200, answer.json()

    asyncio.run(run())


async def put_up(house: House, name: str, amount: int) -> None:
    """A contract of Ann's, put up for the approval of the same name."""
    drafted = {
        "contract_id": name,
        "account_id": "acme",
        "region_id": "dach",
        "terms": terms(amount),
    }
    for command, fields in (
        ("draft-contract", drafted),
        ("submit-contract", {"contract_id": name, "approval_id": name}),
    ):
        answer = await act(house, "ann", command, f"{command} {name}", **fields)
        assert answer.status_code == 200, answer.json()


async def decide(
    house: House, who: str, name: str, number: int = 1, decision: str = "approved", **more: Any
) -> httpx.Response:
    return await act(
        house,
        who,
        "decide-approval",
        f"{name} {number} {decision}",
        approval_id=name,
        step=number,
        decision=decision,
        **more,
    )


def get(house: House, path: str, who: str = "ann", **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        async with house.client(f"kl_{who}_{SECRET}") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(run())


def inbox(house: House, who: str, query: str = "") -> list[tuple[str, int, str | None]]:
    answer = get(house, f"/v1/approvals/inbox{query}", who)
    assert answer.status_code == 200, answer.json()
    items = answer.json()["items"]
    return [(item["approval_id"], item["step"], item["on_behalf_of"]) for item in items]


def test_a_contract_goes_through_its_levels_and_every_answer_tells_it(signing: House) -> None:
    """L2C-10: usable after both approvals; the list, the inbox and the history say the same."""
    asyncio.run(put_up(signing, "c1", 21_000_00))
    follow(signing)
    assert inbox(signing, "fay") == inbox(signing, "gus") == [("c1", 1, None)]
    assert inbox(signing, "ann") == inbox(signing, "bea") == inbox(signing, "eve") == []
    acts(signing, lambda: decide(signing, "fay", "c1", comment="within the plan"))
    follow(signing)
    assert inbox(signing, "fay") == inbox(signing, "gus") == []
    assert inbox(signing, "eve") == [("c1", 2, None)]
    assert get(signing, "/v1/contracts/c1").json()["item"]["state"] == "submitted"
    acts(signing, lambda: decide(signing, "eve", "c1", 2))
    follow(signing)
    assert inbox(signing, "eve") == []
    assert get(signing, "/v1/contracts/c1").json()["item"]["state"] == "approved"
    answer = get(signing, "/v1/approvals/c1")
    whole = answer.json()
    assert [(one["happened"], one["employee_id"], one["step"]) for one in whole["history"]] == [
        ("approval.requested", ANN, 1),
        ("approval.decided", FAY, 2),
        ("approval.decided", EVE, None),
        ("approval.granted", None, None),
    ]
    item = whole["item"]
    assert (item["state"], item["step"], item["waiting"]) == ("granted", None, [])
    assert answer.headers["ETag"] == '"4"'
    first, second = item["steps"]
    assert [said["comment"] for said in first["decisions"]] == ["within the plan"]
    assert [said["employee_id"] for said in second["decisions"]] == [EVE]
    assert item["facts"]["amount_minor"] == 21_000_00
    assert item["routes"] == {"world": 1}
    assert (whole["lag"], whole["position"]) == (0, answer.json()["position"])


def test_a_list_is_filtered_paged_and_told_as_csv(signing: House) -> None:
    async def several() -> None:
        for name, amount in (("c1", 15_000_00), ("c2", 1_00), ("c3", 15_000_00)):
            await put_up(signing, name, amount)

    asyncio.run(several())
    follow(signing)

    def ids(query: str) -> list[str]:
        items = get(signing, f"/v1/approvals?{query}").json()["items"]
        return [item["approval_id"] for item in items]

    assert ids("") == ids("subject_kind=contract") == ["c1", "c2", "c3"]
    assert ids("state=pending") == ["c1", "c3"]
    assert ids("subject_kind=contract&subject_id=c2") == ["c2"]
    assert ids("account=acme&state=pending") == ["c1", "c3"]
    assert ids("subject_kind=poem") == ids("account=zenith") == []
    page = get(signing, "/v1/approvals?state=pending&limit=1").json()
    assert ids(f"state=pending&limit=1&cursor={page['next']}") == ["c3"]
    header, *rows = get(signing, "/v1/approvals", Accept="text/csv").text.splitlines()
    assert header.startswith("approval_id,version,subject_kind")
    assert len(rows) == 3
    text = get(signing, "/v1/approvals/inbox", "fay", Accept="text/csv").text
    assert [line.split(",")[0] for line in text.splitlines()] == ["approval_id", "c1", "c3"]
    contracts = get(signing, "/v1/contracts?account=acme&state=approved").json()["items"]
    assert [item["contract_id"] for item in contracts] == ["c2"]
    assert len(get(signing, "/v1/contracts", Accept="text/csv").text.splitlines()) == 4


def test_what_is_not_there_is_not_found(signing: House) -> None:
    follow(signing)
    for path, rule in (("approvals", "unknown-approval"), ("contracts", "unknown-contract")):
        answer = get(signing, f"/v1/{path}/none")
        assert (answer.status_code, answer.json()["rule"]) == (404, rule)


def test_an_inbox_is_somebodys(signing: House) -> None:
    """A program names whose; a person's key needs to name nobody."""
    asyncio.run(put_up(signing, "c1", 15_000_00))
    follow(signing)

    async def program(client: httpx.AsyncClient) -> list[httpx.Response]:
        path = "/v1/approvals/inbox"
        return [await client.get(path), await client.get(f"{path}?employee_id={FAY}")]

    nobody, fays = signing.ask(program)
    assert (nobody.status_code, nobody.json()["rule"]) == (422, "person-missing")
    assert (fays.json()["employee_id"], len(fays.json()["items"])) == (FAY, 1)


def test_what_is_delegated_waits_for_the_delegate_on_its_days(signing: House) -> None:
    asyncio.run(put_up(signing, "c1", 15_000_00))
    today = clock().date()
    days = {"from_day": (today + timedelta(days=1)).isoformat()}
    days["until_day"] = (today + timedelta(days=2)).isoformat()
    delegated = {"approval_id": "c1", "to_employee_id": BEA, **days}
    acts(signing, lambda: act(signing, "fay", "delegate-approval", "1", **delegated))
    follow(signing)
    assert inbox(signing, "bea") == []
    assert inbox(signing, "bea", f"?as_of={days['from_day']}") == [("c1", 1, FAY)]
    assert inbox(signing, "bea", f"?as_of={days['until_day']}") == [("c1", 1, FAY)]
    later = (today + timedelta(days=3)).isoformat()
    assert inbox(signing, "bea", f"?as_of={later}") == []
    assert inbox(signing, "fay", f"?as_of={days['from_day']}") == [("c1", 1, None)]
    day_early = asyncio.run(decide(signing, "bea", "c1", on_behalf_of=FAY))
    assert (day_early.status_code, day_early.json()["rule"]) == (403, "not-delegated")


def test_an_inbox_is_told_as_it_was(signing: House) -> None:
    asyncio.run(put_up(signing, "c1", 15_000_00))
    follow(signing)
    recorded = get(signing, "/v1/approvals/c1").json()["history"][0]["recorded_at"]
    acts(signing, lambda: decide(signing, "fay", "c1"))
    follow(signing)
    assert inbox(signing, "gus") == []
    then = str(httpx.QueryParams({"known_at": recorded}))
    assert inbox(signing, "gus", f"?{then}") == [("c1", 1, None)]
    past = get(signing, f"/v1/approvals/c1?{then}").json()
    assert (past["item"]["state"], len(past["history"])) == ("pending", 1)


def test_an_approver_does_not_find_their_own(signing: House) -> None:
    """Fay has written on it: it does not wait for her, though she holds the role."""
    drafted = {"contract_id": "c1", "account_id": "acme", "region_id": "dach"}
    acts(
        signing,
        lambda: act(signing, "fay", "draft-contract", "1", **drafted, terms=terms(15_000_00)),
        lambda: act(signing, "ann", "submit-contract", "2", contract_id="c1", approval_id="c1"),
    )
    follow(signing)
    assert inbox(signing, "fay") == []
    assert inbox(signing, "gus") == [("c1", 1, None)]
    own = asyncio.run(decide(signing, "fay", "c1"))
    assert (own.status_code, own.json()["rule"]) == (403, "self-approval")


def test_an_edit_voids_what_waits(signing: House) -> None:
    asyncio.run(put_up(signing, "c1", 15_000_00))
    edit = {"contract_id": "c1", "terms": terms(16_000_00)}
    acts(signing, lambda: act(signing, "ann", "amend-contract", "3", **edit))
    follow(signing)
    assert inbox(signing, "fay") == []
    assert get(signing, "/v1/approvals/c1").json()["item"]["state"] == "voided"
    late = asyncio.run(decide(signing, "fay", "c1"))
    assert (late.status_code, late.json()["rule"]) == (409, "approval-ended")


def test_an_overdue_step_is_escalated_once_and_found_by_whom_it_is_escalated_to(
    signing: House,
) -> None:
    """Days become facts: a worker turns the row that is due into a command."""
    asyncio.run(put_up(signing, "c1", 15_000_00))
    follow(signing)
    parts = signing.system

    def escalated(days: int) -> int:
        now = clock() + timedelta(days=days)
        escalator = Escalator(
            parts.desk, parts.pool, parts.settings.ledger, parts.settings.zone, lambda: now
        )
        return asyncio.run(escalator.escalate_due())

    assert [escalated(3), escalated(4), escalated(4)] == [0, 1, 0]
    follow(signing)
    assert escalated(5) == 0
    assert inbox(signing, "eve") == inbox(signing, "fay") == [("c1", 1, None)]
    history = get(signing, "/v1/approvals/c1").json()["history"]
    assert [one["happened"] for one in history] == ["approval.requested", "approval.escalated"]


def test_all_who_hold_a_role_are_asked_by_name(signing: House) -> None:
    """KAM-30: of dach's two managers and headquarters' one, but for the author."""
    everybody = route(("true", step(MANAGER, HEADQUARTERS, mode="all")))
    told(signing, *in_force("dach", everybody))
    asyncio.run(put_up(signing, "c1", 1_00))
    drafted = {"contract_id": "c2", "account_id": "acme", "region_id": "dach"}
    acts(
        signing,
        lambda: act(signing, "fay", "draft-contract", "1", **drafted, terms=terms(1_00)),
        lambda: act(signing, "ann", "submit-contract", "2", contract_id="c2", approval_id="c2"),
    )
    follow(signing)
    waiting = {
        item["approval_id"]: item["waiting"]
        for item in get(signing, "/v1/approvals").json()["items"]
    }
    assert waiting["c1"] == [f"employee:{one}" for one in (FAY, GUS, EVE)]
    assert waiting["c2"] == [f"employee:{one}" for one in (GUS, EVE)]
    acts(
        signing,
        *(
            (lambda name=name, who=who: decide(signing, who, name))
            for name, who in (("c1", "gus"), ("c1", "eve"), ("c2", "eve"), ("c2", "gus"))
        ),
    )
    follow(signing)
    items = get(signing, "/v1/approvals").json()["items"]
    assert {item["approval_id"]: item["state"] for item in items} == {
        "c1": "pending",
        "c2": "granted",
    }


# --- at the same time ------------------------------------------------------------------


def test_two_approvers_at_once_leave_one_outcome_every_time(signing: House) -> None:
    """Fay approves while Gus rejects: one of them ends the request, the other is told so."""

    async def race(name: str) -> Sequence[httpx.Response]:
        await put_up(signing, name, 15_000_00)
        return await asyncio.gather(
            decide(signing, "fay", name), decide(signing, "gus", name, decision="rejected")
        )

    for number in range(RACES):
        answers = asyncio.run(race(f"r{number}"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (lost,) = (answer.json() for answer in answers if answer.status_code == 409)
        assert lost["rule"] == "approval-ended"
    follow(signing)
    for number in range(RACES):
        item = get(signing, f"/v1/approvals/r{number}").json()["item"]
        contract = get(signing, f"/v1/contracts/r{number}").json()["item"]
        assert (item["state"], contract["state"]) in {
            ("granted", "approved"),
            ("rejected", "rejected"),
        }
        assert len(item["steps"][0]["decisions"]) == 1


def test_two_decisions_of_one_person_on_one_step_at_once_leave_one(signing: House) -> None:
    async def race(name: str) -> Sequence[httpx.Response]:
        await put_up(signing, name, 21_000_00)
        return await asyncio.gather(
            decide(signing, "fay", name), decide(signing, "fay", name, decision="rejected")
        )

    for number in range(RACES):
        answers = asyncio.run(race(f"r{number}"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_one_person_with_the_roles_of_two_steps_decides_one_at_once(signing: House) -> None:
    """Both arrive together, each in order of its step: the second voice is not counted."""
    twice = route(("true", step(HEADQUARTERS)), ("true", step(HEADQUARTERS, MANAGER)))
    told(signing, *in_force("dach", twice))

    async def race(name: str) -> Sequence[httpx.Response]:
        await put_up(signing, name, 1_00)
        return await asyncio.gather(
            decide(signing, "eve", name, 1), decide(signing, "eve", name, 2)
        )

    for number in range(RACES):
        answers = asyncio.run(race(f"r{number}"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_two_who_submit_at_once_leave_one_request(signing: House) -> None:
    async def race(name: str) -> Sequence[httpx.Response]:
        drafted = {"contract_id": name, "account_id": "acme", "region_id": "dach"}
        await act(signing, "ann", "draft-contract", name, **drafted, terms=terms(15_000_00))
        return await asyncio.gather(
            *(
                act(
                    signing,
                    who,
                    "submit-contract",
                    f"submit {name}",
                    contract_id=name,
                    approval_id=f"{name}.{who}",
                )
                for who in ("ann", "bea")
            )
        )

    for number in range(RACES):
        answers = asyncio.run(race(f"r{number}"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (lost,) = (answer.json() for answer in answers if answer.status_code == 409)
        assert lost["rule"] == "contract-submitted"
