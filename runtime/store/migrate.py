"""Brings a ledger's schema to this release's shape, one numbered SQL file after the other."""

from pathlib import Path
from typing import Any, Final

from psycopg import Connection, connect, sql

from readmodels.guards import reader_role

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6B65796C
"""Advisory lock: two processes that start together do not migrate together."""


class WrongLedger(Exception):  # noqa: N818 - says what to do
    """The database holds something this release cannot serve; the message says what to do."""


def writer_role(schema: str) -> str:
    """The database role that appends to the ledger in ``schema``."""
    return f"keyledger_{schema}_writer"


def migrate(database_url: str, schema: str, zone: str) -> tuple[str, ...]:
    """Apply what is missing, each file in a transaction of its own; returns the names applied.

    Raises:
        WrongLedger: the schema was made by a newer release, or for another zone.
    """
    applied = []
    with connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        _prepare(connection, schema)
        done = _done(connection)
        files = sorted(MIGRATIONS.glob("*.sql"))
        unknown = done - {file.name for file in files}
        if unknown:
            message = f"the schema {schema} was made by a newer release ({max(unknown)})"
            raise WrongLedger(f"{message}; upgrade keyledger or choose another KEYLEDGER_LEDGER")
        for file in files:
            if file.name not in done:
                _apply(connection, file, schema)
                applied.append(file.name)
        _fix_ledger(connection, schema, zone)
    return tuple(applied)


def _prepare(connection: Connection[Any], schema: str) -> None:
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, "
        "applied_at timestamptz NOT NULL DEFAULT now())"
    )


def _done(connection: Connection[Any]) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM migration")}


def _apply(connection: Connection[Any], file: Path, schema: str) -> None:
    text = file.read_text()
    writer, reader = writer_role(schema), reader_role(schema)
    for name, value in (
        ("{schema}", sql.Identifier(schema)),
        ("{writer}", sql.Identifier(writer)),
        ("{writer_text}", sql.Literal(writer)),
        ("{reader}", sql.Identifier(reader)),
        ("{reader_text}", sql.Literal(reader)),
    ):
        text = text.replace(name, value.as_string(connection))
    with connection.transaction():
        connection.execute(text.encode())
        connection.execute("INSERT INTO migration (name) VALUES (%s)", [file.name])


def _fix_ledger(connection: Connection[Any], schema: str, zone: str) -> None:
    connection.execute(
        "INSERT INTO ledger (id, name, zone) VALUES (1, %s, %s) ON CONFLICT DO NOTHING",
        [schema, zone],
    )
    row = connection.execute("SELECT zone FROM ledger").fetchone()
    assert row is not None
    if row[0] != zone:
        message = f"the ledger {schema} was made for the zone {row[0]}, not {zone}"
        raise WrongLedger(f"{message}; set KEYLEDGER_ZONE={row[0]}: a date means its local day")
