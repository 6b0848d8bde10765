"""A small company over HTTP whose sellers each have a key, and what they see of it."""

import asyncio
import hashlib
from typing import Any

import httpx

from runtime.composition import clock
from tests.api.conftest import House, issue
from tests.api.following import follow
from tests.examples.cast import ANN, BEA, CARL


async def told(client: httpx.AsyncClient, command: str, key: str, **fields: Any) -> None:
    answer = await issue(client, command, key, **fields)
    assert answer.status_code == 200, answer.text


async def staffed(client: httpx.AsyncClient) -> None:
    """Ann sells for the north, Carl for the south; Bea leads the north."""
    for region in ("north", "south"):
        await told(client, "open-region", region, region_id=region, name=region)
    for name, employee, region, role in (
        ("ann", ANN, "north", "sales_rep"),
        ("bea", BEA, "north", "sales_manager"),
        ("carl", CARL, "south", "sales_rep"),
    ):
        hired = {"employee_id": employee, "name": name, "region_id": region, "roles": [role]}
        await told(client, "hire-employee", f"hire-{name}", **hired)
        sha = hashlib.sha256(b"s").hexdigest()
        issued = {"key_id": name, "secret_sha256": sha, "roles": [role], "label": name}
        await told(client, "issue-api-key", f"key-{name}", **issued, employee_id=employee)
    for account, owner in (("acme", ANN), ("bolt", ANN), ("coil", CARL)):
        registered = {"account_id": account, "name": account, "owner_id": owner}
        await told(client, "register-account", account, **registered)


def carry(house: House, command: str, **fields: Any) -> None:
    async def run(client: httpx.AsyncClient) -> None:
        await told(client, command, f"{command}-{sorted(fields.items())}"[:200], **fields)

    house.ask(run)
    follow(house)


def seen(house: House, who: str, path: str = "/v1/accounts", name: str = "account_id") -> list[str]:
    async def run() -> Any:
        async with house.client(f"kl_{who}_s") as client:
            return (await client.get(path)).json()

    return [item[name] for item in asyncio.run(run())["items"]]


def granted(house: House, grant_id: str, **fields: Any) -> None:
    given = {"employee_id": CARL, "until_on": str(clock().date()), "reason": "covers", **fields}
    carry(house, "grant-access", grant_id=grant_id, **given)
