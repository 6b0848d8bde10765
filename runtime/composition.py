"""Puts the parts together; the only place that knows all of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from psycopg_pool import ConnectionPool

from aggregates.organization.api_key import API_KEY
from commands.carry_out import Desk, Memory
from commands.catalogue import HANDLERS
from commands.permissions import permit
from runtime.settings import Settings
from runtime.store.event_store import PostgresEventStore
from runtime.store.keyring import Keyring, MasterKeyFile
from runtime.store.migrate import migrate
from runtime.store.postgres import connection_pool
from runtime.store.recorder import ledger_recorder
from runtime.store.writer import Writer, writer_connection


def clock() -> datetime:
    """Now, aware UTC: the one clock of a process."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class KeyringPeople:
    """The commands' `People` on the keyring's blind index."""

    keyring: Keyring

    async def person(self, system: str, key: str) -> str:
        """The person another system knows as ``key``: the same random UUID every time."""
        return await asyncio.to_thread(self.keyring.person, system, key)


@dataclass(frozen=True, slots=True)
class LedgerAccess:
    """The doors' `Access`: API keys as the ledger has them."""

    memory: Memory

    async def key(self, key_id: str, *, fresh: bool = True) -> Any:
        """The state of the key.

        A command's own decision reads the key again and its version is confirmed when it is
        recorded, so what is in memory is enough there; anything else asks for a ``fresh`` one.
        """
        stream = API_KEY.stream(key_id)
        known = None if fresh else self.memory.known.get(stream)
        return (known or await self.memory.load(API_KEY, stream)).state


@dataclass(frozen=True, slots=True)
class System:
    """What a process that issues commands is made of."""

    settings: Settings
    database_url: str
    pool: ConnectionPool[Any]
    keyring: Keyring
    desk: Desk
    access: LedgerAccess


@contextmanager
def ledger_pool(settings: Settings, database_url: str, size: int) -> Iterator[ConnectionPool[Any]]:
    """Connections to the ledger, whose schema has been brought up to date."""
    migrate(database_url, settings.ledger, settings.zone.key)
    with connection_pool(database_url, settings.ledger, size=size) as pool:
        yield pool


def keyring(settings: Settings, pool: ConnectionPool[Any]) -> Keyring:
    """The keys of persons; the master key is made only while no person has a key yet."""
    with pool.connection() as connection:
        row = connection.execute("SELECT count(*) FROM person_key").fetchone()
    assert row is not None
    settings.master_key_file.parent.mkdir(parents=True, exist_ok=True)
    file = MasterKeyFile(settings.master_key_file)
    file.load(make=row[0] == 0)
    return Keyring(pool, file, settings.ledger)


@contextmanager
def system(settings: Settings, database_url: str) -> Iterator[System]:
    """The system of one process, with its writer running."""
    with ledger_pool(settings, database_url, size=8) as pool:
        keys = keyring(settings, pool)
        recorder = ledger_recorder(
            database_url,
            schema=settings.ledger,
            release=version("keyledger"),
            clock=clock,
        )
        writer = Writer(recorder, lambda: writer_connection(database_url, settings.ledger))
        store = PostgresEventStore(pool, writer, keys.seal)
        memory = Memory(store)
        writer.start()
        try:
            yield System(
                settings=settings,
                database_url=database_url,
                pool=pool,
                keyring=keys,
                desk=Desk(HANDLERS, permit, store, memory, KeyringPeople(keys)),
                access=LedgerAccess(memory),
            )
        finally:
            writer.stop()
            recorder.datastore.close()
