"""The adapters of the port `EventStore`, each empty and ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commands.ports import EventStore
from runtime.store.event_store import PostgresEventStore
from runtime.store.keyring import Keyring, MasterKeyFile
from runtime.store.postgres import connection_pool
from tests.runtime.store.ledgers import Ledger


@contextmanager
def postgres_event_store(url: str, name: str, folder: Path) -> Iterator[EventStore]:
    """The real one, on a ledger of its own."""
    ledger = Ledger(url, name)
    file = MasterKeyFile(folder / "master-key")
    file.load(make=True)
    with connection_pool(url, name) as pool, ledger.writer() as writer:
        yield PostgresEventStore(pool, writer, Keyring(pool, file, name).seal)
