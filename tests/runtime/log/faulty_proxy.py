"""A proxy before a Kafka broker, with just enough of the protocol to make it fail on purpose."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

HOST: Final = "127.0.0.1"
PRODUCE: Final = 0
PRODUCE_VERSION: Final = 9
"""The version the client speaks; answers are made up in it."""

ADD_PARTITIONS: Final = 24
"""A transaction begins with this request."""

END_TXN: Final = 26


@dataclass(slots=True)
class FaultyProxy:
    """Clients that are given its port stay with it: it stands in the brokers' place everywhere."""

    broker_port: int
    topic: str
    errors: list[int] = field(default_factory=list)
    """The error codes to answer the next Produce requests with, which the broker never gets."""

    always: int | None = None
    """An error code to answer every Produce request with."""

    lost_answers: int = 0
    """How many answers to EndTxn are swallowed, and the connection cut instead."""

    late_commits: int = 0
    """How many EndTxn requests reach the broker a second time, in the next transaction."""

    late_before: int = END_TXN
    """Which of that transaction's requests they overtake."""

    made: int = 0
    """How many faults there were."""

    _delayed: bytes | None = None
    """The EndTxn request that is to come a second time."""

    _server: socket.socket = field(default_factory=socket.socket)

    @property
    def bootstrap(self) -> str:
        """Where clients find it."""
        return f"{HOST}:{self._port}"

    @property
    def _port(self) -> int:
        return int(self._server.getsockname()[1])

    def start(self) -> None:
        """Listen on a free port."""
        self._server.bind((HOST, 0))
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                _Connection(self, client).start()

    def error(self) -> int | None:
        """The error code for the Produce request that has just come, if it is to fail."""
        code = self.errors.pop(0) if self.errors else self.always
        self.made += code is not None
        return code

    def loses_answer(self) -> bool:
        """Whether the answer to the EndTxn request that has just come is lost."""
        if self.lost_answers == 0:
            return False
        self.lost_answers -= 1
        self.made += 1
        return True

    def delay(self, frame: bytes) -> None:
        """Keep a copy of the EndTxn request that has just come, if it is to come again."""
        if self.late_commits > 0:
            self.late_commits -= 1
            self._delayed = frame

    def let_go(self, key: int) -> None:
        """Send the copy before a request of the kind ``key``, if it is to overtake that."""
        if self._delayed is None or key != self.late_before:
            return
        frame, self._delayed = self._delayed, None
        self.made += 1
        with socket.create_connection((HOST, self.broker_port)) as broker:
            _send(broker, frame)
            assert next(_frames(broker)), "the broker has dealt with it"

    def in_its_place(self, frame: bytes) -> bytes:
        """``frame`` with this proxy's address wherever the broker's stands."""
        ours, theirs = (
            HOST.encode() + struct.pack(">i", port) for port in (self._port, self.broker_port)
        )
        return frame.replace(theirs, ours)


class _Connection:
    def __init__(self, proxy: FaultyProxy, client: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._broker = socket.create_connection((HOST, proxy.broker_port))
        self._lost: set[bytes] = set()
        """Correlation ids of requests whose answers are lost."""

    def start(self) -> None:
        for forward in (self._up, self._down):
            threading.Thread(target=self._until_cut, args=[forward], daemon=True).start()

    def _until_cut(self, forward: Callable[[], None]) -> None:
        with contextlib.suppress(OSError):
            forward()
        for end in (self._client, self._broker):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _up(self) -> None:
        for frame in _frames(self._client):
            key, version = struct.unpack_from(">hh", frame)
            code = self._proxy.error() if key == PRODUCE else None
            if code is not None:
                assert version == PRODUCE_VERSION
                _send(self._client, _refusal(frame[4:8], self._proxy.topic, code))
                continue
            self._proxy.let_go(key)
            if key == END_TXN:
                self._proxy.delay(frame)
                if self._proxy.loses_answer():
                    self._lost.add(frame[4:8])
            _send(self._broker, frame)

    def _down(self) -> None:
        for frame in _frames(self._broker):
            if frame[:4] in self._lost:
                return
            _send(self._client, self._proxy.in_its_place(frame))


def _refusal(correlation_id: bytes, topic: str, code: int) -> bytes:
    """The answer to a Produce request for partition 0 of ``topic``: nothing was written."""
    name = topic.encode()
    partition = struct.pack(">ihqqq", 0, code, -1, -1, -1) + b"\x01\x00\x00"
    return b"".join(
        (
            correlation_id,
            b"\x00",
            b"\x02" + bytes([len(name) + 1]) + name,
            b"\x02" + partition,
            b"\x00",
            struct.pack(">i", 0),
            b"\x00",
        )
    )


def _frames(end: socket.socket) -> Iterator[bytes]:
    with end.makefile("rb") as stream:
        while len(size := stream.read(4)) == 4:
            yield stream.read(struct.unpack(">i", size)[0])


def _send(end: socket.socket, frame: bytes) -> None:
    end.sendall(struct.pack(">i", len(frame)) + frame)
