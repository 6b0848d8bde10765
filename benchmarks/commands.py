"""Commands a second over HTTP, one by one and in batches, against a server that does nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import psutil

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


@dataclass(frozen=True, slots=True)
class _Server:
    """A server under load, and what came of it round by round."""

    port: int
    process: int
    api_key: str
    results: list[Result] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Seconds of its processor time a command took."""

    def one_by_one(self) -> float:
        """Commands a second."""
        result = self._under(CLIENTS, None)
        self.results.append(result)
        return result.rate

    def in_batches(self) -> float:
        """Commands a second."""
        return self._under(BATCHES, LINES).rate

    def _under(self, connections: int, lines: int | None) -> Result:
        before = self._cpu_s()
        result = put_on(
            Load(
                port=self.port,
                api_key=self.api_key,
                connections=connections,
                seconds=SECONDS,
                lines=lines,
            )
        )
        if lines is None:
            self.cpu.append((self._cpu_s() - before) / result.commands)
        return result

    def _cpu_s(self) -> float:
        times = psutil.Process(self.process).cpu_times()
        return float(times.user + times.system)


@contextmanager
def _nothing(framework: bool) -> Iterator[_Server]:
    port = free_port()
    process = FORKS.Process(target=serve, args=(port, framework), daemon=True)
    process.start()
    until(lambda: is_listening(port), "the empty server listens")
    yield _Server(port, process.pid or 0, "")
    process.kill()
    process.join()


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    with (
        servers.parts("bench_commands", "serve-1") as parts,
        _nothing(True) as empty,
        _nothing(False) as bare,
    ):
        ours = _Server(parts.ports["serve-1"], parts.running["serve-1"].pid, parts.api_key)
        rates = interleaved(
            {
                OURS: ours.one_by_one,
                EMPTY: empty.one_by_one,
                BARE: bare.one_by_one,
                OURS_BATCH: ours.in_batches,
                EMPTY_BATCH: empty.in_batches,
            },
            "commands/s",
        )
    p50, p99 = (median(getattr(one, name) for one in ours.results) for name in ("p50", "p99"))
    cpu = [median(server.cpu) * 1e6 for server in (ours, empty, bare)]
    return [
        "commands over HTTP: one API process, durable when answered",
        *(rate.line() for rate in rates.values()),
        f"  latency at 64 clients: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms   aim p99 10 ms",
        ratio(rates[OURS], rates[EMPTY], "aim 0.5").line(),
        ratio(rates[OURS], rates[BARE]).line(),
        ratio(rates[OURS_BATCH], rates[EMPTY_BATCH]).line(),
        "  limited by: Python in the API process on one core, {:.0f} us a command ({:.0f} for an "
        "empty one,".format(*cpu),
        f"  {cpu[2]:.0f} without a framework), while the load and PostgreSQL share the other core;",
        "  further API processes share nothing but the one lock that orders the log",
    ]
