"""Options that several verbs take, and the settings they overrule."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.endings import CannotRun
from runtime.settings import Settings, settings

if TYPE_CHECKING:
    # Loaded where it is needed: an HTTP client takes longer than most verbs.
    from runtime.importing.driving import HttpCommands

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Where data are kept. [KEYLEDGER_DATA, .keyledger]"),
]
PortOption = Annotated[int | None, typer.Option("--port", help="The port. [KEYLEDGER_PORT, 8080]")]
LogOption = Annotated[
    str | None,
    typer.Option("--log", help="What read models follow: kafka or store. [KEYLEDGER_LOG, kafka]"),
]
UrlOption = Annotated[
    str | None, typer.Option("--url", help="The server. [KEYLEDGER_HOST and KEYLEDGER_PORT]")
]
ApiKeyOption = Annotated[
    str | None, typer.Option("--api-key", help="An API key. [the file admin-key in KEYLEDGER_DATA]")
]


def settings_with(
    *,
    data: Path | None = None,
    port: int | None = None,
    log: str | None = None,
    log_level: str | None = None,
) -> Settings:
    """The settings of the environment, overruled by the options that were given.

    Raises:
        WrongSetting: one of them cannot be used.
    """
    options = {"DATA": data, "PORT": port, "LOG": log, "LOG_LEVEL": log_level}
    given = {
        f"KEYLEDGER_{name}": str(value) for name, value in options.items() if value is not None
    }
    return settings({**os.environ, **given})


def door(url: str | None, api_key: str | None) -> "HttpCommands":
    """The public door of a running server; closed by leaving it as a context.

    Raises:
        CannotRun: no API key is given, and there is no file with the first administrator's.
    """
    from runtime.importing.driving import HttpCommands

    given = settings_with()
    return HttpCommands(url or given.url, api_key or admin_key(given))


def admin_key(given: Settings) -> str:
    """The first administrator's key, as it was left on this machine.

    Raises:
        CannotRun: there is no such file.
    """
    try:
        return given.admin_key_file.read_text().strip()
    except FileNotFoundError:
        message = f"there is no {given.admin_key_file}; give --api-key, or set KEYLEDGER_DATA"
        raise CannotRun(message) from None
