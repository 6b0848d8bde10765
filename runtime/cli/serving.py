"""`keyledger serve` and `keyledger demo`: the API alone, or everything on this machine."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from runtime.cli.options import DataOption, LogOption, PortOption, settings_with
from runtime.cli.parts import begin
from runtime.embedded import reached, run_embedded
from runtime.endings import CannotRun
from runtime.settings import Settings
from runtime.stopping import until_told

_BACKLOG: Final = 2_048
_DRAIN_S: Final = 5
"""How long requests may take to end once the server is told to stop."""

_POLL_S: Final = 0.05

EmbeddedOption = Annotated[
    bool, typer.Option("--embedded", help="Run PostgreSQL, Kafka and every part on this machine.")
]


def serve(
    embedded: EmbeddedOption = False,
    data: DataOption = None,
    port: PortOption = None,
    log: LogOption = None,
) -> None:
    """Answer HTTP; with --embedded, run all there is to it as well."""
    settings = settings_with(data=data, port=port, log=log)
    if embedded:
        _run_all(settings, _say_where)
    else:
        _serve(settings)


def demo(
    data: DataOption = None,
    port: PortOption = None,
    log: LogOption = None,
    history: Annotated[
        Path | None,
        typer.Option(help="A CRM Sales Opportunities data set to begin with, not a made-up one."),
    ] = None,
) -> None:
    """Run everything on this machine with a year of business in it; Ctrl-C stops it."""
    from runtime.cli.days import closed_now
    from runtime.cli.sample import load_sample, what_to_try

    def load(settings: Settings, stop: threading.Event) -> None:
        examples = load_sample(settings, stop, typer.echo, history)
        if examples is not None:
            closed_now(reached(settings), typer.echo)
        # What is printed next is tried at once: it has to be answered by then.
        if examples is not None and wait_for(settings, stop, _is_current):
            typer.echo(what_to_try(settings, examples))

    given = settings_with(data=data, port=port, log=log, log_level="warning")
    # Days begin when the year is in: it is scored by what is known of all of it.
    _run_all(replace(given, first_day="later"), load)


def _run_all(settings: Settings, then: Callable[[Settings, threading.Event], None]) -> None:
    with listening(settings):
        """Whether the port is free is known before anything is started."""

    def when_ready(stop: threading.Event) -> None:
        if wait_for(settings, stop, lambda _: True):
            then(settings, stop)

    code = run_embedded(settings, typer.echo, when_ready)
    typer.echo("stopped")
    raise typer.Exit(code)


def _say_where(settings: Settings, _: threading.Event) -> None:
    typer.echo(f"ready at {settings.url}, the administrator's key in {settings.admin_key_file}")


def _serve(settings: Settings) -> None:
    begin(settings, "serve")
    import uvicorn

    from api.app import create_app
    from runtime.composition import clock, database_of, doors, system
    from runtime.credentials import ensure_admin_key

    database = database_of(settings, "serve")
    # The server raises the signal that stopped it once more when it has stopped: it must not end
    # the process before the writer has ended in good order.
    until_told()
    with listening(settings) as door, system(settings, database) as house:
        asyncio.run(
            ensure_admin_key(
                house.desk,
                ledger=settings.ledger,
                zone=settings.zone,
                file=settings.admin_key_file,
                now=clock(),
            )
        )
        config = uvicorn.Config(
            create_app(doors(house)),
            loop="uvloop",
            http="httptools",
            ws="none",
            backlog=_BACKLOG,
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_S,
        )
        uvicorn.Server(config).run(sockets=[door])


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the host and port of the settings.

    Raises:
        CannotRun: another program has the port, or the host is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except OSError as taken:
            where = f"port {settings.port} of {settings.host}"
            message = f"{where} cannot be had ({taken.strerror}); give another --port"
            raise CannotRun(message) from taken
        yield door


def _is_current(health: Mapping[str, Any]) -> bool:
    return (health["status"], health["lag"]) == ("ok", 0)


def wait_for(
    settings: Settings, stop: threading.Event, ready: Callable[[Mapping[str, Any]], bool]
) -> bool:
    """Wait until the server answers and its health is ``ready``; false when ``stop`` came first."""
    import httpx

    with httpx.Client(base_url=settings.url, timeout=5) as client:
        while not stop.is_set():
            try:
                answer = client.get("/v1/health")
                if answer.status_code == httpx.codes.OK and ready(answer.json()):
                    return True
            except httpx.TransportError:
                """It does not listen yet."""
            stop.wait(_POLL_S)
    return False
