"""KAM-29, KAM-30, KAM-32 over HTTP: tasks, all a person has to do, and handing all of it over."""

import asyncio
import csv
import hashlib
import io
from collections import Counter
from typing import Any, Final

import httpx
import pytest

from tests.api.conftest import House, issue
from tests.api.planning import asked, company, follow, make_active, told
from tests.examples.cast import ANN, BEA, CARL, DORA

pytestmark = pytest.mark.postgres

USD: Final = {"minor": 1_00, "currency": "USD"}
ROUTE: Final = {
    "currency": "USD",
    "rules": [
        {
            "when": "true",
            "steps": [
                {
                    "step_id": "check",
                    "approvers": [{"employee_id": ANN}],
                    "mode": "any",
                }
            ],
        }
    ],
}


async def carl(client: httpx.AsyncClient) -> None:
    """Carl, with a key: he writes contracts, and others answer for what they come to."""
    await told(
        client,
        "hire-employee",
        employee_id=CARL,
        name="carl",
        region_id="world",
        roles=["sales_manager"],
    )
    await told(
        client,
        "issue-api-key",
        key_id="carl",
        secret_sha256=hashlib.sha256(b"s").hexdigest(),
        label="a key",
        roles=["sales_manager"],
        employee_id=CARL,
    )


async def busy(client: httpx.AsyncClient) -> None:
    """Ann has something of everything to do."""
    await company(client)
    await carl(client)
    await told(
        client,
        "open-task",
        task_id="t1",
        title="Call them.",
        owner_id=ANN,
        due_on="2020-03-10",
        account_id="acme",
    )
    await told(
        client, "open-task", task_id="t2", title="File it.", owner_id=ANN, due_on="2999-01-01"
    )
    await told(client, "start-joint-project", project_id="j1", account_id="acme", name="New alloy")
    for milestone, day in (("m1", "2020-05-01"), ("m2", "2020-06-01")):
        await told(
            client,
            "add-project-milestone",
            project_id="j1",
            milestone_id=milestone,
            name="Melt",
            due_on=day,
        )
    await told(
        client, "record-milestone-met", project_id="j1", milestone_id="m1", met_on="2026-01-01"
    )
    await told(
        client, "add-project-member", project_id="j1", party="ours", person_id=ANN, duty="melts"
    )
    await told(
        client,
        "log-interaction",
        interaction_id="i1",
        account_id="acme",
        kind="call",
        subject="Prices",
        employee_ids=[ANN],
        follow_ups=[
            {"follow_up_id": "f1", "text": "Send it.", "owner_id": ANN, "due_on": "2999-03-01"}
        ],
    )
    await told(
        client,
        "publish-solution-document",
        document_id="d1",
        account_id="acme",
        title="Alloys",
        uri="https://example.org/alloys",
        media_type="application/pdf",
    )
    await waiting(client)


async def waiting(client: httpx.AsyncClient) -> None:
    """A contract that waits for Ann by name, and one that she looks after."""
    named = {"region_id": "world", "subject_kind": "contract"}
    await told(client, "draft-approval-route", **named, document=ROUTE)
    await told(client, "activate-approval-route", **named, version=1, effective_on="2020-01-01")
    terms = {
        "amount": USD,
        "discount_bps": 0,
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
    }
    for contract in ("c1", "c2"):
        await told(
            client,
            "draft-contract",
            contract_id=contract,
            account_id="acme",
            region_id="world",
            terms=terms,
        )
    await told(client, "submit-contract", contract_id="c1", approval_id="a1", requester_id=CARL)
    await told(client, "reassign-contract", contract_id="c1", owner_id=ANN)


@pytest.fixture
def working(house: House) -> House:
    """A house in which that happened."""

    async def run(client: httpx.AsyncClient) -> None:
        await busy(client)
        await make_active(house)

    house.ask(run)
    return house


def tell(house: House, *commands: tuple[str, dict[str, Any]], key: str | None = None) -> None:
    async def run() -> None:
        async with house.client(key) as client:
            for name, fields in commands:
                await told(client, name, **fields)

    asyncio.run(run())


def refused(house: House, command: str, **fields: Any) -> tuple[int, str, str]:
    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, command, f"refused {command}", **fields)

    follow(house)
    answer = house.ask(question)
    found = answer.json()
    return answer.status_code, found["rule"], found["detail"]


