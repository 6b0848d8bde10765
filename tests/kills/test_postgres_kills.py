"""SIGKILL of PostgreSQL under load: the postmaster, then a backend (F-05)."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil
import psycopg
import pytest

from runtime.store.postgres import EmbeddedPostgres
from tests.history.checker import violations
from tests.history.dumps import sent_by_the_system
from tests.history.history import History
from tests.kills.clients import Clients
from tests.kills.parts import Parts
from tests.processes import until

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

POSTMASTERS: Final = 6
BACKENDS: Final = 4
SERVER: Final = "serve-1"


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server of the test's own."""
    server = EmbeddedPostgres(tmp_path / "postgres")
    yield server
    server.stop()


@pytest.fixture
def parts(own_postgres: EmbeddedPostgres, ledger: str, tmp_path: Path) -> Iterator[Parts]:
    found = Parts(own_postgres.start(), ledger, tmp_path)
    yield found
    found.close()


def kill_postmaster(server: EmbeddedPostgres) -> None:
    """As if the power had failed for PostgreSQL alone: nothing is written any more."""
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(pid), "the kernel has forgotten it")


def _kill_backend(parts: Parts) -> None:
    """The session that did something last; PostgreSQL ends all others and recovers by itself."""
    with psycopg.connect(parts.database_url) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
            "AND pid <> pg_backend_pid() ORDER BY state_change DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    os.kill(row[0], signal.SIGKILL)


async def _kill_often(parts: Parts, server: EmbeddedPostgres, clients: Clients) -> None:
    rng = random.Random(5)
    kinds = ["postmaster"] * POSTMASTERS + ["backend"] * BACKENDS
    rng.shuffle(kinds)
    async with clients.at_work():
        for kind in kinds:
            await clients.send(rng.randint(20, 80), parts.ports[SERVER])
            if kind == "postmaster":
                kill_postmaster(server)
                await asyncio.to_thread(server.start)
            else:
                await asyncio.to_thread(_kill_backend, parts)
            await clients.hear(20)


def test_a_killed_database_loses_nothing_that_was_answered(
    parts: Parts, own_postgres: EmbeddedPostgres
) -> None:
    """10 kills: the server recovers by itself, and so does the worker that kept running."""
    parts.start(SERVER)
    parts.wait_until_answering(SERVER)
    clients = Clients(parts.ledger, parts.folder / "admin-key", [parts.ports[SERVER]])
    asyncio.run(_kill_often(parts, own_postgres, clients))
    assert parts.running[SERVER].is_alive()
    store = parts.stored()
    history = History(calls=clients.calls, store=store, set_up=sent_by_the_system(store))
    assert violations(history) == []
    assert len(store) > 200


async def _kill_once(parts: Parts, server: EmbeddedPostgres, clients: Clients) -> None:
    async with clients.at_work():
        await clients.hear(200)
        kill_postmaster(server)
        await asyncio.to_thread(server.start)


def test_answers_wait_for_the_disk_whatever_the_database_is_set_to(
    parts: Parts, own_postgres: EmbeddedPostgres
) -> None:
    """A database set up to answer first and write later loses nothing that was answered."""
    with psycopg.connect(parts.database_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")
    parts.start(SERVER)
    parts.wait_until_answering(SERVER)
    clients = Clients(parts.ledger, parts.folder / "admin-key", [parts.ports[SERVER]])
    asyncio.run(_kill_once(parts, own_postgres, clients))
    store = parts.stored()
    history = History(calls=clients.calls, store=store, set_up=sent_by_the_system(store))
    assert violations(history) == []
    assert clients.answered > 200
