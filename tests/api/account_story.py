"""A group of companies that two regions sell to, told over HTTP with the days things happened."""

from typing import Any, Final

import httpx

from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from runtime.log.store_source import StoreSource
from tests.api.conftest import House, issue
from tests.examples.cast import ANN, BEA, CARL, FOUR_STAGES

Step = tuple[str, str, dict[str, Any]]
"""The day it occurred, the command, its fields."""


def _hire(employee_id: str, name: str, region_id: str) -> dict[str, Any]:
    fields = {"employee_id": employee_id, "name": name, "region_id": region_id}
    return fields | {"roles": ["sales_manager"]}


def _opened(opportunity_id: str, minor: int | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"opportunity_id": opportunity_id, "account_id": "acme"}
    amount = {} if minor is None else {"amount": {"minor": minor, "currency": "USD"}}
    return fields | {"product_id": "gtx", "owner_id": ANN} | amount


def _check(check_id: str) -> dict[str, Any]:
    return {"account_id": "acme", "check_id": check_id, "result": f"{check_id} done"}


def _document(revision: str) -> dict[str, Any]:
    return {
        "document_id": "d1",
        "account_id": "acme",
        "title": f"A line that mends itself, {revision}",
        "uri": f"https://files.example/{revision}.pdf",
        "media_type": "application/pdf",
    }


PROCESS: Final = {
    "stages": [{"stage_id": "only", "name": "Only"}],
    "may_skip": False,
    "loss_reasons": ["price"],
}

STORY: Final[tuple[Step, ...]] = (
    ("2024-01-01", "open-region", {"region_id": "world", "name": "World"}),
    (
        "2024-01-01",
        "open-region",
        {"region_id": "dach", "name": "Central Europe", "parent_id": "world"},
    ),
    ("2024-01-01", "hire-employee", _hire(ANN, "Ann Archer", "dach")),
    ("2024-01-01", "hire-employee", _hire(BEA, "Bea Baker", "world")),
    ("2024-01-01", "hire-employee", _hire(CARL, "Carl Cox", "world")),
    (
        "2024-01-01",
        "draft-account-lifecycle",
        {"region_id": "world", "document": FOUR_STAGES.model_dump(mode="json")},
    ),
    (
        "2024-01-01",
        "activate-account-lifecycle",
        {"region_id": "world", "version": 1, "effective_on": "2024-01-01"},
    ),
    ("2024-01-01", "draft-sales-process", {"region_id": "world", "document": PROCESS}),
    (
        "2024-01-01",
        "activate-sales-process",
        {"region_id": "world", "version": 1, "effective_on": "2024-01-01"},
    ),
    (
        "2024-01-01",
        "list-product",
        {"product_id": "gtx", "name": "GTX", "list_price": {"minor": 1, "currency": "USD"}},
    ),
    ("2024-01-02", "register-account", {"account_id": "holding", "name": "Holding"}),
    (
        "2024-01-03",
        "register-account",
        {"account_id": "acme", "name": "Acme", "parent_id": "holding", "owner_id": ANN},
    ),
    (
        "2024-01-04",
        "register-account",
        {"account_id": "plant", "name": "Plant", "parent_id": "acme"},
    ),
    ("2024-02-01", "record-account-check", _check("market_intelligence")),
    ("2024-02-02", "record-account-check", _check("background_check")),
    ("2024-02-03", "record-account-check", _check("needs_interview")),
    ("2024-03-01", "move-account-stage", {"account_id": "acme", "to_stage": "penetration"}),
    (
        "2024-03-01",
        "assign-team-member",
        {"account_id": "acme", "role": "solution_architect", "employee_id": BEA},
    ),
    (
        "2024-03-02",
        "assign-team-member",
        {"account_id": "acme", "role": "delivery_expert", "employee_id": CARL},
    ),
    ("2024-03-03", "state-strategic-objective", {"objective_id": "cloud", "title": "Cloud first"}),
    (
        "2024-03-04",
        "state-customer-goal",
        {"goal_id": "g1", "account_id": "acme", "title": "Fewer stops", "due_on": "2026-12-31"},
    ),
    (
        "2024-03-04",
        "state-customer-goal",
        {"goal_id": "g2", "account_id": "acme", "title": "Less energy"},
    ),
    ("2024-03-05", "link-customer-goal", {"goal_id": "g1", "objective_id": "cloud"}),
    (
        "2024-03-06",
        "link-accounts",
        {
            "link_id": "l1",
            "account_id": "holding",
            "other_id": "acme",
            "kind": "equity",
            "share_bp": 5_100,
            "from_on": "2020-01-01",
        },
    ),
    ("2024-04-01", "publish-solution-document", _document("first")),
    ("2024-05-01", "publish-solution-document", _document("second")),
    ("2024-05-02", "open-opportunity", _opened("o1", 100_00)),
    ("2024-05-02", "open-opportunity", _opened("o2", 250_00)),
    ("2024-05-02", "open-opportunity", _opened("o3", None)),
    ("2024-05-03", "win-opportunity", {"opportunity_id": "o2"}),
    ("2024-05-04", "lose-opportunity", {"opportunity_id": "o3", "reason": "price"}),
)


def tell(house: House, *steps: Step, prefix: str = "story") -> list[httpx.Response]:
    """Issue ``steps`` one after the other, each accepted, and bring the read models up to date."""

    async def run(client: httpx.AsyncClient) -> list[httpx.Response]:
        answers = []
        for number, (day, command, fields) in enumerate(steps):
            answer = await issue(
                client, command, f"{prefix}-{number}", **fields, occurred_at=f"{day}T12:00:00Z"
            )
            assert answer.status_code == 200, (command, answer.text)
            answers.append(answer)
        return answers

    answers = house.ask(run)
    follow(house)
    return answers


def refused(house: House, command: str, **fields: Any) -> tuple[int, str]:
    """The status and the rule that ``command`` is refused with."""

    async def run(client: httpx.AsyncClient) -> httpx.Response:
        return await issue(client, command, f"no-{command}-{sorted(fields)}", **fields)

    answer = house.ask(run)
    return answer.status_code, answer.json()["rule"]


def follow(house: House) -> None:
    """Fold what is new into every read model."""
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        for projection in PROJECTIONS:
            build = current(connection, projection) or begin(connection, projection, "current")
            facts = source.read(build.position, 1_000, 0)
            with connection.transaction():
                fold_into(connection, [build], facts)


def get(house: House, path: str, **headers: str) -> httpx.Response:
    """The answer to a question."""

    async def run(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers=headers)

    return house.ask(run)
