"""Commits of which nobody can tell whether they came through; the log decides (0015)."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from runtime.log.broker import Broker
from runtime.log.dead_transactions import open_transactions
from runtime.log.kafka_topic import topic_name
from runtime.log.log_tail import partition_of
from runtime.log.relay import UNSURE
from tests.processes import SOON_S, until
from tests.runtime.log import relays
from tests.runtime.log.facts import append, same_as_stored
from tests.runtime.log.faulty_proxy import ADD_PARTITIONS, END_TXN, PRODUCE, FaultyProxy
from tests.runtime.log.relays import PATIENT, Hit, catch_up, has_all, paused
from tests.runtime.store.ledgers import Ledger

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

REPEATS = 5


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


def test_a_commit_without_an_answer_ends_the_process_and_the_log_decides(
    store: Ledger, kafka: str, shared_broker: Broker
) -> None:
    """F-21: the watchdog ends it within the deadline, and its successor reads the tail."""
    with _about_to_commit(store, kafka) as relay:
        shared_broker.kill()
        os.kill(relay.pid, signal.SIGCONT)
        began = time.monotonic()
        relay.join(SOON_S)
        assert relay.exitcode == UNSURE
        assert time.monotonic() - began < PATIENT.deadlines.commit + 1
    shared_broker.start()
    append(store, 50)
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 100


def test_a_commit_that_times_out_is_a_doubt_and_the_log_decides(
    store: Ledger, kafka: str, shared_broker: Broker
) -> None:
    """F-21, the broker stopped: the client gives up by itself then, and nobody believes it."""
    with _about_to_commit(store, kafka) as relay, paused(shared_broker):
        os.kill(relay.pid, signal.SIGCONT)
        relay.join(PATIENT.deadlines.commit + 1)
    append(store, 50)
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 100


@contextmanager
def _about_to_commit(store: Ledger, kafka: str) -> Iterator[Any]:
    """A relay that has stopped itself with 50 facts sent and none of them committed."""
    append(store, 50)
    relay = relays.start(store, kafka, pace=PATIENT, hit=Hit("R6", signal=signal.SIGSTOP))
    try:
        until(partial(relays.is_stopped, relay), "everything is sent")
        yield relay
    finally:
        relays.end(relay)


def test_lost_answers_to_commits_lose_and_double_nothing(
    store: Ledger, proxy: FaultyProxy, kafka: str
) -> None:
    """F-22: the broker has committed, and the connection breaks before it can say so."""
    with relays.kept(store, proxy.bootstrap, PATIENT) as goes_on:
        for cuts in range(1, REPEATS + 1):
            proxy.lost_answers = 1
            append(store, 20)
            until(partial(has_all, store, goes_on), "everything is published")
            assert proxy.made == cuts
    assert same_as_stored(store, kafka) == 20 * REPEATS


@pytest.mark.parametrize(
    "overtaken",
    [
        pytest.param(ADD_PARTITIONS, id="before-the-next-begins"),
        pytest.param(PRODUCE, id="before-its-records"),
        pytest.param(END_TXN, id="after-its-records"),
    ],
)
def test_commits_that_come_again_in_the_next_transaction_lose_and_tear_nothing(
    store: Ledger, proxy: FaultyProxy, kafka: str, overtaken: int
) -> None:
    """F-22: a copy of a commit, late in the network, ends a transaction it was not meant for."""
    proxy.late_before = overtaken
    with relays.kept(store, proxy.bootstrap, PATIENT) as goes_on:
        for _ in range(REPEATS):
            proxy.late_commits = 1
            append(store, 120)
            until(partial(has_all, store, goes_on), "everything is published")
    assert proxy.made >= REPEATS
    assert (relays.epoch(store) > 1) == (overtaken == PRODUCE), "only refused records are a doubt"
    assert same_as_stored(store, kafka) == 120 * REPEATS


def test_a_transaction_that_the_broker_has_ended_meanwhile_is_sent_again(
    store: Ledger, kafka: str
) -> None:
    """F-23: the relay stands still for longer than a transaction may take."""
    with _about_to_commit(store, kafka) as relay:
        partition = partition_of(topic_name(store.name))
        until(lambda: not open_transactions(kafka, partition), "the broker has ended it")
        os.kill(relay.pid, signal.SIGCONT)
        append(store, 50)
        until(lambda: relays.published_to(store) == 100, "it starts over and goes on")
        assert relay.is_alive()
    assert relays.epoch(store) == 2
    assert same_as_stored(store, kafka) == 100


def test_a_coordinator_that_starts_again_in_a_transaction_loses_and_doubles_nothing(
    store: Ledger, kafka: str, shared_broker: Broker
) -> None:
    """F-23, with one broker: the coordinator is gone for a moment and has to load what it knew."""
    with _about_to_commit(store, kafka) as relay:
        shared_broker.stop()
        shared_broker.start()
        os.kill(relay.pid, signal.SIGCONT)
        append(store, 50)
        until(lambda: relays.published_to(store) == 100, "it goes on")
    assert same_as_stored(store, kafka) == 100
