"""The OpenAPI document is whole, and the API keeps to it whatever it is sent."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.app import create_app
from api.requests import COMMANDS
from commands.catalogue import MAY_ISSUE
from projections.catalogue import PROJECTIONS
from runtime.composition import clock, doors, system
from runtime.credentials import ensure_admin_key
from runtime.log.store_source import StoreSource
from runtime.projector import Projector
from runtime.settings import settings as read_settings
from tests.api.conftest import House

pytestmark = pytest.mark.postgres

RULES_SAY_NO = positive_data_acceptance
"""The check not made: a request may keep to its schema and still break a rule of the business."""

EXAMPLES = 20
"""Requests for each operation, every other one against its schema."""


@schemathesis.serializer("application/x-ndjson")
def _lines(_: Any, value: Any) -> bytes:
    return str(value).encode("utf-8", "replace")


def test_every_command_that_has_a_door_is_described_with_its_roles(house: House) -> None:
    async def question(client: Any) -> Any:
        return (await client.get("/openapi.json")).json()

    paths = house.ask(question)["paths"]
    for name, kind in COMMANDS.items():
        door = paths[f"/v1/commands/{name}"]["post"]
        assert door["description"].startswith(str(kind.__doc__))
        assert door["x-roles"] == sorted(MAY_ISSUE[kind])
        assert {"200", "400", "401", "403", "409", "412", "422", "503"} <= set(door["responses"])
        assert door["security"]


@pytest.fixture(scope="module")
def served(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The whole API on a port of its own, with read models that are kept up to date."""
    folder = tmp_path_factory.mktemp("served")
    given = read_settings({"KEYLEDGER_DATA": str(folder), "KEYLEDGER_LEDGER": "schemathesis"})
    key = Path(folder / "admin-key")
    stop = threading.Event()
    with (
        system(given, database_url) as parts,
        StoreSource(database_url, "schemathesis") as source,
    ):
        asyncio.run(
            ensure_admin_key(
                parts.desk, ledger="schemathesis", zone=given.zone, file=key, now=clock()
            )
        )
        projector = Projector(database_url, "schemathesis", source, PROJECTIONS)
        config = uvicorn.Config(create_app(doors(parts)), port=0, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        threads = [
            threading.Thread(target=projector.run, args=(stop,)),
            threading.Thread(target=server.run),
        ]
        for thread in threads:
            thread.start()
        ready = threading.Event()
        while not server.started:
            ready.wait(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", key.read_text().strip()
        server.should_exit = True
        stop.set()
        for thread in threads:
            thread.join()


def test_whatever_is_sent_no_answer_is_a_5xx_or_outside_its_schema(
    served: tuple[str, str],
) -> None:
    """A-10: every operation of the document, generated requests, all checks."""
    url, key = served
    config = SchemathesisConfig.from_dict({"base-url": url})
    authorization = {"Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    operations = list(schema.get_all_operations())
    assert len(operations) > len(COMMANDS)
    for found in operations:
        assert isinstance(found, Ok)
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        def send(case: Any) -> None:
            case.call_and_validate(headers=authorization, excluded_checks=[RULES_SAY_NO])

        send()
