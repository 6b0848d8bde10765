"""Keeps the parts of one machine running: starts them, starts a crashed one again, stops all."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final

from runtime.endings import NEVER_AGAIN

WATCH_S: Final = 0.1
"""How often it is looked whether everything runs."""

PAUSE_MAX_S: Final = 5.0
"""The longest wait before a part that keeps crashing is started again."""

STEADY_S: Final = 30.0
"""A part that ran this long is taken for healthy: its next crash is its first."""

_PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One process: its name, its command line and what it finds in its environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Server:
    """A program the parts rest on; no child of ours, so it has to be asked whether it runs."""

    name: str
    runs: Callable[[], bool]
    start: Callable[[], object]


@dataclass(slots=True)
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    started_at: float
    crashes: int = 0
    again_at: float | None = None


@dataclass(slots=True)
class Supervisor:
    """Runs parts in the order they are added and stops them in the reverse one.

    A server that is added runs already; when it ends it is started again, and nobody stops it.
    """

    say: Callable[[str], None]
    patience_s: float = 10.0
    """How long a part may take to end in good order before it is killed."""
    _added: SimpleQueue[Part | Server] = field(default_factory=SimpleQueue)
    _servers: list[Server] = field(default_factory=list)
    _running: list[_Running] = field(default_factory=list)

    def add(self, *more: Part | Server) -> None:
        """Keep these running too, from any thread; a part takes the place of its namesake."""
        for one in more:
            self._added.put(one)

    def run(self, stop: threading.Event) -> int:
        """Until ``stop`` is set: returns 0, or the code of a part that must not run again.

        It sets ``stop`` itself before it ends the parts, whatever the reason.

        Raises:
            Exception: what kept a server from being started again.
        """
        try:
            while not stop.is_set():
                self._begin_added()
                for server in self._servers:
                    self._tend(server)
                for running in self._running:
                    fatal = self._watch(running)
                    if fatal is not None:
                        return fatal
                stop.wait(WATCH_S)
            return 0
        finally:
            stop.set()
            self._end(self._running)

    def _begin_added(self) -> None:
        while not self._added.empty():
            added = self._added.get()
            if isinstance(added, Server):
                self._servers.append(added)
                continue
            self._end([one for one in self._running if one.part.name == added.name])
            self._running.append(_Running(added, _start(added), time.monotonic()))

    def _end(self, ending: Sequence[_Running]) -> None:
        """End parts: politely, then by force."""
        for running in reversed(ending):
            if running.process.poll() is None:
                running.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.patience_s
        for running in reversed(ending):
            try:
                running.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{running.part.name} did not stop in {self.patience_s:g} s; killed")
                running.process.kill()
                running.process.wait()
        self._running = [one for one in self._running if one not in ending]

    def _tend(self, server: Server) -> None:
        if not server.runs():
            self.say(f"{server.name} has ended; starting it again")
            server.start()
            self.say(f"{server.name} is running again")

    def _watch(self, running: _Running) -> int | None:
        code = running.process.poll()
        if code is None:
            return None
        name, now = running.part.name, time.monotonic()
        if running.again_at is None:
            # Whatever it lacks, starting it again does not bring it.
            if code == NEVER_AGAIN:
                self.say(f"{name} cannot run: see its message above")
                return code
            running.crashes = 1 if now - running.started_at > STEADY_S else running.crashes + 1
            pause_s = min(0.2 * 2 ** (running.crashes - 1), PAUSE_MAX_S)
            running.again_at = now + pause_s
            self.say(f"{name} ended with {_ending(code)}; starting it again in {pause_s:.1f} s")
        elif now >= running.again_at:
            running.process = _start(running.part)
            running.started_at, running.again_at = now, None
            self.say(f"{name} is running again (process {running.process.pid})")
        return None


def _start(part: Part) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C on the terminal reaches the supervisor alone, which then stops
    # the parts in order.
    return subprocess.Popen(list(part.command), env=dict(part.environment), start_new_session=True)


def _ending(code: int) -> str:
    return f"code {code}" if code >= 0 else signal.Signals(-code).name


def end_with(supervisor: int) -> None:
    """Ask the kernel to end this process when its supervisor does, however that ends.

    Raises:
        SystemExit: it has ended already.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        raise SystemExit(0)
