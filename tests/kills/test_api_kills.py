"""SIGKILL of an API worker in the middle of commands (F-04)."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from commands.ports import Receipt
from tests.history.checker import violations
from tests.history.dumps import sent_by_the_system
from tests.history.history import History, Silence
from tests.kills.clients import Clients
from tests.kills.parts import Parts

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(900)]

KILLS: Final = 50
SERVERS: Final = ("serve-1", "serve-2")


@pytest.fixture
def parts(database_url: str, ledger: str, tmp_path: Path) -> Iterator[Parts]:
    found = Parts(database_url, ledger, tmp_path)
    yield found
    found.close()


async def _kill_often(parts: Parts, clients: Clients, kills: int) -> None:
    """Kill one of two workers after a random number of requests, and start it again."""
    rng = random.Random(4)
    async with clients.at_work():
        for _ in range(kills):
            victim = rng.choice(SERVERS)
            await clients.send(rng.randint(10, 60), parts.ports[victim])
            parts.kill(victim)
            parts.start(victim)
            await asyncio.to_thread(parts.wait_until_answering, victim)


def test_a_killed_worker_loses_no_command_and_doubles_none(parts: Parts) -> None:
    """50 kills: answered is stored once, unanswered is stored once or not, repeats agree."""
    for name in SERVERS:
        parts.start(name)
        parts.wait_until_answering(name)
    clients = Clients(parts.ledger, parts.folder / "admin-key", list(parts.ports.values()))
    asyncio.run(_kill_often(parts, clients, KILLS))
    store = parts.stored()
    history = History(calls=clients.calls, store=store, set_up=sent_by_the_system(store))
    assert violations(history) == []
    # That it was the middle of commands: requests went unanswered, and were answered when
    # asked again, with the receipt of the first time where that had been stored.
    unanswered = [call for call in clients.calls if call.answer is Silence.UNKNOWN]
    repeated = [c for c in clients.calls if isinstance(c.answer, Receipt) and c.answer.repeated]
    assert len(unanswered) > KILLS
    assert len(repeated) > KILLS
    assert clients.statuses[500] == 0
    assert len(store) > 1_000
