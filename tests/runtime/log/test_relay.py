"""The relay against a real broker: killed, stopped, doubled, cheated; nothing lost or doubled."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from kafka.admin import KafkaAdminClient

from runtime.log.broker import Broker
from runtime.log.kafka_topic import topic_name
from runtime.log.outbox import RelayHalt
from runtime.log.relay import Relay
from tests.runtime.log import relays
from tests.runtime.log.facts import append, records, same_as_stored
from tests.runtime.log.relays import BRISK, Killed, catch_up, running, until
from tests.runtime.store.ledgers import Ledger

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

KILLS = 50
STEPS = [step for n in range(10) for step in (f"R{n}", f"R{n}.done")]
ZOMBIES = 3
BROKER_KILLS = 3


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


@contextmanager
def appending(store: Ledger, seed: int) -> Iterator[None]:
    """Facts are appended meanwhile, in bursts of 1 to 150."""
    rng, stop, failed = random.Random(seed), threading.Event(), []

    def append_until_told() -> None:
        try:
            while not stop.wait(rng.uniform(0.01, 0.1)):
                append(store, rng.choice((1, 5, 30)), facts=rng.randint(1, 5))
        except psycopg.Error as wrong:
            failed.append(wrong)

    thread = threading.Thread(target=append_until_told)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert not failed


def test_every_fact_is_published_with_its_bytes(store: Ledger, kafka: str) -> None:
    append(store, 1, facts=3)
    append(store, 130)
    with running(store, kafka):
        until(lambda: relays.published_to(store) == 133, "what was there before")
        append(store, 7)
        until(lambda: relays.published_to(store) == 140, "what came meanwhile")
    assert same_as_stored(store, kafka) == 140


def test_fifty_kills_at_random_moments_lose_and_double_nothing(store: Ledger, kafka: str) -> None:
    """F-01: the first half dies mostly while it takes over, the second while it publishes."""
    rng = random.Random(1)
    epochs = set()
    with appending(store, seed=1):
        for kill in range(KILLS):
            relay = relays.start(store, kafka)
            relay.join(rng.uniform(0.05, 0.5) if kill % 2 else rng.uniform(0.4, 1.2))
            assert relays.end(relay) == -signal.SIGKILL
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) > KILLS
    epochs = {record.epoch for record in records(kafka, store.name)}
    assert len(epochs) > KILLS / 4, "most relays died before they had published anything"


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_and_doubles_nothing(store: Ledger, kafka: str, step: str) -> None:
    """F-02: three times each, with facts published before and facts left to publish."""
    append(store, 60)
    for occurrence in (1, 2, 3):
        append(store, 120)
        killed = Killed(step, occurrence if step[1] in "45678" else 1, doubts=step[1] == "9")
        relay = relays.start(store, kafka, killed=killed)
        relay.join(relays.SOON_S)
        assert relay.exitcode == -signal.SIGKILL, "it never came there"
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 420
