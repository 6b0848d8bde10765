"""`keyledger status`: how far everything has come, and whether a part is there."""

from typing import Annotated, Any, Literal

import typer

from runtime.cli.options import DataOption, settings_with

PartArgument = Annotated[
    Literal["serve", "relay", "project", "react", "replays"] | None,
    typer.Argument(help="Ask for one part only; exit code 1 when it is not there."),
]
_POSITIONS = """
    SELECT 'store', n FROM log_head
    UNION ALL SELECT 'relay', published_to FROM relay
    UNION ALL SELECT name, position FROM read_model WHERE state = 'current'
    UNION ALL SELECT name, position FROM reaction_cursor"""
_CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"


def status(part: PartArgument = None, data: DataOption = None) -> None:
    """Say how far store, relay and reactions are, and which parts are there."""
    from psycopg import connect
    from psycopg.sql import SQL, Identifier

    from runtime.composition import connection_name, database_of
    from runtime.embedded import PARTS, reached

    settings = reached(settings_with(data=data))
    with connect(database_of(settings, "status"), autocommit=True, connect_timeout=5) as found:
        there = {
            name: _count(found, connection_name(settings.ledger, name))
            for name in ([part] if part else PARTS)
        }
        for name, connections in there.items():
            typer.echo(f"{name}: {'running' if connections else 'not running'}")
        if part is None:
            found.execute(SQL("SET search_path TO {}").format(Identifier(settings.ledger)))
            for name, position in found.execute(_POSITIONS):
                typer.echo(f"{name}: position {position}")
    if not all(there.values()):
        raise typer.Exit(1)


def _count(database: Any, name: str) -> int:
    return int(database.execute(_CONNECTED, [name]).fetchone()[0])
