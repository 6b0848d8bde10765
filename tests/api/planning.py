"""The small company over HTTP: Ann plans with Acme, Bea and Carl approve; and read models."""

import hashlib
from itertools import count
from typing import Any, Final

import httpx

from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from runtime.log.store_source import StoreSource
from tests.api.conftest import House, issue
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.planning import CONTACT

_numbers: Final = count(1)

POLICY: Final = {
    "fiscal_start_month": 1,
    "aims": [{"aim": "wallet_share", "metrics": ["wallet_share_percent"]}],
}

ROUTE: Final = {
    "currency": "USD",
    "rules": [
        {
            "when": "true",
            "steps": [
                {
                    "step_id": "manager",
                    "approvers": [{"role": "sales_manager", "level": "region"}],
                }
            ],
        }
    ],
}
"""One sales manager approves whatever it is."""


async def told(client: httpx.AsyncClient, command: str, **fields: Any) -> dict[str, Any]:
    """What a command that is carried out answers."""
    answer = await issue(client, command, f"n{next(_numbers)}", **fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def company(client: httpx.AsyncClient) -> None:
    """A region with a policy and a route for plans, three people with keys, Ann's account Acme."""
    await told(client, "open-region", region_id="world", name="World")
    for employee, name in ((ANN, "ann"), (BEA, "bea"), (CARL, "carl")):
        await told(
            client,
            "hire-employee",
            employee_id=employee,
            name=name,
            region_id="world",
            roles=["sales_manager"],
        )
        await told(
            client,
            "issue-api-key",
            key_id=name,
            secret_sha256=hashlib.sha256(b"s").hexdigest(),
            label="a key",
            roles=["sales_manager"],
            employee_id=employee,
        )
    await told(client, "register-account", account_id="acme", name="Acme", owner_id=ANN)
    await told(
        client, "register-contact", contact_id=CONTACT, account_id="acme", name="Uma Underwood"
    )
    await told(client, "state-customer-goal", goal_id="g1", account_id="acme", title="Less scrap")
    await told(client, "draft-planning-policy", region_id="world", document=POLICY)
    await told(
        client,
        "activate-planning-policy",
        region_id="world",
        version=1,
        effective_on="2020-01-01",
    )
    await route(client, "account_plan", ROUTE)


async def route(client: httpx.AsyncClient, kind: str, document: dict[str, Any]) -> None:
    """The worldwide route for a kind of subject, in force from the beginning."""
    named = {"region_id": "world", "subject_kind": kind}
    await told(client, "draft-approval-route", **named, document=document)
    await told(client, "activate-approval-route", **named, version=1, effective_on="2020-01-01")


async def plan(client: httpx.AsyncClient, plan_id: str) -> None:
    """A plan that may be submitted, half of whose weight serves no goal of the customer."""
    usd = {"minor": 1_000_00, "currency": "USD"}
    await told(
        client,
        "draft-account-plan",
        plan_id=plan_id,
        account_id="acme",
        fiscal_year=2026,
        aim="wallet_share",
        budget=usd,
    )
    for name, goal in (("grow", "g1"), ("learn", None)):
        await told(
            client,
            "set-plan-objective",
            plan_id=plan_id,
            objective_id=name,
            statement="To do.",
            weight_percent=50,
            goal_id=goal,
        )
    await told(
        client,
        "set-plan-action",
        plan_id=plan_id,
        action_id="visit",
        objective_id="grow",
        statement="Visit all plants.",
        owner_id=ANN,
        department="sales",
        due_on="2026-06-30",
        budget={"minor": 400_00, "currency": "USD"},
    )
    for side, metric, value, better in (
        ("ours", "wallet_share_percent", "12", "higher"),
        ("customers", "defects", "20", "lower"),
    ):
        await told(
            client,
            "set-plan-target",
            plan_id=plan_id,
            side=side,
            metric=metric,
            period="Q1",
            unit="percent",
            value=value,
            better=better,
        )


async def submit(house: House, plan_id: str, approval_id: str) -> None:
    """Ann puts it up for approval."""
    async with house.client("kl_ann_s") as ann:
        await told(ann, "submit-account-plan", plan_id=plan_id, approval_id=approval_id)


async def decide(
    house: House, who: str, approval_id: str, decision: str = "approved", **more: Any
) -> httpx.Response:
    """Somebody decides the only step."""
    async with house.client(f"kl_{who}_s") as client:
        return await issue(
            client,
            "decide-approval",
            f"{approval_id} {who} {decision}",
            approval_id=approval_id,
            step=1,
            decision=decision,
            **more,
        )


async def approve(house: House, plan_id: str, approval_id: str | None = None) -> None:
    """Ann submits, Bea approves."""
    name = approval_id or f"a-{plan_id}"
    await submit(house, plan_id, name)
    answer = await decide(house, "bea", name)
    assert answer.status_code == 200, answer.text


async def make_active(house: House, plan_id: str = "p1") -> None:
    """Ann drafts a plan, Bea approves it, and it is followed."""
    async with house.client("kl_ann_s") as ann:
        await plan(ann, plan_id)
        await approve(house, plan_id)
        await told(ann, "activate-account-plan", plan_id=plan_id)


def follow(house: House) -> None:
    """Fold all that is recorded into the read models."""
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        for projection in PROJECTIONS:
            build = current(connection, projection) or begin(connection, projection, "current")
            with connection.transaction():
                fold_into(connection, [build], source.read(build.position, 1_000, 0))


def asked(house: House, path: str, accept: str = "application/json") -> httpx.Response:
    """What a question is answered, once everything is folded."""
    follow(house)

    async def question(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path, headers={"Accept": accept})

    return house.ask(question)
