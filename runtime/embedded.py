"""The embedded mode: real servers on this machine, and every part under one supervisor."""

import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runtime.endings import CannotRun
from runtime.log.broker import Broker, BrokerUnavailable
from runtime.settings import Settings, environment
from runtime.supervisor import Part, Server, Supervisor

if TYPE_CHECKING:
    # Loaded where it is needed: `keyledger kafka status` does not need a database.
    from runtime.store.postgres import EmbeddedPostgres

Say = Callable[[str], None]

PARTS: Final = ("serve", "relay", "project", "react")


def embedded_broker(settings: Settings, port: int = 0) -> Broker:
    """The broker whose data are kept with everything else; ``port`` 0 keeps the one it has."""
    return Broker(settings.data / "kafka", port, settings.cache)


def embedded_postgres(settings: Settings) -> "EmbeddedPostgres":
    """The database whose data are kept with everything else."""
    from runtime.store.postgres import EmbeddedPostgres

    return EmbeddedPostgres(settings.data / "postgres")


def reached(settings: Settings) -> Settings:
    """The settings that lead to the servers: those that are named, else those that run here.

    A broker that does not run leaves the store's own tail, which has the same facts.

    Raises:
        CannotRun: no database is named and none runs on the data of this machine.
    """
    if settings.database_url is None:
        url = embedded_postgres(settings).running()
        if url is None:
            message = f"nothing runs on {settings.data}; start it, or set KEYLEDGER_DATABASE_URL"
            raise CannotRun(f"{message}, or give --data DIR")
        settings = replace(settings, database_url=url)
    if settings.log == "kafka" and settings.kafka_bootstrap is None:
        broker = embedded_broker(settings).status()
        if not broker.running:
            return replace(settings, log="store")
        settings = replace(settings, kafka_bootstrap=broker.bootstrap)
    return settings


def run_embedded(settings: Settings, say: Say, then: Callable[[threading.Event], None]) -> int:
    """Start the servers and the parts, and keep them running until SIGINT or SIGTERM.

    ``then`` runs beside them in a thread of its own and is handed what is set when all must end;
    what it raises ends everything. A database or a broker whose address is given is used; it is
    neither started nor stopped. Returns 0, or the code of a part that cannot run.

    Raises:
        CannotRun: another process uses the same folder.
        PostgresUnavailable: no database can be had.
    """
    # Until everything runs, either signal breaks off whatever is going on.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _servers(settings, say) as (running, servers):
        stop = until_told()
        aside: Future[None] = Future()
        threading.Thread(target=_aside, args=(then, stop, aside), daemon=True).start()
        code = Supervisor(parts(running), servers, say).run(stop)
        # What breaks off because all ends is no failure.
        failed = aside.exception() if aside.done() else None
        stop.set()
        say("stopping")
    if failed is not None:
        raise failed
    return code


def _aside(
    then: Callable[[threading.Event], None], stop: threading.Event, told: "Future[None]"
) -> None:
    try:
        then(stop)
    except Exception as failed:  # noqa: BLE001 - the main thread raises it again
        if not stop.is_set():
            told.set_exception(failed)
            stop.set()


@contextmanager
def _servers(settings: Settings, say: Say) -> Iterator[tuple[Settings, list[Server]]]:
    """Run the servers no address is given for; the settings that lead to them."""
    with ExitStack() as held:
        held.enter_context(_alone_in(settings.data))
        servers: list[Server] = []
        with ThreadPoolExecutor(1) as beside:
            database: Future[str] | None = None
            if settings.database_url is None:
                say("starting PostgreSQL")
                postgres = embedded_postgres(settings)
                database = beside.submit(postgres.start)
                held.callback(_stop_started, database, postgres)
                servers.append(
                    Server("PostgreSQL", lambda: postgres.running() is not None, postgres.start)
                )
            settings = _with_log(settings, servers, held, say)
        if database is not None:
            settings = replace(settings, database_url=database.result())
        yield settings, servers


def parts(settings: Settings) -> list[Part]:
    """The processes of one machine in the order they start; without Kafka there is no relay."""
    told = {**os.environ, **environment(replace(settings, supervisor=os.getpid()))}
    # -P: a folder called `runtime` where the user happens to stand is not ours.
    program = (sys.executable, "-P", "-m", "runtime")
    return [
        Part(name, (*program, name), told)
        for name in PARTS
        if name != "relay" or settings.log == "kafka"
    ]


def until_told() -> threading.Event:
    """What SIGINT and SIGTERM set from now on, instead of breaking off whatever is going on.

    It stays so: a second Ctrl-C must not break off the stopping that the first one asked for.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _with_log(settings: Settings, servers: list[Server], held: ExitStack, say: Say) -> Settings:
    if settings.log == "store" or settings.kafka_bootstrap is not None:
        return settings
    broker = embedded_broker(settings)
    try:
        # Before the start: what is broken off half-way has to be stopped as well.
        held.callback(broker.stop)
        bootstrap = broker.start(say=say)
    except BrokerUnavailable as missing:
        say(f"no Kafka: {missing}")
        say("going on without: the read models follow the store itself, as with --log store")
        return replace(settings, log="store")
    servers.append(Server("Kafka", lambda: broker.status().running, broker.start))
    return replace(settings, kafka_bootstrap=bootstrap)


def _stop_started(database: "Future[str]", postgres: "EmbeddedPostgres") -> None:
    if database.exception() is None:
        postgres.stop()


@contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    """Hold ``data`` against a second supervisor; a lock that ends with this process."""
    data.mkdir(parents=True, exist_ok=True)
    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another keyledger runs on {data}; stop it, or give another --data DIR"
            raise CannotRun(message) from None
        yield
    finally:
        os.close(handle)
