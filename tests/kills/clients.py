"""Clients that go on whatever is killed, and write down what they asked and what they were told."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from commands.ports import Receipt, RecordedRef
from tests.history.history import Call, Read, Silence
from tests.processes import until
from tests.wire import Answer, Wire, get, post

CLIENTS: Final = 8
ANSWER_S: Final = 30.0
"""After so long a client takes it that no answer will come."""
SHARED_PRODUCTS: Final = 3
"""Products all clients reprice, so that decisions race."""
_AGAIN_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Command:
    """What a client is going to ask for."""

    name: str
    body: dict[str, Any]
    intends: int
    key: str


@dataclass(slots=True)
class Clients:
    """All clients of one run, and what they have seen."""

    ledger: str
    admin_key_file: Path
    ports: Sequence[int]
    reads: bool = False
    """Whether they read what they wrote, too."""
    calls: list[Call] = field(default_factory=list)
    seen: list[Read] = field(default_factory=list)
    sent: Counter[int] = field(default_factory=Counter)
    """How many requests each port was sent."""
    statuses: Counter[int] = field(default_factory=Counter)
    answered: int = 0
    """How many calls were answered with a receipt."""
    stopping: bool = False

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Let all clients work; at the end each one settles what it has begun."""
        await _Client(self, "first").list_shared()
        async with asyncio.TaskGroup() as group:
            for n in range(CLIENTS):
                group.create_task(_Client(self, f"client-{n}").run())
            try:
                yield
            finally:
                self.stopping = True

    async def send(self, requests: int, port: int) -> None:
        """Wait until so many more requests have been sent to ``port``."""
        enough = self.sent[port] + requests
        await asyncio.to_thread(until, lambda: self.sent[port] >= enough, "requests are sent")

    async def hear(self, receipts: int) -> None:
        """Wait until so many more commands have been answered with a receipt."""
        enough = self.answered + receipts
        await asyncio.to_thread(until, lambda: self.answered >= enough, "commands are answered")

    def command_id(self, key: str) -> str:
        """The id the API makes of an idempotency key."""
        key_id = self.admin_key_file.read_text().removeprefix("kl_").rpartition("_")[0]
        return str(uuid5(uuid5(NAMESPACE_URL, self.ledger), f"api_key-{key_id}\n{key}"))


class _Client:
    def __init__(self, clients: Clients, name: str) -> None:
        self._all = clients
        self._name = name
        self._rng = random.Random(name)
        self._wires: dict[int, Wire] = {}
        self._listed: list[str] = []
        secret = clients.admin_key_file.read_text().strip()
        self._headers = f"Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n"

    async def run(self) -> None:
        try:
            for n in count():
                if self._all.stopping:
                    return
                await self._settle(self._next(n))
        finally:
            self.close()

    async def list_shared(self) -> None:
        """List the products that all clients reprice."""
        for n in range(SHARED_PRODUCTS):
            body = named(f"shared-{n}")
            await self._ask(Command("list-product", body, 1, f"shared-{n}"))
        self.close()

    def close(self) -> None:
        """Close what is open."""
        for wire in self._wires.values():
            wire.close()

    def _next(self, n: int) -> Command:
        """Mostly new products; prices everybody sets; what was done before; what is refused."""
        kind = self._rng.choices(["list", "reprice", "same", "refused"], [5, 3, 1, 1])[0]
        key, price = f"{self._name}-{n}", n * 1_000 + int(self._name.rpartition("-")[2])
        if kind == "reprice":
            product = f"shared-{self._rng.randrange(SHARED_PRODUCTS)}"
            return Command("reprice-product", priced(product, price), 1, key)
        if kind == "same" and self._listed:
            product = self._rng.choice(self._listed)
            return Command("list-product", named(product), 0, key)
        if kind == "refused":
            return Command("reprice-product", priced("unknown", price), 0, key)
        self._listed.append(f"{self._name}-{n}")
        return Command("list-product", named(self._listed[-1]), 1, key)

    async def _settle(self, command: Command) -> None:
        """Ask until there is an answer, now and then once more; or give up after the first."""
        while (answer := await self._ask(command)) is Silence.UNKNOWN:
            if self._rng.random() < 0.2:
                # A product nobody knows to be listed is of no use later.
                self._listed = [name for name in self._listed if name != command.key]
                return
        if self._rng.random() < 0.1:
            await self._ask(command)
        if self._all.reads and isinstance(answer, Receipt):
            await self._read(answer)

    async def _ask(self, command: Command) -> Receipt | Silence:
        port = await self._reachable()
        headers = f"{self._headers}Idempotency-Key: {command.key}\r\n"
        request = post(f"/v1/commands/{command.name}", json.dumps(command.body).encode(), headers)
        invoked_at = time.monotonic()
        answer = await self._sent(port, request)
        receipt = self._heard(command, answer)
        self._all.calls.append(
            Call(
                session=self._name,
                command_id=self._all.command_id(command.key),
                invoked_at=invoked_at,
                ended_at=time.monotonic(),
                answer=receipt,
                intends=command.intends,
            )
        )
        self._all.answered += isinstance(receipt, Receipt)
        return receipt

    def _heard(self, command: Command, answer: Answer | None) -> Receipt | Silence:
        if answer is None or answer.status >= 500:
            return Silence.UNKNOWN
        if answer.status != 200:
            assert command.body["product_id"] == "unknown", answer
            return Silence.REFUSED
        told = json.loads(answer.body)
        return Receipt(
            command_id=self._all.command_id(command.key),
            stream=told["stream"],
            version=told["version"],
            position=told["position"],
            events=tuple(RecordedRef(**ref) for ref in told["events"]),
            repeated=told["repeated"],
        )

    async def _read(self, receipt: Receipt) -> None:
        """Ask for the opportunities, as they are now that this was recorded."""
        headers = f"{self._headers}Min-Position: {receipt.position}\r\n"
        port = await self._reachable()
        invoked_at = time.monotonic()
        answer = await self._sent(port, get("/v1/opportunities?limit=1", headers))
        if answer is None or answer.status != 200:
            return
        self._all.seen.append(
            Read(
                session=self._name,
                invoked_at=invoked_at,
                ended_at=time.monotonic(),
                position=json.loads(answer.body)["position"],
                min_position=receipt.position,
            )
        )

    async def _sent(self, port: int, request: bytes) -> Answer | None:
        """The answer; ``None`` if none came."""
        self._all.sent[port] += 1
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self._wires[port].send(request)
        except (ConnectionError, TimeoutError):
            self._wires.pop(port).close()
            return None
        self._all.statuses[answer.status] += 1
        return answer

    async def _reachable(self) -> int:
        """A port somebody listens at, drawn anew each time."""
        while True:
            port = self._rng.choice(self._all.ports)
            wire = self._wires.get(port)
            if wire is not None and wire.is_open:
                return port
            try:
                self._wires[port] = await Wire.open(port)
            except OSError:
                await asyncio.sleep(_AGAIN_S)


def named(product: str) -> dict[str, Any]:
    """The body that lists a product."""
    return priced(product, 100) | {"name": product}


def priced(product: str, price: int) -> dict[str, Any]:
    """The body that gives a product a price, in cents."""
    return {"product_id": product, "list_price": {"minor": price, "currency": "USD"}}
