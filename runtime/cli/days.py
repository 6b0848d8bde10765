"""`keyledger day`: the ledger's days, which are closed when they are over."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final

import typer

from runtime.cli.options import DataOption, settings_with
from runtime.embedded import reached
from runtime.settings import Settings

if TYPE_CHECKING:
    # Loaded where it is needed: no other verb closes days.
    from readmodels.health_scores.closed_day import ClosedDay

app: Final = typer.Typer(help="The days of the ledger.", no_args_is_help=True)

_WAIT_S: Final = 60.0
"""How long the scores of the days are waited for."""


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
    """Close every day that is over, and say which and what each came to; returns how many."""
    from readmodels.health_scores.closed_day import READS, closed_day
    from readmodels.reading import head, reading, wait_for_position
    from readmodels.scope import COMPANY
    from runtime.composition import clock, database_of, system
    from runtime.reactor import DayCloser

    with system(settings, database_of(settings, "day")) as house:
        closer = DayCloser(house.desk, settings.ledger, settings.zone, clock)
        days = asyncio.run(closer.close_due())
        if not days:
            return 0
        with house.pool.connection() as connection:
            scored = wait_for_position(connection, READS, head(connection), _WAIT_S)
            with reading(connection, COMPANY):
                for day in days:
                    came_to = closed_day(connection, day.isoformat()) if scored else None
                    say(_sentence(day, came_to))
    return len(days)


def _sentence(day: date, came_to: "ClosedDay | None") -> str:
    from events.policies.scoring import POINT

    if came_to is None:
        return f"{day} is closed; its scores are there when `keyledger project` has come so far"
    if not came_to.bands:
        return f"{day} is closed; no scoring policy holds for any account"
    bands = ", ".join(f"{count} {band or 'not measured'}" for band, count in came_to.bands)
    worst = ", ".join(f"{account} {score / POINT:.2f}" for account, score in came_to.worst)
    told = f"{day} is closed: {sum(count for _, count in came_to.bands)} accounts, {bands}"
    if came_to.moved is not None:
        told += f"; {came_to.moved} in another band than the day before"
    return f"{told}; lowest: {worst}" if worst else told
