"""One thread that writes whatever commands wait, in one transaction: group commit."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import psycopg
from psycopg import Connection, OperationalError

from commands.ports import Outcome, StoreUnavailable
from runtime.store.appending import as_writer
from runtime.store.entry import Entry
from runtime.store.recorder import LedgerRecorder

BATCH_MAX: Final = 2_000
"""No more is added to a batch of this many commands, so that a burst does not keep it waiting."""

GIVE_UP_S: Final = 10.0
"""How long a batch is tried again after a lost connection before its callers are told."""

_Waiting = tuple[Entry, "asyncio.Future[Outcome]"]


class Writer:
    """The writer thread of this process, with a connection of its own.

    A connection that fails after COMMIT was sent leaves open whether the batch was stored. The
    batch is run again: what was stored answers through its receipts, what was not is stored now.
    """

    def __init__(self, recorder: LedgerRecorder, connect: Callable[[], Connection[Any]]) -> None:
        self._recorder = recorder
        self._connect = connect
        self._gathered: list[_Waiting] = []
        self._queue: queue.SimpleQueue[list[_Waiting] | None] = queue.SimpleQueue()
        self._connection: Connection[Any] | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, entry: Entry) -> "asyncio.Future[Outcome]":
        """Queue ``entry``; the future is resolved on the running loop when it is durable.

        What one turn of the loop submits is handed over together: the clients a batch has just
        answered ask again in the same turn, and would otherwise be split over many batches.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        if not self._gathered:
            loop.call_soon(self._hand_over)
        self._gathered.append((entry, future))
        return future

    def _hand_over(self) -> None:
        gathered, self._gathered = self._gathered, []
        self._queue.put(gathered)

    def _run(self) -> None:
        while True:
            batch, last = self._take()
            if batch:
                self._answer(batch)
            if last:
                break
        if self._connection is not None:
            self._connection.close()

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Wait for commands, then take all that are there; true when it was the last time."""
        batch: list[_Waiting] = []
        found = self._queue.get()
        while found is not None:
            batch.extend(found)
            if len(batch) >= BATCH_MAX:
                return batch, False
            try:
                found = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _answer(self, batch: list[_Waiting]) -> None:
        outcomes: Sequence[Outcome | Exception]
        try:
            outcomes = self._write([entry for entry, _ in batch])
        except psycopg.Error as wrong:
            failure = StoreUnavailable(f"the store cannot be written: {type(wrong).__name__}")
            outcomes = [failure] * len(batch)
        # One callback for the whole batch: waking the loop costs more than resolving a future.
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Outcome], Any]]] = {}
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            by_loop.setdefault(future.get_loop(), []).append((future, outcome))
        for loop, answers in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_resolve, answers)

    def _write(self, entries: Sequence[Entry]) -> list[Outcome]:
        deadline = time.monotonic() + GIVE_UP_S
        pause_s = 0.01
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect()
                return self._recorder.record(self._connection, entries)
            except OperationalError:
                if self._connection is not None:
                    self._connection.close()
                    self._connection = None
                if time.monotonic() > deadline:
                    raise
                time.sleep(pause_s)
                pause_s = min(pause_s * 2, 1.0)


def _resolve(answers: list[tuple["asyncio.Future[Outcome]", Outcome | Exception]]) -> None:
    for future, outcome in answers:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def writer_connection(database_url: str, schema: str) -> Connection[Any]:
    """A connection that can append to the ledger in ``schema`` and do nothing else."""
    connection = psycopg.connect(database_url, autocommit=True)
    as_writer(connection, schema)
    return connection
