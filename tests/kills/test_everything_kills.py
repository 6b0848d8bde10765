"""Everything is killed at once: database, broker, API, relay, projector (F-07)."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from runtime.log.broker import Broker
from runtime.store.postgres import EmbeddedPostgres
from tests.history.checker import violations
from tests.history.dumps import committed, fold_of, read_models, sent_by_the_system
from tests.history.history import History
from tests.kills.clients import Clients
from tests.kills.parts import Parts
from tests.kills.test_postgres_kills import kill_postmaster
from tests.processes import until

pytestmark = [pytest.mark.postgres, pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(900)]

TIMES: Final = 3
NAMES: Final = ("serve-1", "relay", "project", "react")


@dataclass(slots=True)
class Machine:
    """All that runs."""

    postgres: EmbeddedPostgres
    broker: Broker
    parts: Parts

    def crash(self) -> None:
        """Kill everything, as a power failure would but for the disk cache."""
        self.parts.kill(*self.parts.running)
        self.broker.kill()
        kill_postmaster(self.postgres)

    def start(self) -> None:
        """Start everything; it is there when the API answers."""
        self.postgres.start()
        self.broker.start()
        for name in NAMES:
            self.parts.start(name)
        self.parts.wait_until_answering("serve-1")


@pytest.fixture
def machine(own_broker: Broker, ledger: str, tmp_path: Path) -> Iterator[Machine]:
    postgres = EmbeddedPostgres(tmp_path / "postgres")
    parts = Parts(postgres.start(), ledger, tmp_path, own_broker.start())
    yield Machine(postgres, own_broker, parts)
    parts.close()
    postgres.stop()


async def _crash_often(machine: Machine, clients: Clients) -> list[float]:
    """How long each time it took until commands were answered again, in seconds."""
    rng = random.Random(7)
    took = []
    async with clients.at_work():
        for _ in range(TIMES):
            await clients.hear(rng.randint(100, 300))
            await asyncio.to_thread(machine.crash)
            crashed_at = time.monotonic()
            await asyncio.to_thread(machine.start)
            await clients.hear(1)
            took.append(time.monotonic() - crashed_at)
    return took


def test_a_crash_of_everything_loses_nothing_that_was_answered(machine: Machine) -> None:
    """3 times: store, log and read models agree, and with what clients were told and shown."""
    machine.start()
    parts = machine.parts
    assert parts.bootstrap is not None
    clients = Clients(
        parts.ledger, parts.folder / "admin-key", [parts.ports["serve-1"]], reads=True
    )
    asyncio.run(_crash_often(machine, clients))
    store = parts.stored()

    def caught_up() -> bool:
        rows = read_models(parts.database_url, parts.ledger)
        return bool(rows) and all(model["position"] == len(store) for model in rows.values())

    until(caught_up, f"the read models reach position {len(store)}; see {parts.log}")
    history = History(
        calls=clients.calls,
        reads=clients.seen,
        store=store,
        log=committed(parts.bootstrap, parts.ledger),
        rows=read_models(parts.database_url, parts.ledger),
        folded=fold_of(store),
        set_up=sent_by_the_system(store),
    )
    assert violations(history) == []
    assert len(clients.seen) > 50
    assert clients.statuses[500] == 0
