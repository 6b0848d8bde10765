"""What every source of facts promises, asked of each of them."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from typing import Protocol

import psycopg
import pytest
from kafka import KafkaProducer

from events.pipeline.product import ProductListed
from events.recorded import envelope_of, leaf_hash
from replay.ports import LogGap, LogSource
from runtime.log.cloudevents import LogCorrupt, Message, message
from runtime.log.kafka_source import KafkaSource
from runtime.log.kafka_topic import ledger_topic, topic_name
from runtime.log.store_source import StoreSource
from runtime.store.migrate import migrate
from tests.runtime.log.facts import fact, payload

SOON_S = 20.0
"""More than any answer takes."""


class Log(Protocol):
    """A log that a test can write into, well or badly."""

    def write(self, positions: Iterable[int]) -> None:
        """Write a fact for each position, in one transaction."""
        ...

    def source(self) -> AbstractContextManager[LogSource]:
        """A source that reads it."""
        ...


@dataclass(frozen=True, slots=True)
class StoreLog:
    """Written past the recorder, which would not write a hole."""

    url: str
    ledger: str

    def write(self, positions: Iterable[int]) -> None:
        facts = [fact(self.ledger, position) for position in positions]
        with psycopg.connect(self.url, options=f"-c search_path={self.ledger}") as connection:
            for f in facts:
                connection.execute(
                    "INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    [f.stream, 1, f.name, f.payload, f.position, f.leaf, f.leaf_hash],
                )
            connection.execute("UPDATE log_head SET n = %s", [facts[-1].position])
            connection.execute(f"NOTIFY {self.ledger}_events")

    def source(self) -> StoreSource:
        return StoreSource(self.url, self.ledger)


@dataclass(frozen=True, slots=True)
class KafkaLog:
    """Written past the relay, which would not write a hole or a repeat."""

    bootstrap: str
    ledger: str
    producer: KafkaProducer

    def write(self, positions: Iterable[int]) -> None:
        self.send([message(fact(self.ledger, position), epoch=1) for position in positions])

    def send(self, messages: Iterable[Message], *, commit: bool = True) -> None:
        """Send in a transaction, which takes an offset more for the mark at its end."""
        self.producer.begin_transaction()
        for m in messages:
            self.producer.send(
                topic_name(self.ledger), m.value, m.key, headers=m.headers, partition=0
            )
        self.producer.flush()
        if commit:
            self.producer.commit_transaction()
        else:
            self.producer.abort_transaction()

    def source(self) -> KafkaSource:
        return KafkaSource(self.bootstrap, self.ledger)


@pytest.fixture
def store_log(database_url: str, ledger: str) -> StoreLog:
    migrate(database_url, ledger, "UTC")
    return StoreLog(database_url, ledger)


@pytest.fixture
def kafka_log(kafka: str, ledger: str) -> Iterator[KafkaLog]:
    assert ledger_topic(kafka, ledger) is not None
    producer = KafkaProducer(
        bootstrap_servers=kafka, transactional_id=f"test-{ledger}", retry_backoff_ms=5
    )
    with closing(producer):
        producer.init_transactions()
        yield KafkaLog(kafka, ledger, producer)


@pytest.fixture(
    params=[
        pytest.param("store_log", marks=pytest.mark.postgres),
        pytest.param("kafka_log", marks=pytest.mark.kafka),
    ]
)
def log(request: pytest.FixtureRequest) -> Log:
    found: Log = request.getfixturevalue(request.param)
    return found


def _positions(source: LogSource, after: int, until: int | None = None) -> list[int]:
    """What comes after ``after`` up to ``until`` or the head; a call may return less than that."""
    until = source.head() if until is None else until
    found: list[int] = []
    while after + len(found) < until:
        facts = source.read(after + len(found), until - after - len(found), SOON_S)
        assert facts
        found += [recorded.envelope.position for recorded in facts]
    return found


def test_facts_come_whole_and_in_order(log: Log) -> None:
    log.write(range(1, 4))
    log.write([4])
    with log.source() as source:
        (first, *_) = source.read(0, 1, SOON_S)
        assert isinstance(first.event, ProductListed)
        assert first.event.product_id == "P1"
        assert (first.envelope.stream, first.envelope.position) == ("product-P1", 1)
        assert _positions(source, 0) == [1, 2, 3, 4]


def test_facts_come_byte_for_byte_as_they_are_stored_too(log: Log) -> None:
    log.write(range(1, 4))
    with log.source() as source:
        assert isinstance(source, StoreSource | KafkaSource)
        found = source.stored(0, 2, SOON_S)
        for one, recorded in zip(found, source.read(0, len(found), SOON_S), strict=True):
            assert (one.name, one.payload) == (ProductListed.NAME, payload(f"P{one.position}"))
            assert leaf_hash(one.leaf) == one.leaf_hash
            assert envelope_of(one.leaf) == recorded.envelope
            assert one.stream == recorded.envelope.stream
        assert [one.position for one in source.stored(2, 10, SOON_S)] == [3]
        assert not source.stored(3, 10, 0)


def test_no_more_than_the_limit_comes_at_once(log: Log) -> None:
    log.write(range(1, 8))
    with log.source() as source:
        sizes, after = [], 0
        while after < 7:
            facts = source.read(after, 3, SOON_S)
            assert [f.envelope.position for f in facts] == list(
                range(after + 1, after + 1 + len(facts))
            )
            sizes.append(len(facts))
            after += len(facts)
    assert max(sizes) == 3


def test_reading_can_begin_after_any_position(log: Log) -> None:
    """With one source, there and back, and with a new one each time."""
    for start in range(1, 41, 4):
        log.write(range(start, start + 4))
    with log.source() as source:
        for after in (0, 39, 17, 17, 3, 40, 1):
            assert _positions(source, after) == list(range(after + 1, 41))
    for after in range(0, 41, 5):
        with log.source() as source:
            assert _positions(source, after) == list(range(after + 1, 41))


def test_an_empty_log_is_waited_for_and_has_no_head(log: Log) -> None:
    with log.source() as source:
        assert source.head() == 0
        began = time.monotonic()
        assert not source.read(0, 10, 0.3)
        assert 0.25 < time.monotonic() - began < SOON_S
        assert not source.read(0, 10, 0)


def test_a_wait_ends_with_the_first_fact(log: Log) -> None:
    log.write([1])
    with log.source() as source:
        assert _positions(source, 0) == [1]
        late = threading.Timer(0.2, log.write, [[2]])
        late.start()
        began = time.monotonic()
        (recorded,) = source.read(1, 10, SOON_S)
        late.join()
    assert recorded.envelope.position == 2
    assert time.monotonic() - began < SOON_S / 2


def test_the_head_is_the_last_fact_and_looking_at_it_moves_nothing(log: Log) -> None:
    log.write(range(1, 6))
    with log.source() as source:
        assert source.head() == 5
        assert len(source.read(0, 2, SOON_S)) == 2
        log.write([6, 7])
        assert source.head() == 7
        assert _positions(source, 2) == [3, 4, 5, 6, 7]


def test_nothing_comes_from_across_a_hole(log: Log) -> None:
    log.write([1, 2, 3])
    log.write([5, 6])
    with log.source() as source:
        assert _positions(source, 0, until=3) == [1, 2, 3]
        with pytest.raises(LogGap, match="5 where 4 belongs"):
            source.read(3, 10, SOON_S)
        with pytest.raises(LogGap):
            source.read(3, 10, SOON_S)


def test_a_log_without_its_beginning_is_not_read(log: Log) -> None:
    log.write([3, 4])
    with log.source() as source, pytest.raises(LogGap, match="3 where 1 belongs"):
        source.read(0, 10, SOON_S)


@pytest.mark.postgres
def test_a_store_that_was_cut_off_is_seen(store_log: StoreLog) -> None:
    store_log.write([1, 2])
    with store_log.source() as source, pytest.raises(LogGap, match="ends at position 2, but 5"):
        source.read(5, 10, 0)


@pytest.mark.kafka
def test_a_repeat_is_not_read(kafka_log: KafkaLog) -> None:
    """The store cannot hold one: a position there is unique."""
    kafka_log.write([1, 2, 2, 3])
    with kafka_log.source() as source, pytest.raises(LogGap, match="2 where 3 belongs"):
        source.read(0, 10, SOON_S)


@pytest.mark.kafka
def test_a_log_that_lost_its_tail_is_waited_for(kafka_log: KafkaLog) -> None:
    kafka_log.write([1, 2])
    with kafka_log.source() as source:
        assert not source.read(3, 10, 0)
        kafka_log.write([3])
        assert not source.read(3, 10, 0)
        kafka_log.write([4])
        assert _positions(source, 3, until=4) == [4]


@pytest.mark.kafka
def test_what_was_aborted_is_not_there(kafka_log: KafkaLog) -> None:
    kafka_log.write([1, 2])
    kafka_log.send([_message(kafka_log, 3)] * 300, commit=False)
    with kafka_log.source() as source:
        assert source.head() == 2
        kafka_log.write([3])
        assert source.head() == 3
        for after in (2, 0, 1):
            assert _positions(source, after) == list(range(after + 1, 4))


def _message(log: KafkaLog, position: int) -> Message:
    return message(fact(log.ledger, position), epoch=1)


def _other_payload(m: Message) -> Message:
    return replace(m, value=m.value.replace(b"GTX", b"MG "))


def _other_leaf(m: Message) -> Message:
    return _with(m, "envelope", dict(m.headers)["envelope"].replace(b"test", b"evil"))


def _other_hash(m: Message) -> Message:
    return _with(m, "leaf_hash", b"0" * 64)


def _no_leaf(m: Message) -> Message:
    return replace(m, headers=[(k, v) for k, v in m.headers if k != "envelope"])


def _with(m: Message, name: str, value: bytes) -> Message:
    return replace(m, headers=[(k, value if k == name else v) for k, v in m.headers])


@pytest.mark.kafka
@pytest.mark.parametrize("tamper", [_other_payload, _other_leaf, _other_hash, _no_leaf])
def test_a_record_that_was_changed_is_not_read(
    kafka_log: KafkaLog, tamper: Callable[[Message], Message]
) -> None:
    kafka_log.write([1])
    kafka_log.send([tamper(_message(kafka_log, 2))])
    with kafka_log.source() as source:
        assert _positions(source, 0, until=1) == [1]
        with pytest.raises(LogCorrupt):
            source.read(1, 10, SOON_S)
