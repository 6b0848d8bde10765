"""Connections to a ledger in the role that can only append, and the recorder on them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from eventsourcing.postgres import PostgresDatastore
from psycopg import AsyncConnection, Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composed, Identifier

from runtime.store.migrate import writer_role
from runtime.store.recorder import LedgerRecorder

LOCK_TIMEOUT_S: Final = 5
"""How long an append waits for another process's append before it gives up."""


class _LedgerDatastore(PostgresDatastore):
    """The library's connection pool, each connection in the role that can only append."""

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        configure = super().after_connect_func()
        schema = self.schema

        def after_connect(connection: Connection[Any]) -> None:
            configure(connection)
            as_writer(connection, schema)

        return after_connect


def ledger_recorder(
    database_url: str, *, schema: str, release: str, clock: Callable[[], datetime]
) -> LedgerRecorder:
    """The recorder of the ledger in ``schema``; ``release`` and ``clock`` go into the envelopes."""
    parts = conninfo_to_dict(database_url)
    datastore = _LedgerDatastore(
        dbname=str(parts.get("dbname") or "postgres"),
        host=str(parts.get("host") or "localhost"),
        port=str(parts.get("port") or 5432),
        user=str(parts.get("user") or "postgres"),
        password=str(parts.get("password") or ""),
        pool_size=1,
        max_overflow=3,
        lock_timeout=LOCK_TIMEOUT_S,
        schema=schema,
        originator_id_type="text",
        enable_db_functions=False,
    )
    recorder = LedgerRecorder(datastore, events_table_name="events")
    recorder.prepare(ledger=schema, release=release, clock=clock)
    return recorder


def as_writer(connection: Connection[Any], schema: str) -> None:
    """Let ``connection`` append to the ledger in ``schema`` and do nothing else."""
    for statement in _as_writer(schema):
        connection.execute(statement)


def writer_connection(database_url: str, schema: str) -> Connection[Any]:
    """A connection that can append to the ledger in ``schema`` and do nothing else."""
    connection = Connection.connect(database_url, autocommit=True)
    as_writer(connection, schema)
    return connection


async def writer_connection_async(database_url: str, schema: str) -> AsyncConnection[Any]:
    """The same for the running loop."""
    connection = await AsyncConnection.connect(database_url, autocommit=True)
    for statement in _as_writer(schema):
        await connection.execute(statement)
    return connection


def _as_writer(schema: str) -> tuple[SQL | Composed, ...]:
    return (
        SQL("SET search_path TO {}").format(Identifier(schema)),
        SQL("SET ROLE {}").format(Identifier(writer_role(schema))),
        SQL("SET lock_timeout = '{0}s'").format(LOCK_TIMEOUT_S),
        # Without it a crash loses what was answered already. Anything but off waits for this disk.
        SQL(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        ),
    )
