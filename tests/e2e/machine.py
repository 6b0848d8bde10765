"""A whole keyledger on this machine, as a user starts and stops it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from runtime.embedded import PARTS
from runtime.log.loopback import free_port
from tests.processes import SOON_S, until


@dataclass(slots=True)
class Machine:
    """One start of ``keyledger`` on ``data``."""

    data: Path
    arguments: tuple[str, ...] = ("serve", "--embedded")
    port: int = field(default_factory=lambda: free_port(besides=0))
    ready_s: float = 0.0
    """How long it took until health answered, less what the machine did for others meanwhile."""
    _process: subprocess.Popen[bytes] | None = None
    _seen: dict[int, psutil.Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it has told its user so far."""
        return (self.data.parent / f"{self.data.name}.said").read_text()

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def start(self, *options: str) -> None:
        """Start it and wait until it answers."""
        began, busy = time.monotonic(), _busy_s()
        words = ("--data", str(self.data), "--port", str(self.port), *options)
        told = {name: text for name, text in os.environ.items() if name != "KEYLEDGER_LOG"}
        with (self.data.parent / f"{self.data.name}.said").open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "runtime", *self.arguments, *words],
                stdout=said,
                stderr=said,
                env=told,
                start_new_session=True,
            )
        until(self._answers, "it answers", timeout_s=120)
        took_s = time.monotonic() - began
        own_s = sum(_cpu_s(one) for one in (self.process, *self.look().values()))
        others_s = max(0.0, _busy_s() - busy - own_s) / (psutil.cpu_count() or 1)
        self.ready_s = max(0.0, took_s - others_s)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.said
        try:
            return httpx.get(f"{self.url}/v1/health").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def look(self) -> dict[str, psutil.Process]:
        """Everything that runs now, by name; what was ever seen must be gone in the end."""
        found = {part: self._part(part) for part in PARTS}
        found["postgres"] = self._from(self.data / "postgres" / "postmaster.pid")
        found["kafka"] = self._from(self.data / "kafka" / "broker.pid")
        there = {name: one for name, one in found.items() if one is not None}
        for one in (self.process, *there.values()):
            with suppress(psutil.NoSuchProcess):
                self._seen |= {one.pid: one} | {child.pid: child for child in one.children()}
        return there

    def _part(self, name: str) -> psutil.Process | None:
        for child in self.process.children():
            with suppress(psutil.NoSuchProcess):
                if child.cmdline()[-1:] == [name]:
                    return child
        return None

    def _from(self, file: Path) -> psutil.Process | None:
        try:
            return psutil.Process(int(file.read_text().splitlines()[0]))
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None

    def kill(self, name: str) -> None:
        """Kill a part or a server and wait until another one runs in its place."""
        killed = self.look()[name]
        killed.send_signal(signal.SIGKILL)

        def replaced() -> bool:
            now = self.look().get(name)
            return now is not None and now != killed

        until(replaced, f"another {name} runs")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Tell it to stop; returns its exit code."""
        self.look()
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(SOON_S)

    def left(self) -> list[psutil.Process]:
        """What still runs of all that was ever seen."""
        _, alive = psutil.wait_procs(self._seen.values(), timeout=5)
        return [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> Any:
        """What ``path`` answers the first administrator."""
        return self._answer("GET", path, dict(headers or {}))

    def command(self, name: str, key: str, body: Mapping[str, object]) -> Any:
        """What the first administrator is answered to a command."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return self._answer("POST", f"/v1/commands/{name}", headers, json.dumps(body))

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], content: str | None = None
    ) -> Any:
        """The answer; asked again while the server, its database or a read model is away."""
        answers: list[httpx.Response] = []

        def answered() -> bool:
            told = {**self._key(), **headers}
            try:
                answers.append(
                    httpx.request(
                        method, f"{self.url}{path}", headers=told, content=content, timeout=30
                    )
                )
            except httpx.TransportError:
                return False
            return answers[-1].status_code != httpx.codes.SERVICE_UNAVAILABLE

        until(answered, f"{method} {path} is answered")
        assert answers[-1].status_code == httpx.codes.OK, answers[-1].text
        return answers[-1].json()

    def opened(self, region: str) -> None:
        """Open a region and find the fact in a read model, by the position the command returned."""
        body = {"region_id": region, "name": region}
        answer = self.command("open-region", f"open {region}", body)
        position = {"Min-Position": str(answer["position"])}
        trail = self.ask(f"/v1/audit-trail?record=region-{region}", position)
        assert [item["name"] for item in trail["items"]] == ["region.opened"]

    def _key(self) -> dict[str, str]:
        file = self.data / "admin-key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        return {"Authorization": f"Bearer {file.read_text().strip()}"}


def _busy_s() -> float:
    """How long the processors of this machine have worked so far, all together."""
    spent = psutil.cpu_times()
    return float(sum(spent) - spent.idle - spent.iowait)


def _cpu_s(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(sum(process.cpu_times()[:4]))
    return 0.0


@contextmanager
def machine(data: Path, *arguments: str) -> Iterator[Machine]:
    """A machine that is stopped in the end, whatever happens."""
    made = Machine(data, arguments) if arguments else Machine(data)
    try:
        yield made
    finally:
        if made._process is not None and made._process.poll() is None:
            made.stop()