def work(house: House, query: str = "", employee: str = ANN) -> dict[str, Any]:
    answer = asked(house, f"/v1/employees/{employee}/work?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def placed(answer: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(one["kind"], one["record_id"], one["part_id"]) for one in answer["items"]]


EVERYTHING: Final = [
    ("task", "t1", None),
    ("milestone", "j1", "m2"),
    ("plan_action", "p1", "visit"),
    ("task", "t2", None),
    ("follow_up", "i1", "f1"),
    ("approval", "a1", "1"),
    ("contract", "c2", None),
    ("gap", "acme", "delivery_expert"),
    ("gap", "acme", "executive_sponsor"),
    ("gap", "acme", "solution_architect"),
]


def test_kam_29_one_call_returns_all_a_person_has_to_do(working: House) -> None:
    answer = work(working)
    assert placed(answer) == EVERYTHING
    first, late, action, later, _, approval, *_ = answer["items"]
    assert (first["title"], first["account_id"], first["due_on"], first["overdue"]) == (
        "Call them.",
        "acme",
        "2020-03-10",
        True,
    )
    assert (late["title"], action["title"]) == ("Melt", "Visit all plants.")
    assert (later["overdue"], later["account_id"]) == (False, None)
    assert (approval["title"], approval["due_on"]) == ("contract c1", None)
    assert answer["employee_id"] == ANN
    counted = {one["kind"]: (one["open"], one["overdue"]) for one in answer["counts"]}
    assert (counted["task"], counted["gap"], counted["approval"]) == ((2, 1), (3, 0), (1, 0))
    assert {kind: number for kind, (number, _) in counted.items()} == Counter(
        kind for kind, _, _ in EVERYTHING
    )
    assert work(working, employee=BEA)["items"] == []


def test_kam_29_documents_talks_and_progress_stand_beside_it(working: House) -> None:
    answer = work(working)
    (done,) = answer["plans"]
    assert (done["plan_id"], done["state"], done["actions"], done["actions_done"]) == (
        "p1",
        "active",
        1,
        0,
    )
    assert (done["targets"], done["targets_reached"]) == (2, 0)
    (project,) = answer["projects"]
    assert (project["milestones"], project["milestones_met"]) == (2, 1)
    assert project["next_due_on"] == "2020-06-01"
    assert [one["interaction_id"] for one in answer["interactions"]] == ["i1"]
    assert [one["document_id"] for one in answer["documents"]] == ["d1"]
    elsewhere = work(working, "account=other")
    assert elsewhere["items"] == elsewhere["documents"] == elsewhere["plans"] == []


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=follow_up", ["follow_up"]),
        ("kind=gap", ["gap", "gap", "gap"]),
        ("due_to=2020-03-09", []),
        ("due_to=2020-03-10", ["task"]),
        ("account=acme&kind=task", ["task"]),
        ("account=none", []),
        ("as_of=2019-01-01&kind=task", None),
    ],
)
def test_work_is_picked(working: House, query: str, kinds: list[str] | None) -> None:
    answer = asked(working, f"/v1/employees/{ANN}/work?{query}")
    if kinds is None:
        assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-employee")
        return
    assert [one["kind"] for one in answer.json()["items"]] == kinds
    assert sum(one["open"] for one in answer.json()["counts"]) == len(kinds)


@pytest.mark.parametrize("limit", [1, 3, 500])
def test_one_cursor_leads_over_all_kinds(working: House, limit: int) -> None:
    seen, following = [], ""
    while following is not None:
        page = work(working, f"limit={limit}" + (f"&cursor={following}" if following else ""))
        seen += placed(page)
        following = page["next"]
    assert seen == EVERYTHING


