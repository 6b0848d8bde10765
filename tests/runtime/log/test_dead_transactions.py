"""Transactions that a partition has open for good: which a relay ends, and which not (0015).

A broker that is killed leaves one behind now and then (`test_doubtful_commits.py`, F-21). Here
it is made on purpose: with verification off, a producer writes past the coordinator.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest
from kafka import TopicPartition
from kafka.errors import InvalidProducerEpochError
from structlog.testing import capture_logs

from runtime.log.cloudevents import Message, message
from runtime.log.dead_transactions import abort, end_dead, open_transactions
from runtime.log.guarded_producer import GuardedProducer, Watchdog
from runtime.log.kafka_topic import ledger_topic, topic_name
from runtime.log.log_tail import partition_of
from runtime.log.relay import Relay
from tests.runtime.log.facts import append, fact, records, same_as_stored
from tests.runtime.log.relays import BRISK, catch_up
from tests.runtime.log.settings import admin, broker_setting
from tests.runtime.store.ledgers import Ledger

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]


@pytest.fixture
def store(database_url: str, ledger: str, kafka: str) -> Ledger:
    ledger_topic(kafka, ledger)
    return Ledger(database_url, ledger)


@pytest.fixture
def partition(store: Ledger) -> TopicPartition:
    return partition_of(topic_name(store.name))


@contextmanager
def _producer(kafka: str, store: Ledger, of: str | None = None) -> Iterator[GuardedProducer]:
    """A producer into the topic of ``store``: its relay's, or that of the ledger ``of``."""
    topic, watchdog = topic_name(store.name), Watchdog(pytest.fail)
    made = GuardedProducer(kafka, of or store.name, topic, BRISK.deadlines, watchdog)
    try:
        made.fence()
        yield made
    finally:
        made.drop()


def _facts(store: Ledger, first: int = 1) -> Sequence[Message]:
    return [message(fact(store.name, position), epoch=0) for position in range(first, first + 3)]


def _leave_open(kafka: str, store: Ledger, partition: TopicPartition) -> None:
    with (
        broker_setting(kafka, {"transaction.partition.verification.enable": "false"}),
        _producer(kafka, store) as made,
    ):
        made._producer._transaction_manager._partitions_in_transaction.add(partition)
        made.send(_facts(store))


def test_what_a_predecessor_left_open_is_ended_and_sent_again(
    store: Ledger, kafka: str, partition: TopicPartition
) -> None:
    append(store, 60)
    catch_up(store, kafka)
    _leave_open(kafka, store, partition)
    append(store, 60)
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 120
    assert open_transactions(kafka, partition) == []


def test_what_a_successor_has_open_is_left_alone(
    store: Ledger, kafka: str, partition: TopicPartition
) -> None:
    with _producer(kafka, store) as zombie, _producer(kafka, store) as successor:
        successor.send(_facts(store))
        assert end_dead(kafka, partition, zombie.identity) == []
        assert end_dead(kafka, partition, successor.identity) == []
        successor.commit()
    assert [record.position for record in records(kafka, store.name)] == [1, 2, 3]


def test_a_zombie_that_looked_before_its_successor_wrote_is_refused(
    store: Ledger, kafka: str, partition: TopicPartition
) -> None:
    _leave_open(kafka, store, partition)
    (seen,) = open_transactions(kafka, partition)
    with _producer(kafka, store) as successor:
        assert end_dead(kafka, partition, successor.identity) == [seen]
        successor.send(_facts(store))
        with admin(kafka) as zombie, pytest.raises(InvalidProducerEpochError):
            abort(zombie, partition, seen)
        successor.commit()
    assert [record.position for record in records(kafka, store.name)] == [1, 2, 3]


def test_what_another_producer_has_open_is_named_and_waited_for(
    store: Ledger, kafka: str, partition: TopicPartition
) -> None:
    append(store, 3)
    with _producer(kafka, store, of="another") as other:
        other.send(_facts(store, first=4))
        doubt = _doubt(store, kafka)
        assert "a transaction has been open for 0.1 s" in doubt
        assert f"producer_id={other.identity.producer_id}," in doubt
        (still,) = open_transactions(kafka, partition)
        assert still.producer_id == other.identity.producer_id
        other._producer.abort_transaction()
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 3


def _doubt(store: Ledger, kafka: str) -> str:
    """What makes a relay start over that waits no longer than 0.1 s for open transactions."""
    stop, pace = threading.Event(), replace(BRISK, settle=0.1)
    relay = Relay(
        store.url,
        store.name,
        kafka,
        pace=pace,
        die=pytest.fail,
        at=lambda step: stop.set() if step == "R9" else None,
    )
    with capture_logs() as said:
        relay.run(stop)
    return str(said[-1]["doubt"])
