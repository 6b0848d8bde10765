"""A-03: every field that is not for everybody, at every door, for everybody; KAM-23 for a team.

Each class of fields has words and figures that stand nowhere else. Whoever does not see the class
must not find one of them in any answer, whatever its type; whoever does must find all of them.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from api.app import create_app
from api.field_classes import CLASSES, FieldClass
from runtime.composition import clock, doors, system
from runtime.credentials import ensure_admin_key
from runtime.settings import settings
from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.api.planning import POLICY, ROUTE, route, told
from tests.examples.cast import ANN, BEA, CARL, DORA, UMA, VIC

pytestmark = pytest.mark.postgres

MIA: Final = "8a1f6c3e-9999-4a4a-8b8b-999999999999"
"""Whom all the others report to."""

WORDS: Final[dict[FieldClass, tuple[str, ...]]] = {
    "commercial": ("7171717", "7272727", "7373737"),
    "personal": ("Quinn Zobel", "quinn@zobel.example", "Zobel likes it"),
    "approval": ("zestily approved",),
    "solution": ("A line that mends itself",),
    "delivery": ("Zero hour",),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """A key, and the classes of Acme's fields that it sees."""

    name: str
    role: str
    employee: str | None
    sees: frozenset[FieldClass]

    def __str__(self) -> str:
        return self.name


def _asker(name: str, role: str, employee: str | None, *sees: FieldClass) -> Asker:
    return Asker(name, role, employee, frozenset({"public", *sees}) if sees else CLASSES)


ASKERS: Final = (
    _asker("administrator", "administrator", None),
    _asker("program", "sales_rep", None),
    _asker("auditor", "auditor", None, "commercial", "approval", "solution", "delivery"),
    _asker("analyst", "analyst", None, "commercial", "solution", "delivery"),
    _asker("account-manager", "sales_rep", ANN),
    _asker("solution-architect", "sales_rep", BEA, "personal", "solution"),
    _asker("delivery-expert", "sales_rep", CARL, "personal", "delivery"),
    _asker("executive-sponsor", "sales_rep", DORA),
    _asker("manager", "sales_manager", MIA),
)

IDS: Final = {
    "replay_id": "none",
    "account_id": "acme",
    "opportunity_id": "o1",
    "contract_id": "c1",
    "plan_id": "p1",
    "project_id": "j1",
    "document_id": "d1",
    "contact_id": UMA,
    "interaction_id": "i1",
    "approval_id": "a1",
    "employee_id": ANN,
    "form_id": "account.*",
    "matrix_id": "*",
    "answer_id": "s1",
    "outcome_id": "x1",
    "claim_id": "none",
    "task_id": "none",
    "alert_id": "none",
    "record_id": "o1",
    "record_type": "opportunity",
    "kind": "approval_route",
    "policy_id": "contract.world",
    "webhook_id": "desk",
}
"""What stands in the place of each parameter of a path."""
QUERY: Final = {
    "/v1/csat": "first_day=2020-01-01&last_day=2099-01-01",
    "/v1/expansion-revenue": "first_day=2020-01-01&last_day=2099-01-01",
    "/v1/forms/{form_id}/dry-run": "version=1",
    "/v1/nps": "first_day=2020-01-01&last_day=2099-01-01",
    "/v1/value-matrices/{matrix_id}/dry-run": "version=1",
    "/v1/white-space": "limit=500",
}


async def _people(client: httpx.AsyncClient) -> None:
    await told(client, "open-region", region_id="world", name="World")
    above: str | None = None
    for employee in (MIA, ANN, BEA, CARL, DORA):
        roles = ["sales_manager"] if employee == MIA else ["sales_rep"]
        named = {"employee_id": employee, "name": "somebody", "region_id": "world"}
        await told(client, "hire-employee", **named, roles=roles, manager_id=above)
        above = MIA
    for asker in ASKERS:
        await told(
            client,
            "issue-api-key",
            key_id=asker.name,
            secret_sha256=hashlib.sha256(b"s").hexdigest(),
            label="a key",
            roles=[asker.role],
            employee_id=asker.employee,
        )


async def _account(client: httpx.AsyncClient) -> None:
    await told(client, "register-account", account_id="acme", name="Acme", owner_id=ANN)
    for role, employee in (
        ("solution_architect", BEA),
        ("delivery_expert", CARL),
        ("executive_sponsor", DORA),
    ):
        seat = {"account_id": "acme", "role": role, "employee_id": employee}
        await told(client, "assign-team-member", **seat)
    person = {"name": "Quinn Zobel", "email": "quinn@zobel.example"}
    await told(client, "register-contact", contact_id=UMA, account_id="acme", **person)
    await told(client, "register-contact", contact_id=VIC, account_id="acme", name="Quinn Zobel")
    await told(
        client,
        "log-interaction",
        interaction_id="i1",
        account_id="acme",
        kind="call",
        subject="A call",
        employee_ids=[ANN],
        contact_ids=[UMA],
        feedback_by=UMA,
        feedback="Zobel likes it",
    )
    await told(
        client,
        "record-survey-answer",
        answer_id="s1",
        survey_id="spring",
        account_id="acme",
        contact_id=UMA,
        kind="nps",
        score=9,
        comment="Zobel likes it",
    )
    await told(
        client,
        "publish-solution-document",
        document_id="d1",
        account_id="acme",
        title="A line that mends itself",
        uri="https://files.example/line.pdf",
        media_type="application/pdf",
    )
    await told(client, "start-joint-project", project_id="j1", account_id="acme", name="A line")
    milestone = {"milestone_id": "m1", "name": "Zero hour", "due_on": "2099-01-01"}
    await told(client, "add-project-milestone", project_id="j1", **milestone)


