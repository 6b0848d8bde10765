"""The writer under fire: races, a tailing reader, and connections cut after COMMIT."""

import asyncio
import random
import threading
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from psycopg.conninfo import conninfo_to_dict

from commands.ports import Conflict, Receipt
from runtime.store.writer import Writer
from tests.runtime.store.cutting_proxy import CuttingProxy
from tests.runtime.store.ledgers import Ledger, entry

pytestmark = pytest.mark.postgres

WRITERS = 8
COMMANDS = 160
"""Of each writer; every fifth is made to conflict."""


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


async def _write(writer: Writer, name: str, acked: list[tuple[str, int]]) -> int:
    """Commands of 1 or 50 events on a stream of one's own, every fifth on a stale version."""
    rng, version, conflicts = random.Random(name), 0, 0
    for n in range(COMMANDS):
        if n % 5 == 4:
            outcome = await writer.submit(entry(f"w-{name}", max(version, 1)))
            assert isinstance(outcome, Conflict)
            conflicts += 1
            continue
        events = rng.choice((1, 50))
        outcome = await writer.submit(entry(f"w-{name}", version + 1, events=events))
        assert isinstance(outcome, Receipt)
        version += events
        acked.extend((ref.event_id, ref.position) for ref in outcome.events)
    return conflicts


def _process(store: Ledger, names: list[str], acked: list[tuple[str, int]]) -> None:
    """What one process does: a writer thread of its own and several clients."""

    async def clients() -> None:
        with store.writer() as writer:
            await asyncio.gather(*(_write(writer, name, acked) for name in names))

    asyncio.run(clients())


def _tail(store: Ledger, done: threading.Event, seen: list[int]) -> None:
    """What a tailing reader sees: everything after the last position, again and again."""
    with store.connect() as connection:
        while True:
            finished = done.is_set()
            rows = connection.execute(
                "SELECT notification_id FROM events WHERE notification_id > %s "
                "ORDER BY notification_id",
                [seen[-1] if seen else 0],
            ).fetchall()
            seen.extend(row[0] for row in rows)
            if finished and not rows:
                return


def test_concurrent_writers_lose_nothing_and_a_reader_misses_nothing(store: Ledger) -> None:
    """8 writers in 4 processes' worth of writer threads, 20 % conflicts (F-10)."""
    acked: list[tuple[str, int]] = []
    seen: list[int] = []
    done = threading.Event()
    reader = threading.Thread(target=_tail, args=(store, done, seen))
    names = [str(n) for n in range(WRITERS)]
    writers = [
        threading.Thread(target=_process, args=(store, names[n::4], acked)) for n in range(4)
    ]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    stored = store.events()
    assert [event.position for event in stored] == list(range(1, len(stored) + 1))
    assert seen == [event.position for event in stored]
    assert Counter(acked) == Counter((f"{e.stream}/{e.version}", e.position) for e in stored)
    assert len(stored) > 20_000


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
