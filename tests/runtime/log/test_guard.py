"""What kafka-python says of a transaction that failed, and what the guard makes of it (0015).

Each fault is provoked on the real broker twice: through the bare client as a control, which must
show the loss, and through the guard, which must not.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from kafka.errors import KafkaError

from runtime.log.broker import Broker
from runtime.log.cloudevents import Message, message
from runtime.log.guarded_producer import PARTITION, Deadlines, Doubt, GuardedProducer, Watchdog
from runtime.log.kafka_topic import ledger_topic, topic_name
from tests.processes import until
from tests.runtime.log import relays
from tests.runtime.log.facts import append, fact, records, same_as_stored
from tests.runtime.log.faulty_proxy import FaultyProxy
from tests.runtime.log.relays import PATIENT, has_all, has_doubted, paused
from tests.runtime.store.ledgers import Ledger

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

REPEATS = 5
HASTY = Deadlines(delivery=2.1, request=1, transaction=4, init=10, commit=3)

NOT_LEADER = 6
UNKNOWN_PRODUCER_ID, INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE = 59, 47, 45
FAULTS = [
    pytest.param(NOT_LEADER, id="F-17-not-leader-until-the-delivery-timeout"),
    pytest.param(UNKNOWN_PRODUCER_ID, id="F-18-unknown-producer-id"),
    pytest.param(INVALID_PRODUCER_EPOCH, id="F-19-invalid-producer-epoch"),
    pytest.param(OUT_OF_ORDER_SEQUENCE, id="F-20-out-of-order-sequence"),
]


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


@contextmanager
def producer(bootstrap: str, ledger: str) -> Iterator[GuardedProducer]:
    """A producer that has fenced its predecessor off; dropped in the end."""
    watchdog = Watchdog(pytest.fail)
    made = GuardedProducer(bootstrap, ledger, topic_name(ledger), HASTY, watchdog)
    try:
        made.fence()
        yield made
    finally:
        made.drop()


def guarded(producer: GuardedProducer, ledger: str, messages: Sequence[Message]) -> bool:
    """Publish as the relay does; whether that was said to have worked."""
    try:
        producer.send(messages)
        producer.commit()
    except (KafkaError, Doubt):
        return False
    return True


def unguarded(producer: GuardedProducer, ledger: str, messages: Sequence[Message]) -> bool:
    """Publish as the client's documentation has it; whether that was said to have worked."""
    try:
        producer._producer.begin_transaction()
        _send(producer, ledger, messages)
        producer._producer.commit_transaction()
    except KafkaError:
        return False
    return True


