"""Bytes an event takes in the store and in the log, against its bare payload."""

from typing import Any, Final

from benchmarks.relay import publish
from benchmarks.sample import sample_year
from benchmarks.servers import Servers
from runtime.log.kafka_topic import topic_name
from runtime.store.postgres import ledger_connection

_SIZES: Final = """
    SELECT count(*), avg(octet_length(state)), avg(octet_length(leaf)),
        pg_table_size('events'), pg_indexes_size('events'), pg_total_relation_size('receipts')
    FROM events"""


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    ledger, url = sample_year(servers), servers.database_url
    with ledger_connection(url, ledger) as connection:
        row: Any = connection.execute(_SIZES).fetchone()
    facts, payload, leaf, table, indexes, receipts = row
    lines = [
        f"bytes an event, of the {facts} of a sample year",
        _line("payload alone", float(payload)),
        _line("envelope alone (the Merkle leaf)", float(leaf)),
        _line("store: events with leaves", table / facts),
        _line("store: their two indexes", indexes / facts),
        _line("store: receipts", receipts / facts),
        _ratio("store, all of it / payload", (table + indexes + receipts) / facts, payload),
    ]
    bootstrap = servers.bootstrap
    if bootstrap is None:
        return [*lines, "  log: not measured, no Kafka can be had here"]
    publish(url, ledger, bootstrap)
    files = servers.broker.data.rglob(f"{topic_name(ledger)}-0/*.log")
    octets = sum(file.stat().st_size for file in files)
    return [
        *lines,
        _line("log: records as Kafka keeps them, zstd", octets / facts),
        _ratio("log / payload", octets / facts, payload),
    ]


def _line(name: str, octets: float) -> str:
    return f"  {name:<58} {octets:>8.0f} bytes"


def _ratio(name: str, octets: float, payload: float) -> str:
    return f"  {name:<58} {octets / float(payload):>8.2f}"
