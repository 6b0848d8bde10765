"""`keyledger day`: the ledger's days, which are closed when they are over."""

import asyncio
from collections.abc import Callable
from typing import Final

import typer

from runtime.cli.options import DataOption, settings_with
from runtime.embedded import reached
from runtime.settings import Settings

app: Final = typer.Typer(help="The days of the ledger.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Without this, a group of one verb would be that verb."""


@app.command()
def close(data: DataOption = None) -> None:
    """Close every day that is over and not closed yet, the first one of a new ledger too.

    `react` does the same as days end. With KEYLEDGER_FIRST_DAY=later it leaves the first one to
    this: to whoever knows when all history has been imported.
    """
    if not closed_now(reached(settings_with(data=data)), typer.echo):
        typer.echo("no day is over that is not closed")


def closed_now(settings: Settings, say: Callable[[str], None]) -> int:
    """Close every day that is over, and say which; returns how many."""
    from runtime.composition import clock, database_of, system
    from runtime.reactor import DayCloser

    with system(settings, database_of(settings, "day")) as house:
        closer = DayCloser(house.desk, settings.ledger, settings.zone, clock)
        days = asyncio.run(closer.close_due())
    for day in days:
        say(f"{day} is closed")
    return len(days)
