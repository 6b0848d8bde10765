"""Durable appends a second: ours, the library's own save, and bare inserts of the same rows."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from benchmarks.rounds import interleaved, percentile, ratio
from benchmarks.servers import Servers
from commands.ports import Receipt
from runtime.store.writer import Writer
from tests.runtime.store.ledgers import Ledger, entry

CLIENTS = 64
SECONDS = 2.0


class _Note(Aggregate):
    """The smallest aggregate of the library that stores a payload of the same size as ours."""

    @event("Noted")
    def note(self, text: str) -> None:
        self.text = text


def _library(url: str) -> Application[Any]:
    parts = conninfo_to_dict(url)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(parts["dbname"]),
            "POSTGRES_HOST": str(parts["host"]),
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": str(parts["user"]),
            "POSTGRES_PASSWORD": "-",
            "POSTGRES_LOCK_TIMEOUT": "5",
        }
    )


def _library_rate(application: Application[Any]) -> float:
    note = _Note()
    application.save(note)
    stored, deadline = 0, time.perf_counter() + SECONDS
    started = time.perf_counter()
    while time.perf_counter() < deadline:
        note.note("x" * 40)
        application.save(note)
        stored += 1
    return stored / (time.perf_counter() - started)


def _bare_rate(url: str, schema: str) -> float:
    """One connection, one row a transaction, the same columns, no order promised."""
    payload, leaf = b'{"n":1}', b"l" * 560
    with psycopg.connect(url, autocommit=True, options=f"-c search_path={schema}") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bare (LIKE events INCLUDING INDEXES)")
        connection.execute("TRUNCATE bare")
        stored, started = 0, time.perf_counter()
        while time.perf_counter() < started + SECONDS:
            stored += 1
            connection.execute(
                "INSERT INTO bare VALUES ('x-1', %s, 'x.done', %s, %s, %s, %s)",
                [stored, payload, stored, leaf, b"h" * 32],
                prepare=True,
            )
        return stored / (time.perf_counter() - started)


async def _client(writer: Writer, deadline: float, latencies: list[float]) -> int:
    stream, version = f"x-{uuid4()}", 0
    while (asked := time.perf_counter()) < deadline:
        outcome = await writer.submit(entry(stream, version + 1, command_id=str(uuid4())))
        assert isinstance(outcome, Receipt)
        latencies.append(time.perf_counter() - asked)
        version += 1
    return version


def _our_rate(ledger: Ledger, clients: int, latencies: list[float]) -> float:
    async def run() -> float:
        with ledger.writer() as writer:
            started = time.perf_counter()
            counts = await asyncio.gather(
                *(_client(writer, started + SECONDS, latencies) for _ in range(clients))
            )
            return sum(counts) / (time.perf_counter() - started)

    return asyncio.run(run())


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    url = servers.database_url
    ledger = Ledger(url, "bench_appends")
    library = _library(url)
    latencies: list[float] = []
    rates = interleaved(
        {
            "keyledger, 64 clients": lambda: _our_rate(ledger, CLIENTS, latencies),
            "keyledger, 1 client": lambda: _our_rate(ledger, 1, []),
            "eventsourcing Application.save": lambda: _library_rate(library),
            "bare INSERT, one connection": lambda: _bare_rate(url, ledger.name),
        },
        "appends/s",
    )
    library.close()
    p50, p99 = percentile(latencies, 0.5), percentile(latencies, 0.99)
    ours = rates["keyledger, 64 clients"]
    return [
        "durable appends, receipts and leaves included",
        *(rate.line() for rate in rates.values()),
        f"  latency at 64 clients: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms",
        ratio(ours, rates["eventsourcing Application.save"], "aim 12").line(),
        ratio(ours, rates["bare INSERT, one connection"]).line(),
        "  limited by: Python preparing leaves and rows on one core while PostgreSQL waits",
    ]
