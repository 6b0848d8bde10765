"""Connections to the ledger for whoever answers: a database that is away is an answer as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import OperationalError
from psycopg_pool import ConnectionPool

from commands.ports import StoreUnavailable

POOL_WAIT_S: Final = 5.0
"""How long it waits for a connection."""


@dataclass(frozen=True, slots=True)
class LedgerPool:
    """The doors' `Pool`: a database that is away is an answer, not an accident."""

    pool: ConnectionPool[Any]

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection, given back at the end of the block.

        Raises:
            StoreUnavailable: PostgreSQL could not be reached, or was lost on the way.
        """
        try:
            with self.pool.connection(timeout=POOL_WAIT_S) as connection:
                yield connection
        except OperationalError as lost:
            message = f"the store cannot be read: {type(lost).__name__}"
            raise StoreUnavailable(message) from lost
