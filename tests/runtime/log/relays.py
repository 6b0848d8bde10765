"""Relays in processes of their own, to be killed, stopped and set against each other.

They are forked off a server that has loaded everything once, so a new relay costs milliseconds.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

from runtime.log.guarded_producer import Deadlines, Doubt
from runtime.log.relay import Pace, Relay
from tests.runtime.log.facts import records
from tests.runtime.store.ledgers import Ledger

SOON_S: Final = 60.0
"""More than anything here takes."""

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

_FORKS: Final = get_context("forkserver")
_FORKS.set_forkserver_preload(["__main__", __name__])


@dataclass(frozen=True, slots=True)
class Killed:
    """A place to die at: the ``occurrence``-th time that ``step`` is reached."""

    step: str
    occurrence: int = 1
    doubts: bool = False
    """Whether the relay is made to doubt its first commit."""


def _relay(url: str, ledger: str, bootstrap: str, pace: Pace, killed: Killed | None) -> None:
    seen: list[str] = []

    def at(step: str) -> None:
        seen.append(step)
        if killed is None:
            return
        if step == killed.step and seen.count(step) == killed.occurrence:
            os.kill(os.getpid(), signal.SIGKILL)
        if killed.doubts and step == "R7" and seen.count(step) == 1:
            message = "the test says so"
            raise Doubt(message)

    Relay(url, ledger, bootstrap, pace=pace, at=at).run(threading.Event())


def start(
    store: Ledger, bootstrap: str, *, pace: Pace = BRISK, killed: Killed | None = None
) -> Any:
    """A relay in a process of its own."""
    process = _FORKS.Process(
        target=_relay, args=(store.url, store.name, bootstrap, pace, killed), daemon=True
    )
    process.start()
    return process


def end(process: Any) -> int:
    """Kill a relay and return its exit code."""
    process.kill()
    process.join()
    code: int = process.exitcode
    return code


@contextmanager
def running(store: Ledger, bootstrap: str, pace: Pace = BRISK) -> Iterator[Any]:
    """A relay that is killed in the end."""
    process = start(store, bootstrap, pace=pace)
    try:
        yield process
    finally:
        end(process)


def until(condition: Callable[[], bool], what: str, timeout_s: float = SOON_S) -> None:
    """Wait for ``condition``, but not for ever."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.01)


def published_to(store: Ledger) -> int:
    """What the relay has noted as published."""
    with store.connect() as connection:
        row = connection.execute("SELECT published_to FROM relay").fetchone()
    assert row is not None
    return int(row[0])


def head(store: Ledger) -> int:
    """The last position of the store."""
    with store.connect() as connection:
        row = connection.execute("SELECT n FROM log_head").fetchone()
    assert row is not None
    return int(row[0])


def catch_up(store: Ledger, bootstrap: str) -> None:
    """Let one relay publish everything there is."""
    with running(store, bootstrap):
        until(lambda: published_to(store) == head(store), "the log has everything")
