"""Facts published a second by the relay, against sends of the same records without any promise."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from kafka import KafkaProducer

from benchmarks.rounds import interleaved, ratio
from benchmarks.servers import Servers
from runtime.log.cloudevents import Message, StoredFact, message
from runtime.log.kafka_topic import MAX_MESSAGE_BYTES, ledger_topic
from runtime.log.relay import Relay
from tests.runtime.log.facts import append
from tests.runtime.store.ledgers import Ledger

FACTS: Final = 20_000
A_COMMAND: Final = 1
A_BATCH: Final = 1_000


@dataclass(slots=True)
class _Stopwatch:
    """Measures from the first reading of facts to the last fact noted as published."""

    stop: threading.Event = field(default_factory=threading.Event)
    started: float = 0.0
    noted: float = 0.0
    step: str = ""

    def at(self, step: str) -> None:
        """What the relay calls at each step; two readings in a row mean that nothing is left."""
        if step == "R4" and not self.started:
            self.started = time.perf_counter()
        if step == "R4" and self.step == "R4.done" and self.noted:
            self.stop.set()
        if step == "R8.done":
            self.noted = time.perf_counter()
        self.step = step


def publish(url: str, ledger: str, bootstrap: str) -> float:
    """Publish all of a ledger; returns the seconds that took, without taking the lead."""
    watch = _Stopwatch()
    Relay(url, ledger, bootstrap, at=watch.at).run(watch.stop)
    return watch.noted - watch.started


def _filled(url: str, name: str) -> Ledger:
    ledger = Ledger(url, name)
    for _ in range(FACTS // A_BATCH):
        append(ledger, A_BATCH, A_COMMAND)
    return ledger


def _bare(bootstrap: str, topic: str, messages: Sequence[Message]) -> float:
    """Sends with the relay's own settings, but no transaction, no checks and no reading back."""
    producer = KafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        compression_type="zstd",
        linger_ms=1000,
        batch_size=256 * 2**10,
        max_request_size=MAX_MESSAGE_BYTES,
        metrics_enabled=False,
    )
    started = time.perf_counter()
    for one in messages:
        producer.send(
            topic,
            one.value,
            one.key,
            headers=one.headers,
            partition=0,
            timestamp_ms=one.timestamp_ms,
        )
    producer.flush()
    took = time.perf_counter() - started
    producer.close()
    return len(messages) / took


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    bootstrap = servers.bootstrap
    if bootstrap is None:
        return ["relay: not measured, no Kafka can be had here"]
    url, numbers = servers.database_url, count(1)
    stored = _filled(url, "bench_relay").events()
    messages = [
        message(StoredFact(e.position, e.stream, e.name, e.payload, e.leaf, e.leaf_hash), 1)
        for e in stored
    ]
    topic = ledger_topic(bootstrap, "bench_bare")
    assert topic is not None

    def relayed() -> float:
        ledger = _filled(url, f"bench_relay_{next(numbers)}")
        return FACTS / publish(url, ledger.name, bootstrap)

    rates = interleaved(
        {
            "relay": relayed,
            "bare kafka-python sends": lambda: _bare(bootstrap, topic.name, messages),
        },
        "facts/s",
    )
    return [
        f"relay: {FACTS} facts from PostgreSQL to Kafka, in transactions, each read back",
        *(rate.line() for rate in rates.values()),
        ratio(rates["relay"], rates["bare kafka-python sends"], "aim 0.7").line(),
        "  limited by: kafka-python, which builds and reads every record in Python",
    ]
