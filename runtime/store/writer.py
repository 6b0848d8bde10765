"""Writes whatever commands wait in one transaction: group commit."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection, Connection, OperationalError
from psycopg.errors import UniqueViolation

from commands.ports import Outcome, StoreUnavailable
from runtime.store.appending import writer_connection, writer_connection_async
from runtime.store.entry import Entry
from runtime.store.recorder import STORE, LedgerRecorder

BATCH_MAX: Final = 2_000
"""So many commands go into a batch, so that a burst does not keep the first of it waiting."""

GIVE_UP_S: Final = 10.0
"""How long a batch is tried again after a lost connection before its callers are told."""

_Waiting = tuple[Entry, "asyncio.Future[Outcome]"]


class Writer:
    """The writer of this process, a task of the loop while there is something to write.

    A thread of its own would have to be given the interpreter for each step, by a loop that has
    plenty to do. One waits only to look at what others wrote, which is not the usual case.

    A connection that fails after COMMIT was sent leaves open whether the batch was stored. The
    batch is run again: what was stored answers through its receipts, what was not is stored now.
    """

    def __init__(self, recorder: LedgerRecorder, database_url: str, schema: str) -> None:
        self._recorder = recorder
        self._database_url = database_url
        self._schema = schema
        self._waiting: list[_Waiting] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._storing: AsyncConnection[Any] | None = None
        self._looking: Connection[Any] | None = None

    def submit(self, entry: Entry) -> "asyncio.Future[Outcome]":
        """Queue ``entry``; the future is resolved on the running loop when it is durable.

        What is submitted while a batch is under way is written together in the next one.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # What was under way on a loop that has ended was told so by that loop.
            self.close()
            self._loop, self._task, self._waiting = loop, None, []
        future: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append((entry, future))
        if self._task is None:
            self._task = loop.create_task(self._run())
        return future

    def close(self) -> None:
        """Give the connections back."""
        if self._storing is not None:
            # Its loop may have ended; there is nothing to wait for.
            self._storing.pgconn.finish()
        if self._looking is not None:
            self._looking.close()
        self._storing = self._looking = None

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[:BATCH_MAX]
                self._waiting = self._waiting[BATCH_MAX:]
                await self._answer(batch)
        finally:
            self._task = None

    async def _answer(self, batch: list[_Waiting]) -> None:
        try:
            outcomes = await self._write([entry for entry, _ in batch])
        except psycopg.Error as wrong:
            failure = StoreUnavailable(f"the store cannot be written: {type(wrong).__name__}")
            _fail(batch, failure)
        except Exception as wrong:  # noqa: BLE001 - each caller is told, and none waits for ever
            _fail(batch, wrong)
        else:
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)

    async def _write(self, entries: Sequence[Entry]) -> list[Outcome]:
        deadline = time.monotonic() + GIVE_UP_S
        pause_s = 0.01
        while True:
            try:
                return await self._record(entries)
            except OperationalError:
                self.close()
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 1.0)

    async def _record(self, entries: Sequence[Entry]) -> list[Outcome]:
        foreseen = self._recorder.foresee(entries)
        if foreseen is not None:
            if self._storing is None:
                self._storing = await writer_connection_async(self._database_url, self._schema)
            try:
                stored = await self._storing.execute(STORE, foreseen.parameters, prepare=True)
                if stored.rowcount:
                    return self._recorder.came_true(foreseen)
            except UniqueViolation:
                """Looking tells of what."""
        return await asyncio.to_thread(self._look_and_record, entries)

    def _look_and_record(self, entries: Sequence[Entry]) -> list[Outcome]:
        if self._looking is None:
            self._looking = writer_connection(self._database_url, self._schema)
        return self._recorder.look_and_record(self._looking, entries)


def _fail(batch: list[_Waiting], why: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(why)
