"""Ledgers that hold parts of a history, asked the same as they grow."""

import asyncio
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from api.app import create_app
from events.event import Event
from events.recorded import Recorded
from projections.catalogue import PROJECTIONS
from projections.projection import Key, Table, fold
from readmodels import tables
from readmodels.builds import Build, begin, fold_into
from runtime.composition import clock, doors, system
from runtime.credentials import ensure_admin_key
from runtime.settings import settings
from tests.access import places
from tests.api.conftest import House, issue
from tests.projections.deriving import derived_rows

ZONE: Final = "Europe/Berlin"
"""Of the ledgers: a day does not begin where one in UTC does."""

_KEY: Final = "kl_ann_secret"
_TIMES: Final = re.compile(r"[?&](as_of|known_at)=[^&\"]*")

Answer = tuple[int, str | None, Any]
"""The status, the ETag, and what is said: of a refusal its rule."""


@dataclass(slots=True)
class Told:
    """A ledger with its doors, and read models that facts are told to."""

    house: House
    builds: Sequence[Build]

    def fold(self, some: Sequence[Recorded[Event]]) -> None:
        """Tell ``some`` facts, which go on where those told before ended."""
        with self.house.system.pool.connection() as connection, connection.transaction():
            self.builds = fold_into(connection, self.builds, some)

    def hold(self, some: Sequence[Recorded[Event]]) -> None:
        """Hold the rows of ``some`` facts, whatever lies between them."""
        with self.house.system.pool.connection() as connection, connection.transaction():
            for build in self.builds:
                rows: dict[Key, Any] = {}
                for one in some:
                    fold(build.projection, rows, one)
                rows |= derived_rows(build.projection, rows, ZONE)
                by_table: dict[Table, list[Any]] = defaultdict(list)
                for (table, _), row in rows.items():
                    by_table[table].append(row)
                for table, held in by_table.items():
                    tables.replace(connection, build.schema, table, [], held, stream=True)

    def get(self, paths: Sequence[str]) -> list[Answer]:
        """What is answered at ``paths``."""

        async def run() -> list[Answer]:
            async with self.house.client(_KEY) as client:
                return [_said(await client.get(path)) for path in paths]

        return asyncio.run(run())

    def doors(self) -> dict[str, Any]:
        """The read doors of the OpenAPI document, by path."""

        async def document(client: httpx.AsyncClient) -> Any:
            return (await client.get("/openapi.json")).json()["paths"]

        return {path: its["get"] for path, its in self.house.ask(document).items() if "get" in its}


def _said(answer: httpx.Response) -> Answer:
    """Without how fresh it is, and without the times that links to other doors repeat."""
    said = answer.json()
    if answer.status_code != 200:
        return answer.status_code, None, said["rule"]
    told = {name: one for name, one in said.items() if name not in {"position", "lag"}}
    text = _TIMES.sub("", json.dumps(told))
    return 200, answer.headers.get("ETag"), json.loads(text)


@contextmanager
def ledger(url: str, name: str, folder: Path) -> Iterator[Told]:
    """A ledger whose read models are empty, asked by an administrator who acts for Ann."""
    folder.mkdir(exist_ok=True)
    given = settings(
        {"KEYLEDGER_DATA": str(folder), "KEYLEDGER_LEDGER": name, "KEYLEDGER_ZONE": ZONE}
    )
    file = folder / "admin-key"
    with system(given, url) as parts:
        asyncio.run(
            ensure_admin_key(parts.desk, ledger=name, zone=given.zone, file=file, now=clock())
        )
        house = House(parts, create_app(doors(parts)), file.read_text().strip())
        house.ask(_staff)
        with parts.pool.connection() as connection:
            made = [begin(connection, projection, "current") for projection in PROJECTIONS]
        yield Told(house, made)


async def _staff(client: httpx.AsyncClient) -> None:
    secret = hashlib.sha256(b"secret").hexdigest()
    ann = {"employee_id": places.ANN, "name": "Ann", "region_id": "group", "roles": ["sales_rep"]}
    key = {"key_id": "ann", "secret_sha256": secret, "label": "a key", "roles": ["administrator"]}
    for command, fields in (
        ("open-region", {"region_id": "group", "name": "Group"}),
        ("hire-employee", ann),
        ("issue-api-key", key | {"employee_id": places.ANN}),
    ):
        answer = await issue(client, command, command, **fields)
        assert answer.status_code == 200, answer.text
