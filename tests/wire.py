"""The least of an HTTP client: one kept-alive connection, one request at a time, no frills."""

import asyncio
import re
import socket
from dataclasses import dataclass
from typing import Final, cast

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes


class Wire(asyncio.Protocol):
    """One connection to a server on this machine. It costs next to nothing, so that what is
    measured or killed through it is the server."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._received = b""

    @classmethod
    async def open(cls, port: int) -> "Wire":
        """Connect.

        Raises:
            OSError: nobody listens at ``port``.
        """
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(cls, "127.0.0.1", port)
        return wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(_HEAD_END)
        if not end:
            return
        length = _LENGTH.search(head)
        size = int(length.group(1)) if length else 0
        if len(rest) >= size and self._waiting is not None:
            self._received = rest[size:]
            waiting, self._waiting = self._waiting, None
            if not waiting.done():
                waiting.set_result(Answer(int(head[9:12]), head, rest[:size]))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError("the server went away"))

    @property
    def is_open(self) -> bool:
        """Whether a request may be sent."""
        return self._transport is not None

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    async def send(self, request: bytes) -> Answer:
        """Send ``request`` and wait for its answer.

        Raises:
            ConnectionError: the connection is gone; whether the request arrived is not known.
        """
        if self._transport is None:
            raise ConnectionResetError("the server went away")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """A request as bytes; ``headers`` are lines that end in CR LF."""
    head = f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def get(path: str, headers: str = "") -> bytes:
    """A request as bytes; ``headers`` are lines that end in CR LF."""
    return f"GET {path} HTTP/1.1\r\nHost: here\r\n{headers}\r\n".encode()


def is_listening(port: int) -> bool:
    """Whether somebody listens at ``port`` of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
