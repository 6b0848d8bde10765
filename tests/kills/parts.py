"""A ledger whose parts are processes that can be killed one by one."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from tests.processes import FORKS, until
from tests.runtime.store.ledgers import Ledger, Stored

_VERBS: Final = {
    "serve": "runtime.cli.serving",
    "relay": "runtime.cli.parts",
    "project": "runtime.cli.parts",
    "react": "runtime.cli.parts",
    "replays": "runtime.cli.parts",
}
"""The verbs of `keyledger`, and where each stands."""


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Parts:
    """The parts of one ledger on given servers."""

    database_url: str
    ledger: str
    folder: Path
    bootstrap: str | None = None
    log_level: str = "warning"
    running: dict[str, Any] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """What the parts say."""
        return self.folder / "log"

    def start(self, name: str) -> None:
        """Start ``serve-1``, ``serve-2``, ``relay``, ``project`` or ``react``.

        A server gets the port it had before.
        """
        verb = name.partition("-")[0]
        if verb == "serve":
            self.ports.setdefault(name, free_port())
        environment = {
            "KEYLEDGER_DATABASE_URL": self.database_url,
            "KEYLEDGER_LEDGER": self.ledger,
            "KEYLEDGER_DATA": str(self.folder),
            "KEYLEDGER_PORT": str(self.ports.get(name, 1)),
            "KEYLEDGER_LOG": "store" if self.bootstrap is None else "kafka",
            "KEYLEDGER_KAFKA_BOOTSTRAP": self.bootstrap or "",
            "KEYLEDGER_LOG_LEVEL": self.log_level,
        }
        part = FORKS.Process(target=_run, args=(verb, environment, str(self.log)), daemon=True)
        part.start()
        self.running[name] = part

    def kill(self, *names: str) -> None:
        """SIGKILL to all of them at once; they are gone when this returns."""
        killed = [self.running.pop(name) for name in names]
        for part in killed:
            part.kill()
        for part in killed:
            part.join()

    def wait_until_answering(self, name: str) -> None:
        """Wait until the server answers."""
        until(lambda: _answers(self.ports[name]), f"{name} answers; see {self.log}")

    @property
    def api_key(self) -> str:
        """The first administrator's key."""
        return (self.folder / "admin-key").read_text().strip()

    def stored(self) -> list[Stored]:
        """Everything stored, in order of position."""
        return Ledger(self.database_url, self.ledger).events()

    def close(self) -> None:
        """End everything that still runs."""
        self.kill(*self.running)


def _run(verb: str, environment: Mapping[str, str], log: str) -> None:
    """What runs in a part's process."""
    words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(words, stream)
    os.environ.update(environment)
    getattr(import_module(_VERBS[verb]), verb)()


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False
