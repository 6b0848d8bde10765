"""How long after a command's answer the read models are current, with each log."""

import asyncio
import bisect
import json
import threading
import time
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from benchmarks.load import Load, requests
from benchmarks.rounds import percentile
from benchmarks.servers import Servers
from readmodels.reading import projected_channel
from runtime.store.postgres import ledger_connection
from tests.kills.parts import Parts
from tests.processes import until
from tests.wire import Wire

COMMANDS: Final = 1_000
WARM_UP: Final = 200
RATE: Final = 200.0
"""Commands a second, sent at even distances: a steady day. Unpaced, one client alone keeps both
cores busy, and what is measured is the queue in front of them."""


@dataclass(slots=True)
class _Watch:
    """When all read models were seen to have reached which position."""

    connection: Connection[Any]
    positions: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.look()
            for _ in self.connection.notifies(timeout=0.1, stop_after=1):
                pass

    def look(self) -> None:
        row = self.connection.execute(
            "SELECT count(*), min(position) FROM read_model WHERE state = 'current'", prepare=True
        ).fetchone()
        if row is not None and row[0]:
            self.positions.append(row[1])
            self.times.append(time.perf_counter())

    def reached_at(self, position: int) -> float:
        """When the read models had reached ``position``."""
        return self.times[bisect.bisect_left(self.positions, position)]


async def _commands(parts: Parts, rate: float) -> list[tuple[int, float]]:
    """One command after the other: the position each took and when its answer came."""
    answered = []
    port = parts.ports["serve-1"]
    wire = await Wire.open(port)
    load = Load(port=port, api_key=parts.api_key, connections=1, seconds=0)
    started = time.perf_counter()
    for n, request in zip(range(WARM_UP + COMMANDS), requests(load), strict=False):
        await asyncio.sleep(started + n / rate - time.perf_counter())
        answer = await wire.send(request)
        answered.append((json.loads(answer.body)["position"], time.perf_counter()))
    wire.close()
    return answered[WARM_UP:]


def _measure(parts: Parts, rate: float) -> list[float]:
    """Seconds from answer to current, of each command; 0 where the read models were faster."""
    stop = threading.Event()
    with ledger_connection(parts.database_url, parts.ledger) as connection:
        connection.execute(SQL("LISTEN {}").format(Identifier(projected_channel(connection))))
        watch = _Watch(connection)
        thread = threading.Thread(target=watch.run, args=(stop,))
        thread.start()
        until(lambda: bool(watch.positions), "the read models are made")
        answered = asyncio.run(_commands(parts, rate))
        last = answered[-1][0]
        until(lambda: watch.positions[-1] >= last, "the read models are current")
        stop.set()
        thread.join()
    return [max(0.0, watch.reached_at(position) - at) for position, at in answered]


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    lines = [f"from command answered to all read models current, {COMMANDS} commands one by one"]
    with servers.parts("bench_tail", "serve-1", "project") as parts:
        lines += _lines("by the store's tail", parts, "aim p99 3 ms")
    bootstrap = servers.bootstrap
    if bootstrap is None:
        return [*lines, "  through Kafka: not measured, no Kafka can be had here"]
    names = ("serve-1", "relay", "project")
    with servers.parts("bench_kafka", *names, bootstrap=bootstrap) as parts:
        lines += _lines("through Kafka", parts, "aim p99 25 ms")
    return [
        *lines,
        "  limited by: three transactions in a row by the tail (append, fold, the look from here);",
        "  through Kafka by its transaction: begin, write, commit, marker, read committed",
    ]


def _lines(name: str, parts: Parts, aim: str) -> list[str]:
    return [
        _line(f"{name}, {RATE:.0f} commands a second", _measure(parts, RATE), aim),
        _line(f"{name}, as fast as one client can", _measure(parts, inf), ""),
    ]


def _line(name: str, took: list[float], aim: str) -> str:
    p50, p99 = percentile(took, 0.5) * 1e3, percentile(took, 0.99) * 1e3
    return f"  {name:<58} p50 {p50:.1f} ms, p99 {p99:.1f} ms   {aim}"