def test_work_comes_as_csv(working: House) -> None:
    answer = asked(working, f"/v1/employees/{ANN}/work", "text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(one["kind"], one["record_id"], one["part_id"] or None) for one in rows] == EVERYTHING


def test_a_person_asks_for_their_own_work_by_their_key(working: House) -> None:
    follow(working)

    async def question(key: str | None) -> httpx.Response:
        async with working.client(key) as client:
            return await client.get("/v1/work")

    assert placed(asyncio.run(question("kl_ann_s")).json()) == EVERYTHING
    nobody = asyncio.run(question(None))
    assert (nobody.status_code, nobody.json()["rule"]) == (422, "person-missing")


def test_what_is_done_is_no_work_any_more(working: House) -> None:
    tell(
        working,
        ("complete-task", {"task_id": "t1"}),
        ("cancel-task", {"task_id": "t2", "reason": "not needed"}),
        ("complete-plan-action", {"plan_id": "p1", "action_id": "visit"}),
        ("complete-follow-up", {"interaction_id": "i1", "follow_up_id": "f1"}),
        (
            "record-milestone-met",
            {"project_id": "j1", "milestone_id": "m2", "met_on": "2026-01-01"},
        ),
        (
            "assign-team-member",
            {"account_id": "acme", "role": "delivery_expert", "employee_id": BEA},
        ),
    )
    tell(
        working,
        ("decide-approval", {"approval_id": "a1", "step": 1, "decision": "approved"}),
        key="kl_ann_s",
    )
    answer = work(working)
    assert placed(answer) == [
        ("contract", "c2", None),
        ("gap", "acme", "executive_sponsor"),
        ("gap", "acme", "solution_architect"),
    ]
    assert answer["plans"][0]["actions_done"] == 1
    (action,) = asked(working, "/v1/account-plans/p1").json()["item"]["content"]["actions"]
    assert (action["done_by"], action["done_at"] is None) == (ANN, False)
    assert held(working, ANN) == ["account acme", "contract c1", "plan p1", "project j1"]


def test_a_milestone_nobody_of_us_works_on_is_for_the_owner_of_the_account(working: House) -> None:
    carls = {"project_id": "j1", "party": "ours", "person_id": CARL}
    tell(
        working,
        ("add-project-member", {**carls, "duty": "melts"}),
        ("release-project-member", {**carls, "person_id": ANN}),
    )
    assert placed(work(working, "kind=milestone")) == []
    assert placed(work(working, "kind=milestone", CARL)) == [("milestone", "j1", "m2")]
    tell(working, ("record-employee-left", {"employee_id": CARL}))
    assert placed(work(working, "kind=milestone")) == [("milestone", "j1", "m2")]


# --- tasks --------------------------------------------------------------------------------


def test_kam_30_who_answers_for_a_task_is_told_as_of_any_day(house: House) -> None:
    async def history(client: httpx.AsyncClient) -> None:
        await company(client)
        for day, command, fields in (
            (
                "2024-01-10",
                "open-task",
                {"title": "Call.", "owner_id": ANN, "due_on": "2024-02-01"},
            ),
            ("2024-01-20", "reassign-task", {"owner_id": BEA}),
            ("2024-01-25", "change-task-due-date", {"due_on": "2024-02-10"}),
            ("2024-02-15", "complete-task", {}),
        ):
            at = f"{day}T12:00:00Z"
            await told(client, command, task_id="t1", occurred_at=at, **fields)

    house.ask(history)
    for day, owner, state, overdue in (
        ("2024-01-10", ANN, "open", False),
        ("2024-01-19", ANN, "open", False),
        ("2024-01-20", BEA, "open", False),
        ("2024-02-10", BEA, "open", False),
        ("2024-02-11", BEA, "open", True),
        ("2024-02-15", BEA, "completed", False),
    ):
        item = asked(house, f"/v1/tasks/t1?as_of={day}").json()["item"]
        assert (item["owner_id"], item["state"], item["overdue"]) == (owner, state, overdue), day
        assert item["owners"][-1]["owner_id"] == owner
    assert asked(house, "/v1/tasks/t1?as_of=2024-01-09").status_code == 404
    item = asked(house, "/v1/tasks/t1").json()["item"]
    assert [(one["owner_id"], one["since"][:10]) for one in item["owners"]] == [
        (ANN, "2024-01-10"),
        (BEA, "2024-01-20"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"owner={ANN}", ["t1", "t2"]),
        (f"owner={BEA}", []),
        ("account=acme", ["t1"]),
        ("state=open&due_to=2020-03-10", ["t1"]),
        ("due_to=2020-03-09", []),
        ("state=completed", []),
        ("rule=none", []),
    ],
)
def test_tasks_are_listed(working: House, query: str, found: list[str]) -> None:
    items = asked(working, f"/v1/tasks?{query}").json()["items"]
    assert [one["task_id"] for one in items] == found
    rows = asked(working, f"/v1/tasks?{query}", "text/csv").text.splitlines()
    assert len(rows) == len(found) + 1


