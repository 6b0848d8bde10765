"""The program `keyledger`: what it can be asked for, and how it ends."""

import sys
from typing import Final

import typer

from runtime.cli import (
    archiving,
    broker,
    days,
    importing,
    keys,
    parts,
    replaying,
    serving,
    status,
    what_if,
)
from runtime.endings import ending

app: Final = typer.Typer(
    name="keyledger",
    help="An event-sourced ledger of accounts, pipeline, partners and what they are owed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serving.serve)
app.command()(serving.demo)
app.command()(parts.relay)
app.command()(parts.project)
app.command()(parts.react)
app.command()(parts.replays)
app.command()(replaying.rebuild)
app.command()(replaying.verify)
app.command()(archiving.archive)
app.command()(status.status)
app.add_typer(importing.app, name="import")
app.add_typer(broker.app, name="kafka")
app.add_typer(keys.app, name="key")
app.add_typer(days.app, name="day")
app.add_typer(what_if.app, name="replay")


def main() -> None:
    """Run what the arguments ask for; what cannot be done ends in one sentence, not in a trace."""
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as wrong:
        end = ending(wrong)
        if end is None:
            raise
        sys.stderr.write(f"keyledger: {end.sentence}\n")
        raise SystemExit(end.code) from None


if __name__ == "__main__":
    main()
