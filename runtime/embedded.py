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
from runtime.stopping import until_told
from runtime.supervisor import Part, Server, Supervisor

if TYPE_CHECKING:
    # Loaded where it is needed: `keyledger kafka status` does not need a database.
    from runtime.store.postgres import EmbeddedPostgres

Say = Callable[[str], None]

PARTS: Final = ("serve", "relay", "project", "react", "replays")


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

    A database or a broker whose address is given is used; it is neither started nor stopped.
    The API answers as soon as there is a database; Kafka and the parts that follow it come later.
    ``then`` runs beside them in a thread of its own and is handed what is set when all must end;
    what it raises ends everything. Returns 0, or the code of a part that cannot run.

    Raises:
        CannotRun: another process uses the same folder.
        PostgresUnavailable: no database can be had.
    """
    # Until something runs, either signal breaks off whatever is going on.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    supervisor = Supervisor(say)
    with ExitStack() as held:
        held.enter_context(_alone_in(settings.data))
        settings = _with_jars(settings, say)
        settings = _with_database(settings, supervisor, held, say)
        supervisor.add(part(settings, "serve"))
        stop = until_told()
        if _needs_broker(settings):
            # Before what starts it, which is waited for first.
            held.callback(embedded_broker(settings).stop)
        beside = held.enter_context(_beside(stop))
        beside(lambda: _follow(settings, supervisor, say))
        beside(lambda: then(stop))
        code = supervisor.run(stop)
        say("stopping")
    return code


def part(settings: Settings, name: str) -> Part:
    """A process of this machine, which ends when this one does."""
    told = {**os.environ, **environment(replace(settings, supervisor=os.getpid()))}
    # -P: a folder called `runtime` where the user happens to stand is not ours.
    return Part(name, (sys.executable, "-P", "-m", "runtime", name), told)


def _needs_broker(settings: Settings) -> bool:
    return settings.log == "kafka" and settings.kafka_bootstrap is None


def _with_jars(settings: Settings, say: Say) -> Settings:
    """Fetch Kafka while it can still be broken off; the settings that need none if that fails."""
    if _needs_broker(settings):
        try:
            embedded_broker(settings).fetch(say=say)
        except BrokerUnavailable as missing:
            return _without_broker(settings, missing, say)
    return settings


def _with_database(
    settings: Settings, supervisor: Supervisor, held: ExitStack, say: Say
) -> Settings:
    if settings.database_url is not None:
        return settings
    say("starting PostgreSQL")
    postgres = embedded_postgres(settings)
    # Before the start: what is broken off half-way has to be stopped as well.
    held.callback(postgres.stop)
    url = postgres.start()
    supervisor.add(Server("PostgreSQL", lambda: postgres.running() is not None, postgres.start))
    return replace(settings, database_url=url)


def _follow(settings: Settings, supervisor: Supervisor, say: Say) -> None:
    """Start the log and the parts that follow it."""
    given = settings
    if _needs_broker(settings):
        broker = embedded_broker(settings)
        try:
            settings = replace(settings, kafka_bootstrap=broker.start(say=say))
            supervisor.add(Server("Kafka", lambda: broker.status().running, broker.start))
        except BrokerUnavailable as missing:
            settings = _without_broker(settings, missing, say)
    if settings.log != given.log:
        supervisor.add(part(settings, "serve"))
    if settings.log == "kafka":
        supervisor.add(part(settings, "relay"))
    supervisor.add(*(part(settings, name) for name in ("project", "react", "replays")))


def _without_broker(settings: Settings, missing: BrokerUnavailable, say: Say) -> Settings:
    say(f"no Kafka: {missing}")
    say("going on without: the read models follow the store itself, as with --log store")
    return replace(settings, log="store")


@contextmanager
def _beside(stop: threading.Event) -> Iterator[Callable[[Callable[[], None]], None]]:
    """What runs work in a thread of its own; a failure sets ``stop`` and is raised in the end.

    Once ``stop`` is set all work is waited for, and what fails then fails because all ends.
    """
    failures: list[BaseException] = []

    def done(work: "Future[None]") -> None:
        failed = work.exception()
        if failed is not None and not stop.is_set():
            failures.append(failed)
            stop.set()

    with ThreadPoolExecutor() as threads:
        yield lambda work: threads.submit(work).add_done_callback(done)
    for failure in failures:
        raise failure


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