# --- handing over ---------------------------------------------------------------------------

OVER: Final = {"from_id": ANN, "to_id": BEA}
HELD: Final = [
    "account acme",
    "approval a1 1.1",
    "contract c1",
    "follow_up i1 f1",
    "plan p1",
    "plan_action p1 visit",
    "project j1",
    "task t1",
    "task t2",
]


def held(house: House, employee: str, query: str = "") -> list[str]:
    found = asked(house, f"/v1/employees/{employee}/portfolio?{query}").json()
    return [one["key"] for one in found["items"]]


def test_kam_32_who_has_left_hands_over_everything_at_once(working: House) -> None:
    """Nothing is named, everything moves; what was approved stays approved, history stays."""
    assert held(working, ANN) == HELD
    before = asked(working, "/v1/account-plans/p1").json()["item"]
    tell(working, ("record-employee-left", {"employee_id": ANN}))
    follow(working)
    tell(working, ("reassign-portfolio", OVER))
    assert held(working, ANN) == []
    assert held(working, BEA) == HELD
    assert work(working)["items"] == []
    assert placed(work(working, employee=BEA)) == EVERYTHING
    after = asked(working, "/v1/account-plans/p1").json()["item"]
    assert after["content_sha256"] == before["content_sha256"]
    (action,) = after["content"]["actions"]
    assert (action["owner_id"], action["done_by"]) == (ANN, BEA)
    (task,) = asked(working, "/v1/tasks?account=acme").json()["items"]
    owners = asked(working, f"/v1/tasks/{task['task_id']}").json()["item"]["owners"]
    assert [one["owner_id"] for one in owners] == [ANN, BEA]
    tell(working, ("reassign-portfolio", OVER))


def test_kam_32_what_cannot_be_moved_is_named_and_nothing_is(working: House) -> None:
    """Carl asked for the approval that waits for Ann."""
    over = {"from_id": ANN, "to_id": CARL}
    status, rule, detail = refused(working, "reassign-portfolio", **over)
    assert (status, rule) == (403, "self-approval")
    assert detail.startswith("a1: ")
    assert held(working, ANN) == HELD


def test_kam_32_one_kind_is_handed_over_by_name(working: House) -> None:
    tell(working, ("reassign-portfolio", {**OVER, "task_ids": ["t2"], "plan_ids": ["p1"]}))
    assert held(working, BEA) == ["plan p1", "plan_action p1 visit", "task t2"]
    status, rule, detail = refused(working, "reassign-portfolio", **OVER, task_ids=["t1", "none"])
    assert (status, rule) == (404, "unknown-task")
    assert "task t1" in held(working, ANN)
    assert detail.startswith("none: ")


def test_kam_32_everything_is_listed_up_to_the_last_fact_or_nothing_moves(working: House) -> None:
    follow(working)
    tell(
        working,
        ("open-task", {"task_id": "t3", "title": "x", "owner_id": ANN, "due_on": "2026-03-01"}),
    )

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, "reassign-portfolio", "early", **OVER)

    early = working.ask(question)
    assert (early.status_code, early.json()["rule"]) == (503, "read-model-behind")
    follow(working)
    assert working.ask(question).status_code == 200
    assert held(working, ANN) == []


