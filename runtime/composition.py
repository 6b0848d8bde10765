"""Puts the parts together; the only place that knows all of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from aggregates.decider import Decider
from aggregates.organization.api_key import API_KEY, live
from aggregates.organization.employee import EMPLOYEE, Active
from api.ports import Doors
from commands.carry_out import Desk, Memory
from commands.catalogue import HANDLERS
from commands.permissions import permit
from events.organization.api_key import ApiKeyIssued
from runtime.log.store_source import StoreSource
from runtime.portfolios import ReadPortfolios
from runtime.replays.asked import LedgerReplays
from runtime.settings import Settings, WrongSetting
from runtime.store.appending import ledger_recorder
from runtime.store.event_store import PostgresEventStore
from runtime.store.keyring import Keyring, MasterKeyFile
from runtime.store.ledger_pool import LedgerPool
from runtime.store.migrate import migrate
from runtime.store.postgres import connection_pool
from runtime.store.staff import ever_in
from runtime.store.writer import Writer
from runtime.webhooks.deliveries import Deliveries
from runtime.webhooks.messages import Messages
from runtime.webhooks.signing import WebhookSecrets

if TYPE_CHECKING:
    from runtime.log.kafka_source import KafkaSource


def clock() -> datetime:
    """Now, aware UTC: the one clock of a process."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LedgerPeople:
    """The commands' `People`: keys in the keyring's blind index, regions in the log."""

    keyring: Keyring
    pool: LedgerPool

    async def person(self, system: str, key: str) -> str:
        """The person another system knows as ``key``: the same random UUID every time."""
        return await asyncio.to_thread(self.keyring.person, system, key)

    async def ever_in(self, region_id: str) -> tuple[str, ...]:
        """Everybody who was ever hired for the region or moved to it, in order of their ids."""
        return await asyncio.to_thread(ever_in, self.pool, region_id)


@dataclass(frozen=True, slots=True)
class LedgerAccess:
    """The doors' `Access`: API keys as the ledger has them."""

    memory: Memory

    async def live_key(self, key_id: str, now: datetime, *, fresh: bool) -> ApiKeyIssued | None:
        """What the key was issued for; ``None`` when it does not work at ``now``.

        One that does not work is looked at again: another process may have issued it meanwhile.
        """
        found = await self._live_key(key_id, now, fresh=fresh)
        return found if found or fresh else await self._live_key(key_id, now, fresh=True)

    async def _live_key(self, key_id: str, now: datetime, *, fresh: bool) -> ApiKeyIssued | None:
        key = live(await self._state(API_KEY, key_id, fresh=fresh), now)
        if key is None or key.employee_id is None:
            return key
        owner = await self._state(EMPLOYEE, key.employee_id, fresh=fresh)
        return key if isinstance(owner, Active) else None

    async def _state(self, decider: Decider[Any, Any], identity: str, *, fresh: bool) -> Any:
        stream = decider.stream(identity)
        known = None if fresh else self.memory.known.get(stream)
        return (known or await self.memory.load(decider, stream)).state


@dataclass(frozen=True, slots=True)
class System:
    """What a process that issues commands is made of."""

    settings: Settings
    database_url: str
    pool: ConnectionPool[Any]
    keyring: Keyring
    desk: Desk
    access: LedgerAccess
    replays: LedgerReplays


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
def log_source(settings: Settings, database_url: str) -> Iterator["StoreSource | KafkaSource"]:
    """Where this process reads facts from, by the setting ``log``; for one thread.

    Raises:
        WrongSetting: it is to be Kafka, and no Kafka is named.
    """
    if settings.log == "store":
        with StoreSource(database_url, settings.ledger) as tail:
            yield tail
    else:
        # Loaded here: who does not read from Kafka starts a third of a second sooner.
        from runtime.log.kafka_source import KafkaSource

        with KafkaSource(bootstrap_of(settings), settings.ledger) as topic:
            yield topic


def database_of(settings: Settings, part: str) -> str:
    """The database to use, where ``part`` is seen among its connections.

    Raises:
        WrongSetting: none is named.
    """
    if settings.database_url is None:
        message = "KEYLEDGER_DATABASE_URL is not set; set it, or use: keyledger serve --embedded"
        raise WrongSetting(message)
    name = connection_name(settings.ledger, part)
    return make_conninfo(settings.database_url, application_name=name)


def connection_name(ledger: str, part: str) -> str:
    """What a part of a ledger calls its connections."""
    return f"keyledger {ledger} {part}"


def bootstrap_of(settings: Settings) -> str:
    """The Kafka to use.

    Raises:
        WrongSetting: none is named.
    """
    if settings.kafka_bootstrap is None:
        message = "KEYLEDGER_KAFKA_BOOTSTRAP is not set; set it, or set KEYLEDGER_LOG=store"
        raise WrongSetting(message)
    return settings.kafka_bootstrap


@contextmanager
def system(settings: Settings, database_url: str) -> Iterator[System]:
    """The system of one process."""
    with ledger_pool(settings, database_url, size=8) as pool:
        keys = keyring(settings, pool)
        recorder = ledger_recorder(
            database_url,
            schema=settings.ledger,
            release=version("keyledger"),
            clock=clock,
        )
        writer = Writer(recorder, database_url, settings.ledger)
        store = PostgresEventStore(pool, writer, keys.seal)
        memory = Memory(store)
        replays = LedgerReplays(LedgerPool(pool), clock, timedelta(days=settings.replay_days))
        try:
            yield System(
                settings=settings,
                database_url=database_url,
                pool=pool,
                keyring=keys,
                desk=Desk(
                    HANDLERS,
                    permit,
                    store,
                    memory,
                    LedgerPeople(keys, LedgerPool(pool)),
                    ReadPortfolios(LedgerPool(pool)),
                    replays,
                ),
                access=LedgerAccess(memory),
                replays=replays,
            )
        finally:
            writer.close()
            recorder.datastore.close()


def _request_ids() -> Iterator[str]:
    """Ids nobody else gives out: random bytes for each would cost more than the rest of a door."""
    process = uuid4().hex
    return (f"{process}-{number}" for number in count(1))


def doors(house: System) -> Doors:
    """What the API is made of."""
    return Doors(
        ledger=house.settings.ledger,
        zone=house.settings.zone,
        log=house.settings.log,
        desk=house.desk,
        access=house.access,
        pool=LedgerPool(house.pool),
        replays=house.replays,
        webhooks=Messages(
            Deliveries(LedgerPool(house.pool)), WebhookSecrets(house.settings.webhook_key_file)
        ),
        unseal=house.keyring.unseal,
        clock=clock,
        journal=structlog.get_logger("api"),
        new_id=_request_ids().__next__,
    )
