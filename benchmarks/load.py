"""The load: many connections in a process of their own, each sending one request after another.

It is started as a program, so that it shares no interpreter with what it measures.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import uuid4

import uvloop

from benchmarks.rounds import percentile
from tests.wire import Wire, post


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to send."""

    port: int
    api_key: str
    connections: int
    seconds: float
    lines: int | None = None
    """How many commands go into a batch; ``None``: one by one."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it."""

    commands: int
    rate: float
    """Commands answered a second."""
    p50: float
    p99: float
    """How long a request took, in seconds."""


def put_on(load: Load) -> Result:
    """Run ``load`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load"]
    run = subprocess.run(
        command, input=json.dumps(asdict(load)), stdout=subprocess.PIPE, text=True, check=True
    )
    return Result(**json.loads(run.stdout))


def requests(load: Load) -> Iterator[bytes]:
    """Requests that differ from all others, for ever: each lists a product."""
    authorization = f"Authorization: Bearer {load.api_key}\r\n"
    prefix, n = uuid4().hex[:12], 0
    price = '"list_price":{"minor":55000,"currency":"USD"}'
    while True:
        if load.lines is None:
            n += 1
            body = f'{{"product_id":"{prefix}-{n}","name":"GTX Pro","series":"GTX",{price}}}'
            headers = f"{authorization}Idempotency-Key: {prefix}-{n}\r\n"
            headers += "Content-Type: application/json\r\n"
            yield post("/v1/commands/list-product", body.encode(), headers)
        else:
            body = "".join(
                f'{{"command":"list-product","idempotency_key":"{prefix}-{m}",'
                f'"product_id":"{prefix}-{m}","name":"GTX Pro","series":"GTX",{price}}}\n'
                for m in range(n, n + load.lines)
            )
            n += load.lines
            headers = f"{authorization}Content-Type: application/x-ndjson\r\n"
            yield post("/v1/commands", body.encode(), headers)


async def _connection(load: Load, deadline: float, took: list[float]) -> None:
    wire = await Wire.open(load.port)
    for request in requests(load):
        asked_at = time.perf_counter()
        if asked_at > deadline:
            break
        answer = await wire.send(request)
        assert answer.status == 200, answer
        assert b'"problem"' not in answer.body, answer.body[:500]
        took.append(time.perf_counter() - asked_at)
    wire.close()


async def _run(load: Load) -> Result:
    took: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(
        *(_connection(load, started + load.seconds, took) for _ in range(load.connections))
    )
    commands = len(took) * (load.lines or 1)
    rate = commands / (time.perf_counter() - started)
    return Result(commands, rate, percentile(took, 0.5), percentile(took, 0.99))


if __name__ == "__main__":
    uvloop.install()
    result = asyncio.run(_run(Load(**json.load(sys.stdin))))
    sys.stdout.write(json.dumps(asdict(result)))
