"""A proxy before PostgreSQL that lets a COMMIT through, lets it be answered, and then cuts."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

READY_IDLE = b"Z\x00\x00\x00\x05I"
"""PostgreSQL's ReadyForQuery outside of a transaction: the commit has been made."""


@dataclass(slots=True)
class CuttingProxy:
    """Listens on a socket of its own in ``folder`` and forwards to the socket ``behind``.

    While ``armed`` counts more than zero, the answer to the next COMMIT is swallowed and the
    client's connection closed, once for each count.
    """

    folder: Path
    behind: Path
    armed: int = 0
    cuts: int = 0
    _server: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))

    def start(self) -> None:
        self._server.bind(str(self.folder / ".s.PGSQL.5432"))
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.behind))
                commit_sent = threading.Event()
                for target, *arguments in (
                    (self._up, client, server, commit_sent),
                    (self._down, client, server, commit_sent),
                ):
                    threading.Thread(target=target, args=arguments, daemon=True).start()

    def _up(
        self, client: socket.socket, server: socket.socket, commit_sent: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := client.recv(65_536):
                if self.armed > 0 and b"COMMIT" in chunk:
                    self.armed -= 1
                    commit_sent.set()
                server.sendall(chunk)
        server.close()

    def _down(
        self, client: socket.socket, server: socket.socket, commit_sent: threading.Event
    ) -> None:
        swallowed = b""
        with contextlib.suppress(OSError):
            while chunk := server.recv(65_536):
                if not commit_sent.is_set():
                    client.sendall(chunk)
                    continue
                swallowed += chunk
                if READY_IDLE in swallowed:
                    self.cuts += 1
                    break
            client.shutdown(socket.SHUT_RDWR)
        client.close()
        server.close()
