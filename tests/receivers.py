"""A receiver of webhooks on this machine: a real HTTP server that does as it is told."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Got:
    """A request that has come in."""

    path: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes


class Receiver:
    """Answers with each of ``statuses`` in turn, the last for ever; a ``slow`` one at the end."""

    def __init__(self, *statuses: int, slow: bool = False, location: str | None = None) -> None:
        self.received: list[Got] = []
        self._statuses = list(statuses or (200,))
        self._over = threading.Event()
        if not slow:
            self._over.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.received.append(Got(self.path, headers, self.rfile.read(length)))
                outer._over.wait()
                self.send_response(outer._status())
                if location is not None:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def _status(self) -> int:
        return self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