def _send(producer: GuardedProducer, ledger: str, messages: Sequence[Message]) -> list[Any]:
    topic = topic_name(ledger)
    return [
        producer._producer.send(topic, m.value, m.key, headers=m.headers, partition=PARTITION)
        for m in messages
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of transactions that met a fault."""

    claimed: int
    """Said to be committed."""
    lost: int
    """Said to be committed, and not there."""


def _tally(
    publish: Callable[[GuardedProducer, str, Sequence[Message]], bool],
    proxy: FaultyProxy,
    kafka: str,
    ledger: str,
    code: int,
) -> Tally:
    """Publish one fact after the other, each with a new producer that meets the fault."""
    claimed = set()
    for position in range(1, REPEATS + 1):
        with producer(proxy.bootstrap, ledger) as made:
            _arm(proxy, code)
            if publish(made, ledger, [message(fact(ledger, position), epoch=1)]):
                claimed.add(position)
            proxy.always = None
    there = {record.position for record in records(kafka, ledger)}
    assert proxy.made >= REPEATS
    return Tally(len(claimed), len(claimed - there))


@pytest.mark.parametrize("code", FAULTS)
def test_the_bare_client_says_committed_of_what_is_lost(
    proxy: FaultyProxy, kafka: str, ledger: str, code: int
) -> None:
    """The control. Should it fail one day, the client was mended: look at the guard again."""
    assert _tally(unguarded, proxy, kafka, ledger, code).lost > 0


@pytest.mark.parametrize("code", FAULTS)
def test_the_guard_says_committed_of_nothing_that_is_lost(
    proxy: FaultyProxy, kafka: str, ledger: str, code: int
) -> None:
    assert _tally(guarded, proxy, kafka, ledger, code) == Tally(claimed=0, lost=0)


@pytest.mark.parametrize("code", FAULTS)
def test_a_relay_that_meets_the_fault_loses_and_doubles_nothing(
    store: Ledger, proxy: FaultyProxy, kafka: str, code: int
) -> None:
    """Each time it doubts, takes over from itself, and sends again what the log does not have."""
    with relays.kept(store, proxy.bootstrap, PATIENT) as goes_on:
        for commands in (30, 60, 90):
            epoch = relays.epoch(store)
            _arm(proxy, code)
            append(store, commands)
            until(partial(has_doubted, store, epoch), "the relay doubts")
            proxy.always = None
            until(partial(has_all, store, goes_on), "everything is published")
    assert same_as_stored(store, kafka) == 180


def _arm(proxy: FaultyProxy, code: int) -> None:
    """Answer one Produce request with ``code``, or all of them with one the client retries."""
    if code == NOT_LEADER:
        proxy.always = code
    else:
        proxy.errors.append(code)


def test_the_bare_client_says_committed_though_records_failed_while_the_broker_was_away(
    kafka: str, ledger: str, shared_broker: Broker
) -> None:
    """The control of F-17 without a proxy: the broker is stopped for longer than records wait."""
    ledger_topic(kafka, ledger)
    messages = [message(fact(ledger, position), epoch=1) for position in range(1, 22)]
    with producer(kafka, ledger) as made:
        made._producer.begin_transaction()
        _send(made, ledger, messages[:1])[0].get(timeout=10)
        with paused(shared_broker):
            futures = _send(made, ledger, messages[1:])
            made._producer.flush(5)
            until(lambda: all(future.is_done for future in futures), "every record has failed")
        made._producer.commit_transaction()
    assert all(future.failed() for future in futures)


def test_a_broker_that_is_away_for_longer_than_records_wait_loses_and_doubles_nothing(
    store: Ledger, kafka: str, shared_broker: Broker
) -> None:
    """F-17 without a proxy, through the relay."""
    with relays.kept(store, kafka, PATIENT) as goes_on:
        for _ in range(2):
            append(store, 1)
            until(partial(has_all, store, goes_on), "the relay works")
            epoch = relays.epoch(store)
            with paused(shared_broker):
                append(store, 120)
                until(partial(has_doubted, store, epoch), "the relay doubts")
            until(partial(has_all, store, goes_on), "everything is published")
    assert same_as_stored(store, kafka) == 242


def test_the_bare_client_waits_for_ever_for_a_broker_that_is_gone(
    kafka: str, ledger: str, shared_broker: Broker
) -> None:
    """The control of F-21: every deadline the client was given is over, and it still waits."""
    ledger_topic(kafka, ledger)
    committing = relays.forked(_commit_after_a_stop, kafka, ledger)
    try:
        until(partial(relays.is_stopped, committing), "it is about to commit")
        shared_broker.kill()
        os.kill(committing.pid, signal.SIGCONT)
        committing.join(HASTY.delivery + HASTY.request + HASTY.transaction)
        assert committing.is_alive()
    finally:
        relays.end(committing)


def _commit_after_a_stop(kafka: str, ledger: str) -> None:
    with producer(kafka, ledger) as made:
        made._producer.begin_transaction()
        _send(made, ledger, [message(fact(ledger, 1), epoch=1)])[0].get(timeout=10)
        os.kill(os.getpid(), signal.SIGSTOP)
        made._producer.commit_transaction()
