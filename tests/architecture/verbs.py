"""The verbs of the command line."""

from typer.main import get_command

from runtime.__main__ import app


def verbs() -> set[str]:
    """The names of the commands `keyledger` takes."""
    return set(getattr(get_command(app), "commands", {}))
