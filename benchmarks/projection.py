"""Facts folded a second into all read models, against reading and decoding the same facts."""

import threading
import time
from collections.abc import Sequence
from typing import Any, Final

from psycopg import Connection

from benchmarks.rounds import interleaved, ratio
from benchmarks.sample import decode, sample_year
from benchmarks.servers import Servers
from projections.catalogue import PROJECTIONS
from readmodels import builds
from runtime.log.store_source import StoreSource
from runtime.projector import BATCH, Projector
from runtime.store.postgres import ledger_connection


def _forget(connection: Connection[Any]) -> None:
    for projection in PROJECTIONS:
        for build in builds.builds(connection, projection):
            builds.drop(connection, build)


def _decoded(url: str, ledger: str) -> float:
    with StoreSource(url, ledger) as source:
        started = time.perf_counter()
        return decode(source) / (time.perf_counter() - started)


def _folded(url: str, ledger: str) -> float:
    """From nothing to the head, in the projector's own loop."""
    with ledger_connection(url, ledger) as connection, StoreSource(url, ledger) as source:
        _forget(connection)
        head, stop = source.head(), threading.Event()
        ends: list[float] = []

        def at(step: str) -> None:
            if step == "read":
                ends.append(time.perf_counter())
                # The last batch was the short one: what is read next is nothing.
                if len(ends) > -(-head // BATCH):
                    stop.set()

        Projector(url, ledger, source, PROJECTIONS, at=at).run(stop)
        _all_at(connection, head)
        return head / (ends[-1] - ends[0])


def _all_at(connection: Connection[Any], head: int) -> None:
    found: Sequence[Any] = connection.execute("SELECT position FROM read_model").fetchall()
    assert [row[0] for row in found] == [head] * len(PROJECTIONS), found


OURS: Final = f"folding into {len(PROJECTIONS)} read models"
ALONE: Final = "reading and decoding alone"


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    ledger, url = sample_year(servers), servers.database_url
    with StoreSource(url, ledger) as source:
        facts = source.head()
    rates = interleaved(
        {OURS: lambda: _folded(url, ledger), ALONE: lambda: _decoded(url, ledger)}, "facts/s"
    )
    return [
        f"projection: a sample year of {facts} facts from the store's tail",
        *(rate.line() for rate in rates.values()),
        ratio(rates[OURS], rates[ALONE], "aim 0.5").line(),
        "  limited by: Python folding every fact, and PostgreSQL writing every version of a row",
    ]
