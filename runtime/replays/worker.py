"""Carries out the replays that were asked for, one at a time."""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from psycopg import InterfaceError, OperationalError

from aggregates.refusals import Refusal
from replay.background import Doing, Failure, Progress
from runtime.endings import ending
from runtime.replays.queue import Answered, Queue, Taken

LOOK_S: Final = 0.5
"""How often it is looked whether somebody asks for one."""

_TIDY_S: Final = 600.0
_UNKNOWN: Final = "something went wrong; it has been noted"


class CarryOut(Protocol):
    """What finds the answer to a question."""

    def __call__(
        self,
        taken: Taken,
        workplace: Path,
        progress: Callable[[Doing, int, int], None],
        stop: Callable[[], bool],
    ) -> Answered | None:
        """The answer; ``None`` where ``stop`` came first. Begun anew it goes on where it was.

        What it needs again for that is in the folder ``workplace``, which is there.

        Raises:
            Refusal: the question cannot be answered.
        """


@dataclass(slots=True)
class _Pace:
    """How many a second, from the first that was said on: what was done before does not count."""

    begun: dict[Doing, tuple[float, int]] = field(default_factory=dict)

    def rate(self, doing: Doing, done: int) -> float | None:
        now = time.monotonic()
        since, before = self.begun.setdefault(doing, (now, done))
        return (done - before) / (now - since) if done > before and now > since else None


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes up one replay after the other; whoever is told to stop leaves it for the next to go on.

    Each has a folder of its own in ``folder``, in which one worker is at a time; further ones wait
    there to take its place.
    """

    queue: Queue
    folder: Path
    carry_out: CarryOut
    journal: Any
    _tidied: list[float] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """Carry out whatever is asked for, until ``stop``."""
        with _alone_in(self.folder, stop):
            while not stop.is_set():
                self._tidy()
                if not self.carry_out_next(stop):
                    stop.wait(LOOK_S)

    def carry_out_next(self, stop: threading.Event) -> bool:
        """Carry out the first that waits, if one does."""
        taken = self.queue.take()
        if taken is None:
            return False
        try:
            self._carry_out(taken, stop)
        finally:
            self.queue.let_go(taken.replay_id)
        return True

    def _carry_out(self, taken: Taken, stop: threading.Event) -> None:
        workplace, pace = self.folder / taken.replay_id, _Pace()
        workplace.mkdir(parents=True, exist_ok=True)

        def progress(doing: Doing, done: int, total: int) -> None:
            rate = pace.rate(doing, done)
            self.queue.move(taken, Progress(doing=doing, done=done, total=total, rate=rate))
            self.queue.at("moved")

        def is_over() -> bool:
            return stop.is_set() or not self.queue.is_ours(taken)

        self.journal.info("replay_taken_up", replay=taken.replay_id, attempt=taken.attempt)
        try:
            answered = self.carry_out(taken, workplace, progress, is_over)
        except (OperationalError, InterfaceError):
            raise  # Whoever has no database can say nothing about a replay.
        except Exception as wrong:  # noqa: BLE001 - an edge: what is not told here is told nowhere
            self.queue.fail(taken, self._failure(taken, wrong))
        else:
            if answered is not None:
                self.queue.finish(taken, answered)
            elif stop.is_set() and self.queue.is_ours(taken):
                self.queue.put_back(taken)
                return
        shutil.rmtree(workplace, ignore_errors=True)

    def _failure(self, taken: Taken, wrong: Exception) -> Failure:
        if isinstance(wrong, Refusal):
            return Failure(wrong.rule, wrong.detail, wrong.field)
        self.journal.exception("replay_failed", replay=taken.replay_id)
        known = ending(wrong)
        if known is None:
            return Failure("internal", _UNKNOWN, None)
        return Failure("cannot-run", known.sentence, None)

    def _tidy(self) -> None:
        """Forget what has been kept for long enough, and drop folders that are of no use."""
        now = time.monotonic()
        if self._tidied and now < self._tidied[-1] + _TIDY_S:
            return
        self._tidied[:] = [now]
        self.queue.forget()
        needed = self.queue.open_ids()
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder.name not in needed:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path, stop: threading.Event) -> Iterator[None]:
    """Wait until no other process works in ``folder``; the lock ends with this process."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not stop.is_set():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stop.wait(LOOK_S)
        yield
    finally:
        os.close(handle)
