"""The writer under fire: races, a tailing reader, and connections cut after COMMIT."""

import asyncio
import random
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict

from commands.ports import Conflict, Receipt
from runtime.store.writer import Writer
from tests.history.checker import violations
from tests.history.following import follow
from tests.history.history import Call, History, Read, Silence
from tests.runtime.store.cutting_proxy import CuttingProxy
from tests.runtime.store.ledgers import Ledger, entry

pytestmark = pytest.mark.postgres

WRITERS = 8
COMMANDS = 160
"""Of each writer; every fifth is made to conflict."""


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


async def _write(writer: Writer, name: str, calls: list[Call]) -> None:
    """Commands of 1 or 50 events on a stream of one's own, every fifth on a stale version."""
    rng, version = random.Random(name), 0
    for n in range(COMMANDS):
        stale = n % 5 == 4
        first, events = (max(version, 1), 1) if stale else (version + 1, rng.choice((1, 50)))
        command_id, asked_at = str(uuid4()), time.monotonic()
        outcome = await writer.submit(
            entry(f"w-{name}", first, command_id=command_id, events=events)
        )
        assert isinstance(outcome, Conflict if stale else Receipt)
        calls.append(
            Call(
                session=name,
                command_id=command_id,
                invoked_at=asked_at,
                ended_at=time.monotonic(),
                answer=outcome if isinstance(outcome, Receipt) else Silence.REFUSED,
                intends=events,
            )
        )
        version += 0 if stale else events


def _process(store: Ledger, names: list[str], calls: list[Call]) -> None:
    """What one process does: a writer thread of its own and several clients."""

    async def clients() -> None:
        with store.writer() as writer:
            await asyncio.gather(*(_write(writer, name, calls) for name in names))

    asyncio.run(clients())


def _tail(store: Ledger, done: threading.Event, reads: list[Read]) -> None:
    with store.connect() as connection:
        reads.extend(follow(connection, "events", done))


def test_concurrent_writers_lose_nothing_and_a_reader_misses_nothing(store: Ledger) -> None:
    """8 writers in 4 processes' worth of writer threads, 20 % conflicts (F-10)."""
    calls: list[Call] = []
    reads: list[Read] = []
    done = threading.Event()
    reader = threading.Thread(target=_tail, args=(store, done, reads))
    names = [str(n) for n in range(WRITERS)]
    writers = [
        threading.Thread(target=_process, args=(store, names[n::4], calls)) for n in range(4)
    ]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    stored = store.events()
    assert violations(History(calls=calls, store=stored, reads=reads)) == []
    assert sum(len(read.seen) for read in reads) == len(stored) > 20_000


def _proxied(database_url: str, folder: Path) -> tuple[CuttingProxy, str]:
    parts = conninfo_to_dict(database_url)
    proxy = CuttingProxy(folder, Path(str(parts["host"])) / ".s.PGSQL.5432")
    proxy.start()
    return proxy, f"postgresql://{parts['user']}:@/{parts['dbname']}?host={folder}"


def test_an_answer_lost_after_commit_is_still_given_once(store: Ledger, database_url: str) -> None:
    """20 connections cut after COMMIT reached PostgreSQL: no conflict, no second event (F-12)."""
    # A socket's path is short by law, so it cannot live in the usual folder for tests.
    with TemporaryDirectory(prefix="kl") as folder:
        proxy, url = _proxied(database_url, Path(folder))

        async def cut_twenty_times() -> None:
            with store.writer(url) as writer:
                for n in range(1, 21):
                    proxy.armed = 1
                    outcome = await writer.submit(entry("a-1", n, command_id=str(uuid4())))
                    assert isinstance(outcome, Receipt)
                    assert (outcome.version, outcome.position) == (n, n)

        asyncio.run(cut_twenty_times())
        proxy.stop()
    assert proxy.cuts == 20
    assert [event.version for event in store.events()] == list(range(1, 21))
    assert store.receipts() == 20
