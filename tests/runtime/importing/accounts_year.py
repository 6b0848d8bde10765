"""A year of relationships on a ledger in this process, and what it asks for account by account."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import httpx

from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from runtime.credentials import derived_key
from runtime.importing.driving import Answer, CommandLine, _answers
from runtime.importing.relations.ground import Ground, ground_of_lines
from runtime.importing.relations.year import RelationsYear
from runtime.importing.sample_year import CURRENCY, ROOT, SampleYear
from runtime.importing.steps import Step, carry_out
from runtime.log.store_source import StoreSource
from tests.api.conftest import House

LAST_ON: Final = date(2026, 6, 30)


def ground(last_on: date = LAST_ON, accounts: int | None = None) -> Ground:
    """The sample year's accounts, or the first few."""
    sample = SampleYear(last_on)
    found = ground_of_lines(sample.lines(), root_id=ROOT, currency=CURRENCY, since=sample.first_on)
    return replace(found, accounts=found.accounts[:accounts])


def year(last_on: date = LAST_ON, accounts: int | None = None, parent: str = "p") -> RelationsYear:
    """The year of these accounts, with keys of whoever holds the key ``parent``."""
    return RelationsYear(
        ground(last_on, accounts),
        last_on,
        sha256_of=lambda key_id: derived_key(parent, key_id).secret_sha256,
    )


def company(last_on: date = LAST_ON) -> Step:
    """The sample year without what was sold: regions, people, products and accounts."""
    lines = SampleYear(last_on).lines()
    return Step(None, tuple(line for line in lines if "opportunity" not in str(line["command"])))


def by_account(steps: Sequence[Step], account_ids: Sequence[str]) -> dict[str, list[CommandLine]]:
    """The commands about each account: those that name it, or a record that was begun for it."""
    found: dict[str, list[CommandLine]] = defaultdict(list)
    owner = {account_id: account_id for account_id in account_ids}
    for line in (line for step in steps for line in step.lines):
        record = next((name for name in _RECORDS if name in line), None)
        if record is None:
            continue
        named = owner.get(str(line.get("account_id", "")), owner.get(str(line[record])))
        if named is not None:
            owner.setdefault(str(line[record]), named)
            owner.setdefault(str(line.get("approval_id", line[record])), named)
            found[named].append(line)
    return found


_RECORDS: Final = (
    "claim_id",
    "interaction_id",
    "project_id",
    "contract_id",
    "plan_id",
    "contact_id",
    "goal_id",
    "document_id",
    "approval_id",
    "account_id",
)


@dataclass(slots=True)
class Door:
    """The batch door of a ledger in this process, under one key."""

    house: House
    key: str

    def carry_out(self, lines: Sequence[CommandLine]) -> Sequence[Answer]:
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

        async def post() -> httpx.Response:
            async with self.house.client(self.key) as client:
                kind = {"Content-Type": "application/x-ndjson"}
                return await client.post("/v1/commands", content=body, headers=kind)

        return _answers(asyncio.run(post()), len(lines))


def live(house: House, steps: Sequence[Step]) -> None:
    """Have ``steps`` carried out, every command of them, and fold what came of it."""

    def door_of(key_id: str | None) -> Door:
        return Door(house, house.key if key_id is None else derived_key(house.key, key_id).text)

    assert carry_out(steps, door_of, progress=lambda _, __: None, stopped=lambda: False)
    fold(house)


def fold(house: House) -> None:
    """Fold all that is recorded into every read model."""
    parts = house.system
    with (
        parts.pool.connection() as connection,
        StoreSource(parts.database_url, parts.settings.ledger) as source,
    ):
        for projection in PROJECTIONS:
            build = current(connection, projection) or begin(connection, projection, "current")
            while facts := source.read(build.position, 5_000, 0):
                with connection.transaction():
                    (build,) = fold_into(connection, [build], facts)


def whole(house: House, account_id: str, as_of: date | None = None) -> dict[str, Any]:
    """The whole account over HTTP."""

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        asked = "" if as_of is None else f"?as_of={as_of}"
        return await client.get(f"/v1/accounts/{account_id}{asked}")

    answer = house.ask(ask)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
