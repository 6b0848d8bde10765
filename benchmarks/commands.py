"""Commands a second over HTTP, one by one and in batches, against a server that does nothing."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from benchmarks.load import Load, Result, put_on
from benchmarks.nothing import serve
from benchmarks.rounds import interleaved, ratio
from benchmarks.servers import Servers
from tests.kills.parts import free_port
from tests.processes import FORKS, until
from tests.wire import is_listening

CLIENTS: Final = 64
BATCHES: Final = 4
"""How many connections send batches."""
LINES: Final = 500
SECONDS: Final = 3.0

OURS: Final = "keyledger, 64 clients"
EMPTY: Final = "empty command, 64 clients"
BARE: Final = "empty command without a framework, 64 clients"
OURS_BATCH: Final = "keyledger, batches of 500"
EMPTY_BATCH: Final = "empty commands, batches of 500"


@contextmanager
def _nothing(framework: bool) -> Iterator[int]:
    port = free_port()
    process = FORKS.Process(target=serve, args=(port, framework), daemon=True)
    process.start()
    until(lambda: is_listening(port), "the empty server listens")
    yield port
    process.kill()
    process.join()


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    with (
        servers.parts("bench_commands", "serve-1") as parts,
        _nothing(True) as empty,
        _nothing(False) as bare,
    ):
        latencies: list[Result] = []

        def one_by_one(port: int, into: list[Result]) -> Callable[[], float]:
            load = Load(port=port, api_key=parts.api_key, connections=CLIENTS, seconds=SECONDS)
            return lambda: _rate(load, into)

        def in_batches(port: int) -> Callable[[], float]:
            load = Load(
                port=port,
                api_key=parts.api_key,
                connections=BATCHES,
                seconds=SECONDS,
                lines=LINES,
            )
            return lambda: _rate(load, [])

        ours = parts.ports["serve-1"]
        rates = interleaved(
            {
                OURS: one_by_one(ours, latencies),
                EMPTY: one_by_one(empty, []),
                BARE: one_by_one(bare, []),
                OURS_BATCH: in_batches(ours),
                EMPTY_BATCH: in_batches(empty),
            },
            "commands/s",
        )
    p50 = statistics.median(result.p50 for result in latencies)
    p99 = statistics.median(result.p99 for result in latencies)
    return [
        "commands over HTTP: one API process, durable when answered",
        *(rate.line() for rate in rates.values()),
        f"  latency at 64 clients: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms   aim p99 10 ms",
        ratio(rates[OURS], rates[EMPTY], "aim 0.5").line(),
        ratio(rates[OURS], rates[BARE]).line(),
        ratio(rates[OURS_BATCH], rates[EMPTY_BATCH]).line(),
        "  limited by: one core of Python in the API process; the load and PostgreSQL share the",
        "  other. More API processes on more cores share the one lock that orders the log.",
    ]


def _rate(load: Load, into: list[Result]) -> float:
    result = put_on(load)
    into.append(result)
    return result.rate
