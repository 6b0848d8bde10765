"""All read models built from a million facts, against reading and decoding the same facts.

`python -m benchmarks.rebuild N` does it with N facts instead of a million.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from psycopg import Connection

from benchmarks.memory import peak_mib
from benchmarks.multiplied import multiplied
from benchmarks.sample import decode
from benchmarks.servers import Servers, servers
from projections.catalogue import GROUPS, PROJECTIONS
from runtime.cli.parts import collect_seldom, together
from runtime.log.store_source import StoreSource
from runtime.projector import Projector
from runtime.store.postgres import ledger_connection
from runtime.telemetry import start_telemetry

FACTS: Final = 1_000_000
_POLL_S: Final = 0.2


def _decode(url: str, ledger: str) -> int:
    with StoreSource(url, ledger) as source:
        return decode(source)


def _fold(url: str, ledger: str) -> int:
    """From nothing to the head, as `keyledger project` does it."""
    stop = threading.Event()
    with ExitStack() as held:
        connection = held.enter_context(ledger_connection(url, ledger))
        sources = [held.enter_context(StoreSource(url, ledger)) for _ in GROUPS]
        head = sources[0].head()
        projectors = [
            Projector(url, ledger, source, group)
            for source, group in zip(sources, GROUPS, strict=True)
        ]
        together(stop, *(one.run for one in projectors), _until(connection, head))
    return head


def _until(connection: Connection[Any], head: int) -> Callable[[threading.Event], None]:
    """Goes on until every read model is at ``head``."""

    def wait(stop: threading.Event) -> None:
        query = "SELECT count(*) FROM read_model WHERE state = 'current' AND position = %s"
        while not stop.wait(_POLL_S):
            row = connection.execute(query, [head]).fetchone()
            if row == (len(PROJECTIONS),):
                return

    return wait


WORK: Final[dict[str, Callable[[str, str], int]]] = {"decode": _decode, "fold": _fold}


def _measured(work: str, url: str, ledger: str) -> tuple[float, int]:
    """Facts a second and the peak in MiB, of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rebuild", work, url, ledger]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return found["rate"], found["peak_mib"]


def lines(running: Servers, facts: int) -> list[str]:
    """Measure with so many facts."""
    url = running.database_url
    ledger = multiplied(running, facts)
    decoding, decoding_peak = _measured("decode", url, ledger)
    folding, folding_peak = _measured("fold", url, ledger)
    return [
        f"rebuild: all {len(PROJECTIONS)} read models from {facts} facts, scores among them",
        f"  {'built from nothing, by the projectors':<58} {folding:>8.0f} facts/s",
        f"  {'reading and decoding alone':<58} {decoding:>8.0f} facts/s",
        f"  {'built / decoded':<58} {folding / decoding:>8.2f}",
        f"  peak of building: {folding_peak} MiB, of decoding: {decoding_peak} MiB",
    ]


def run(running: Servers) -> list[str]:
    """The lines of this part of the report."""
    return lines(running, FACTS)


def main(arguments: list[str]) -> None:
    """Print the report for a number of facts, or the rate and the peak of one piece of work."""
    start_telemetry("benchmarks", "error")
    collect_seldom()
    if arguments[0] in WORK:
        work, url, ledger = arguments
        started = time.perf_counter()
        facts = WORK[work](url, ledger)
        rate = facts / (time.perf_counter() - started)
        print(json.dumps({"rate": rate, "peak_mib": peak_mib()}))
        return
    with servers() as running:
        print("\n".join(lines(running, int(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
