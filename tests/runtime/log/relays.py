"""Relays in processes of their own, to be killed, stopped and set against each other.

They are forked off a server that has loaded everything once, so a new relay costs milliseconds.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, LiteralString

import psutil

from runtime.log.broker import Broker
from runtime.log.guarded_producer import Deadlines, Doubt
from runtime.log.relay import UNSURE, Pace, Relay
from tests.processes import FORKS, until
from tests.runtime.store.ledgers import Ledger

BRISK: Final = Pace(
    facts=50,
    lead=0.02,
    settle=20,
    verify=5,
    lease=2,
    again=0.02,
    deadlines=Deadlines(delivery=3, request=2, transaction=4, init=10, commit=5),
)
"""Small transactions and short deadlines: more can go wrong in less time."""

PATIENT: Final = replace(BRISK, lease=30)
"""Keeps the lead while the broker is away."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A signal the relay sends itself the ``occurrence``-th time that it reaches ``step``."""

    step: str
    occurrence: int = 1
    signal: int = signal.SIGKILL
    doubts: bool = False
    """Whether the relay is made to doubt its first commit."""


def _relay(url: str, ledger: str, bootstrap: str, pace: Pace, hit: Hit | None) -> None:
    seen: list[str] = []

    def at(step: str) -> None:
        seen.append(step)
        if hit is None:
            return
        if step == hit.step and seen.count(step) == hit.occurrence:
            os.kill(os.getpid(), hit.signal)
        if hit.doubts and step == "R7" and seen.count(step) == 1:
            message = "the test says so"
            raise Doubt(message)

    Relay(url, ledger, bootstrap, pace=pace, at=at).run(threading.Event())


def forked(target: Callable[..., None], *arguments: Any) -> Any:
    """A process of its own that runs ``target``."""
    process = FORKS.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def start(store: Ledger, bootstrap: str, *, pace: Pace = BRISK, hit: Hit | None = None) -> Any:
    """A relay in a process of its own."""
    return forked(_relay, store.url, store.name, bootstrap, pace, hit)


def end(process: Any) -> int:
    """Kill a relay and return its exit code."""
    process.kill()
    process.join()
    code: int = process.exitcode
    return code


@contextmanager
def kept(store: Ledger, bootstrap: str, pace: Pace = BRISK) -> Iterator[Callable[[], bool]]:
    """A relay that is started again whenever it has ended itself.

    What is yielded tells whether more has been published since the last time it told so.
    """
    process = start(store, bootstrap, pace=pace)
    before = published_to(store)

    def goes_on() -> bool:
        nonlocal process, before
        if not process.is_alive():
            assert process.exitcode == UNSURE
            process = start(store, bootstrap, pace=pace)
        now = published_to(store)
        progress, before = now > before, now
        return progress

    try:
        yield goes_on
    finally:
        end(process)


def is_stopped(process: Any) -> bool:
    """Whether the process has been stopped, or was a moment ago."""
    return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


@contextmanager
def running(store: Ledger, bootstrap: str, pace: Pace = BRISK) -> Iterator[Any]:
    """A relay that is killed in the end."""
    process = start(store, bootstrap, pace=pace)
    try:
        yield process
    finally:
        end(process)


def has_doubted(store: Ledger, before: int) -> bool:
    """Whether a relay has started over since ``before``, a number of leaderships."""
    return epoch(store) > before


def has_all(store: Ledger, goes_on: Callable[[], bool]) -> bool:
    """Whether everything is published; ``goes_on`` is what :func:`kept` yields."""
    goes_on()
    return published_to(store) == head(store)


@contextmanager
def paused(broker: Broker) -> Iterator[None]:
    """The broker answers nothing meanwhile."""
    broker.pause()
    try:
        # On a busy machine some of its threads go on for a while.
        until(partial(is_stopped, broker.status()), "the broker has stopped")
        yield
    finally:
        broker.resume()


def published_to(store: Ledger) -> int:
    """What the relay has noted as published."""
    return _number(store, "SELECT published_to FROM relay")


def epoch(store: Ledger) -> int:
    """How many leaderships there have been."""
    return _number(store, "SELECT epoch FROM relay")


def head(store: Ledger) -> int:
    """The last position of the store."""
    return _number(store, "SELECT n FROM log_head")


def _number(store: Ledger, query: LiteralString) -> int:
    with store.connect() as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def catch_up(store: Ledger, bootstrap: str) -> None:
    """Let one relay publish everything there is."""
    with running(store, bootstrap):
        until(lambda: published_to(store) == head(store), "the log has everything")
