"""A company over HTTP in which something may be noticed; and the reaction that notices it."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

import httpx

from runtime.alerter import Alerter
from runtime.composition import clock
from runtime.log.store_source import StoreSource
from runtime.reactor import DayCloser
from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.examples.cast import ANN, BEA, UMA

_numbers: Final = count(1)


async def told(client: httpx.AsyncClient, command: str, **fields: Any) -> dict[str, Any]:
    """What a command that is carried out answers."""
    answer = await issue(client, command, f"w{next(_numbers)}", **fields)
    assert answer.status_code == 200, (command, answer.text)
    found: dict[str, Any] = answer.json()
    return found


def ago(days: int) -> str:
    """Noon so many days ago, in UTC; today, now where noon is still to come."""
    now = datetime.now(UTC)
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return min(now, noon).isoformat() if days == 0 else (noon - timedelta(days=days)).isoformat()


def day_ago(days: int) -> str:
    """The day so many days ago."""
    return ago(days)[:10]


async def company(client: httpx.AsyncClient) -> None:
    """Since 400 days ago: Ann looks after Acme in dach, Bea manages sales in emea above it.

    Uma decides at Acme, which is in retail. There are two products, of one series each.
    """
    then: Any = {"occurred_at": ago(400)}
    await told(client, "open-region", region_id="emea", name="Europe", **then)
    await told(client, "open-region", region_id="dach", name="Alps", parent_id="emea", **then)
    for employee, name, region, role in (
        (ANN, "ann", "dach", "sales_rep"),
        (BEA, "bea", "emea", "sales_manager"),
    ):
        await told(
            client,
            "hire-employee",
            employee_id=employee,
            name=name,
            region_id=region,
            roles=[role],
            **then,
        )
        await told(
            client,
            "issue-api-key",
            key_id=name,
            secret_sha256=hashlib.sha256(b"s").hexdigest(),
            label="a key",
            roles=[role],
            employee_id=employee,
        )
    await _customer(client, then)
    await _products(client, then)


async def _customer(client: httpx.AsyncClient, then: dict[str, str]) -> None:
    await told(
        client,
        "register-account",
        account_id="acme",
        name="Acme",
        owner_id=ANN,
        sector="retail",
        **then,
    )
    await told(client, "register-contact", contact_id=UMA, account_id="acme", name="Uma", **then)
    await told(client, "change-contact-role", contact_id=UMA, role="decision_maker", **then)
    await told(client, "assess-contact", contact_id=UMA, influence=3, sentiment=4, **then)


async def _products(client: httpx.AsyncClient, then: dict[str, str]) -> None:
    for product, series in (("gtx", "GTX"), ("gtx-pro", "GTX"), ("mg", "MG")):
        await told(
            client,
            "list-product",
            product_id=product,
            name=product.upper(),
            series=series,
            list_price={"minor": 500_00, "currency": "EUR"},
            **then,
        )
    document = {
        "stages": [
            {"stage_id": one, "name": one, "engaged": place > 0}
            for place, one in enumerate(("found", "offered"))
        ],
        "may_skip": True,
        "loss_reasons": ["price"],
    }
    await told(client, "draft-sales-process", region_id="emea", document=document)
    await told(
        client, "activate-sales-process", region_id="emea", version=1, effective_on="2020-01-01"
    )


def rule(cause: str, when: str, **more: Any) -> dict[str, Any]:
    """The document of a rule that tells both managers."""
    return {
        "name": f"About {cause}",
        "cause": cause,
        "when": when,
        "severity": "high",
        "actions": [{"kind": "call", "text": "Call them."}],
        "due_days": 7,
        "notify": ["account_manager", "regional_manager"],
        **more,
    }


async def in_force(client: httpx.AsyncClient, rule_id: str, document: dict[str, Any]) -> None:
    """Have the rule be in force."""
    await told(client, "draft-alert-rule", rule_id=rule_id, document=document)
    await told(client, "activate-alert-rule", rule_id=rule_id, version=1, effective_on="2020-01-01")


async def sale(
    client: httpx.AsyncClient,
    opportunity: str,
    product: str,
    days: int,
    *,
    account: str = "acme",
    won: int | None = None,
    lost: bool = False,
) -> None:
    """An opportunity opened so many days ago, perhaps closed on the same day."""
    then = {"opportunity_id": opportunity, "occurred_at": ago(days)}
    await told(
        client,
        "open-opportunity",
        account_id=account,
        product_id=product,
        owner_id=ANN,
        region_id="emea",
        **then,
    )
    if won is not None:
        await told(client, "win-opportunity", amount={"minor": won, "currency": "EUR"}, **then)
    if lost:
        await told(client, "lose-opportunity", reason="price", **then)


def alerter(house: House, source: Any) -> Alerter:
    """The reaction on the ledger of ``house``."""
    parts = house.system
    return Alerter(
        parts.desk, parts.pool, source, parts.settings.ledger, parts.settings.zone, clock
    )


def noticed(house: House) -> int:
    """How many alerts are raised when every fact so far is looked at, as a restart would."""
    follow(house)
    parts = house.system
    with StoreSource(parts.database_url, parts.settings.ledger) as source:
        reaction = alerter(house, source)
        raised = sum(
            asyncio.run(reaction.react_to(recorded)) for recorded in source.read(0, 1_000, 0)
        )
    follow(house)
    return raised


def day_closes(house: House, days_ahead: int = 0) -> None:
    """Yesterday is closed, seen from so many days ahead."""
    parts = house.system

    def later() -> datetime:
        return clock() + timedelta(days=days_ahead)

    closer = DayCloser(parts.desk, parts.settings.ledger, parts.settings.zone, later)
    asyncio.run(closer.close_due())


def asked(
    house: House, path: str, *, key: str | None = None, accept: str = "application/json"
) -> Any:
    """What a question is answered."""

    async def question() -> httpx.Response:
        async with house.client(key) as client:
            return await client.get(path, headers={"Accept": accept})

    return asyncio.run(question())