async def _business(client: httpx.AsyncClient) -> None:
    stages = {"stages": [{"stage_id": "only", "name": "Only"}], "may_skip": False}
    process = {"region_id": "world", "document": stages | {"loss_reasons": ["price"]}}
    await told(client, "draft-sales-process", **process)
    since = {"region_id": "world", "version": 1, "effective_on": "2020-01-01"}
    await told(client, "activate-sales-process", **since)
    price = {"minor": 1, "currency": "USD"}
    await told(client, "list-product", product_id="gtx", name="GTX", list_price=price)
    for name in ("o1", "o2"):
        opened = {"opportunity_id": name, "account_id": "acme", "product_id": "gtx"}
        amount = {"minor": 7_171_717, "currency": "USD"}
        await told(client, "open-opportunity", **opened, owner_id=ANN, amount=amount)
    await told(client, "win-opportunity", opportunity_id="o2")
    await told(client, "draft-planning-policy", region_id="world", document=POLICY)
    await told(client, "activate-planning-policy", **since)
    planned = {"plan_id": "p1", "account_id": "acme", "fiscal_year": 2026, "aim": "wallet_share"}
    budget = {"minor": 7_373_737, "currency": "USD"}
    await told(client, "draft-account-plan", **planned, budget=budget)
    await route(client, "contract", ROUTE)
    terms = {
        "amount": {"minor": 7_272_727, "currency": "USD"},
        "discount_bps": 0,
        "valid_from": "2026-01-01",
        "valid_until": "2099-01-01",
    }
    await told(client, "draft-contract", contract_id="c1", account_id="acme", terms=terms)
    where = {"label": "A desk", "url": "https://desk.example/hook"}
    await told(client, "register-webhook", webhook_id="desk", **where)
    asked = {"contract_id": "c1", "approval_id": "a1", "requester_id": ANN}
    await told(client, "submit-contract", **asked)


@pytest.fixture(scope="module")
def company(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("fields")
    given = settings({"KEYLEDGER_DATA": str(folder), "KEYLEDGER_LEDGER": "fields"})
    file = Path(folder / "admin-key")
    with system(given, database_url) as parts:
        asyncio.run(
            ensure_admin_key(parts.desk, ledger="fields", zone=given.zone, file=file, now=clock())
        )
        house = House(parts, create_app(doors(parts)), file.read_text().strip())
        for step in (_people, _account, _business):
            house.ask(step)
        asyncio.run(_decide(house))
        follow(house)
        yield house


async def _decide(house: House) -> None:
    async with house.client("kl_manager_s") as client:
        decided = {"approval_id": "a1", "step": 1, "decision": "approved"}
        answer = await issue(
            client, "decide-approval", "decide", **decided, comment="zestily approved"
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def paths(company: House) -> list[str]:
    """Every read door, with what it is asked about."""

    async def document(client: httpx.AsyncClient) -> Any:
        return (await client.get("/openapi.json")).json()["paths"]

    found = []
    for path, its in company.ask(document).items():
        if "get" in its and path.startswith("/v1/") and path != "/v1/health":
            found.append(path.format(**IDS) + "?" + QUERY.get(path, ""))
    return found


def _told(house: House, asker: Asker, paths: list[str]) -> str:
    """Everything that any door answers to ``asker``, in every type, with the headers."""

    async def run() -> str:
        parts = []
        async with house.client(f"kl_{asker.name}_s") as client:
            for path in paths:
                for accept in ("application/json", "text/csv", "application/x-ndjson"):
                    answer = await client.get(path, headers={"Accept": accept})
                    assert answer.status_code < 500, (path, answer.text)
                    parts.append(f"{path}\n{dict(answer.headers)}\n{answer.text}")
        return "\n".join(parts)

    return asyncio.run(run())


@pytest.mark.parametrize("asker", ASKERS, ids=str)
def test_a_03_nobody_finds_a_field_that_is_not_for_them(
    company: House, paths: list[str], asker: Asker
) -> None:
    """In JSON, CSV and NDJSON, in lists, single records, sums, the audit trail and headers."""
    text = _told(company, asker, paths)
    for its, words in WORDS.items():
        found = {word for word in words if word in text}
        assert found == (set(words) if its in asker.sees else set()), its


def test_kam_23_three_roles_see_different_fields_of_one_account(company: House) -> None:
    """The account manager all, the architect solutions, the expert deliveries; all three people."""
    seen = {}
    for name in ("account-manager", "solution-architect", "delivery-expert"):

        async def run(name: str = name) -> Any:
            async with company.client(f"kl_{name}_s") as client:
                return (await client.get("/v1/accounts/acme")).json()

        answer = asyncio.run(run())
        assert answer["people"]["contacts"][0]["name"] == "Quinn Zobel"
        seen[name] = {
            "documents" in answer,
            "latest" in answer["projects"] and "projects",
            "amounts" in answer["opportunities"][0] and "amounts",
        } - {False}
    assert seen == {
        "account-manager": {True, "projects", "amounts"},
        "solution-architect": {True},
        "delivery-expert": {"projects"},
    }