def test_kam_32_what_is_decided_stays_decided_and_once(working: House) -> None:
    """Bea decides the first step; what is left of Ann's part is not for Bea to decide as well."""
    steps = [
        {"step_id": name, "approvers": [{"employee_id": who} for who in people], "mode": "any"}
        for name, people in (("first", (ANN, BEA)), ("then", (ANN,)))
    ]
    named = {"region_id": "world", "subject_kind": "contract"}
    document = {"currency": "USD", "rules": [{"when": "true", "steps": steps}]}
    tell(
        working,
        ("draft-approval-route", {**named, "document": document}),
        ("activate-approval-route", {**named, "version": 2, "effective_on": "2021-01-01"}),
        ("submit-contract", {"contract_id": "c2", "approval_id": "a2", "requester_id": CARL}),
    )
    part = [one for one in held(working, ANN) if "a2" in one]
    assert part == ["approval a2 1.1", "approval a2 2.1"]
    said = {"approval_id": "a2", "step": 1, "decision": "approved"}
    tell(working, ("decide-approval", said), key="kl_bea_s")
    assert [one for one in held(working, ANN) if "a2" in one] == ["approval a2 2.1"]
    status, rule, detail = refused(working, "reassign-portfolio", **OVER)
    assert (status, rule, detail[:4]) == (409, "decides-once", "a2: ")
    tell(
        working,
        (
            "hire-employee",
            {"employee_id": DORA, "name": "dora", "region_id": "world", "roles": ["sales_rep"]},
        ),
    )
    follow(working)
    tell(working, ("reassign-portfolio", {**OVER, "to_id": DORA}))
    first, then = asked(working, "/v1/approvals/a2").json()["item"]["steps"]
    assert first["approvers"] == [{"employee_id": ANN}, {"employee_id": BEA}]
    assert [one["employee_id"] for one in first["decisions"]] == [BEA]
    assert then["approvers"] == [{"employee_id": DORA}]


def test_kam_32_a_step_escalated_to_who_left_is_for_who_takes_over(working: House) -> None:
    """Nobody else could be asked in their place."""
    step = {
        "step_id": "check",
        "approvers": [{"employee_id": BEA}],
        "mode": "any",
        "due_days": 1,
        "escalate_to": {"employee_id": ANN},
    }
    named = {"region_id": "world", "subject_kind": "contract"}
    document = {"currency": "USD", "rules": [{"when": "true", "steps": [step]}]}
    tell(
        working,
        ("draft-approval-route", {**named, "document": document}),
        ("activate-approval-route", {**named, "version": 2, "effective_on": "2021-01-01"}),
        ("submit-contract", {"contract_id": "c2", "approval_id": "a2", "requester_id": CARL}),
    )
    assert "approval a2 1.0" in held(working, ANN)
    over = {**OVER, "to_id": DORA, "approval_ids": ["a2"]}
    tell(
        working,
        (
            "hire-employee",
            {"employee_id": DORA, "name": "dora", "region_id": "world", "roles": ["sales_rep"]},
        ),
        ("reassign-portfolio", over),
    )
    (asked_of,) = asked(working, "/v1/approvals/a2").json()["item"]["steps"]
    assert asked_of["escalate_to"] == {"employee_id": DORA}
    assert held(working, DORA) == ["approval a2 1.0"]


# --- at once -----------------------------------------------------------------------------------


async def at_once(
    client: httpx.AsyncClient, number: int, *asked: tuple[str, dict[str, Any]]
) -> list[tuple[int, str | None]]:
    answers = await asyncio.gather(
        *(
            issue(client, name, f"{number} {at}", **fields)
            for at, (name, fields) in enumerate(asked)
        )
    )
    return sorted((answer.status_code, answer.json().get("rule")) for answer in answers)


def test_kam_30_two_who_end_or_take_a_task_at_once_leave_one_outcome_every_time(
    house: House,
) -> None:
    async def race(client: httpx.AsyncClient) -> None:
        await company(client)
        await carl(client)
        for number in range(10):
            name = {"task_id": f"t{number}"}
            opened = {"title": "Call.", "owner_id": ANN, "due_on": "2026-03-10"}
            await told(client, "open-task", **name, **opened)
            ended = await at_once(
                client, number, ("complete-task", name), ("cancel-task", {**name, "reason": "x"})
            )
            assert ended == [(200, None), (409, "task-ended")]
            other = {"task_id": f"o{number}"}
            await told(client, "open-task", **other, **opened)
            over = {"from_id": ANN, "task_ids": [other["task_id"]]}
            taken = await at_once(
                client,
                number + 100,
                ("reassign-portfolio", {**over, "to_id": BEA}),
                ("reassign-portfolio", {**over, "to_id": CARL}),
            )
            assert taken == [(200, None), (409, "not-in-portfolio")]

    house.ask(race)
    owners = {}
    for number in range(10):
        item = asked(house, f"/v1/tasks/o{number}").json()["item"]
        owners[number] = [one["owner_id"] for one in item["owners"]]
    assert all(len(one) == 2 and one[0] == ANN for one in owners.values())
