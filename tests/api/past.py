"""A history of everything there is, told late and out of order, and ledgers that hold parts of it.

Every kind of record has the facts of ``tests/examples``: in two places of a company, one after the
other across records, so that any moment falls into the middle of many lives.
"""

import asyncio
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from api.app import create_app
from events.event import Event
from events.recorded import Envelope, Recorded
from projections.catalogue import PROJECTIONS
from projections.projection import Key, Table, fold
from readmodels import tables
from readmodels.builds import Build, begin, fold_into
from runtime.composition import clock, doors, system
from runtime.credentials import ensure_admin_key
from runtime.settings import settings
from tests.access import places
from tests.access.places import OTHER, OWN, marked
from tests.api.conftest import House, issue
from tests.examples.cast import BEA
from tests.examples.histories import (
    FOLLOWED_UP,
    FOUND,
    HIRED,
    HISTORIES,
    LOGGED,
    PASSED_ON,
    WON,
)
from tests.examples.surveys import ANSWERED

ZONE: Final = "Europe/Berlin"
"""Of the ledgers: a day does not begin where one in UTC does."""

BEGIN: Final = datetime(2026, 2, 20, 12, tzinfo=UTC)
_STEP: Final = timedelta(hours=7)
"""How long after one fact the next one is recorded."""

_LATE: Final = (0, 0, 1, 26, 26, 24 * 9)
"""How many hours after it occurred a fact may be recorded."""

BEA_THERE: Final = marked(OWN, BEA)
"""Bea, as the examples of one of the places name her."""

_KEY: Final = "kl_ann_secret"
_TIMES: Final = re.compile(r"[?&](as_of|known_at)=[^&\"]*")

Answer = tuple[int, str | None, Any]
"""The status, the ETag, and what is said: of a refusal its rule."""


def facts() -> list[Recorded[Event]]:
    """The whole history; the same every time."""
    return list(_recorded(_told(), Random(5)))


def _told() -> Iterator[tuple[str, Event]]:
    """The first facts of all records, then the second ones, and so on."""
    streams: dict[str, list[Event]] = defaultdict(list)
    for stream, event in (*_examples(), *_besides()):
        streams[stream].append(event)
    for turn in zip_longest(*streams.values()):
        yield from ((stream, event) for stream, event in zip(streams, turn, strict=True) if event)


def _examples() -> Iterator[tuple[str, Event]]:
    elsewhere = [spot.mark for spot in places.SPOTS if spot not in (OWN, OTHER)]
    for stream, event in places.facts(date(2026, 3, 2), endings=True):
        if not any(mark in stream for mark in elsewhere):
            yield stream, event
    for history in HISTORIES:
        if history.stream.startswith(("employee-", "employee_training-", "access_grant-")):
            yield from ((history.stream, fact) for fact in history.facts)


def _besides() -> Iterator[tuple[str, Event]]:
    """Who approves and is told, what was sold first, what is neither corrected nor withdrawn."""
    yield (
        f"employee-{BEA_THERE}",
        HIRED.model_copy(
            update={"employee_id": BEA_THERE, "region_id": "branch", "roles": ("sales_manager",)}
        ),
    )
    there = {"account_id": marked(OWN, "acme")}
    for sold in (FOUND.model_copy(update={"product_id": "gtx-basic"}), WON):
        yield "opportunity-first", sold.model_copy(update=there | {"opportunity_id": "first"})
    for fact in (LOGGED, PASSED_ON, FOLLOWED_UP):
        update = there | {"interaction_id": "visit-2"}
        yield "interaction-visit-2", fact.model_copy(update=update)
    yield "survey_answer-s3", ANSWERED.model_copy(update=there | {"answer_id": "s3"})


def _recorded(told: Iterable[tuple[str, Event]], random: Random) -> Iterator[Recorded[Event]]:
    last: dict[str, tuple[int, datetime]] = {}
    for position, (stream, event) in enumerate(told, start=1):
        version, before = last.get(stream, (0, datetime.min.replace(tzinfo=UTC)))
        recorded_at = BEGIN + position * _STEP
        late = timedelta(hours=random.choice(_LATE))
        occurred_at = max(before, recorded_at - late)
        last[stream] = version + 1, occurred_at
        envelope = Envelope(
            ledger="main",
            position=position,
            stream=stream,
            version=version + 1,
            name=event.NAME,
            schema=event.VERSION,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            actor=f"employee-{places.ANN}",
            command_id=f"command-{position}",
            correlation_id="past",
            causation_id=None,
            policies={},
            release="test",
            imported=False,
            payload_sha256="0" * 64,
        )
        yield Recorded(event, envelope)


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
