"""The relay against a real broker: killed, stopped and doubled; nothing lost or doubled."""

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest

from runtime.log.broker import Broker
from tests.processes import SOON_S, until
from tests.runtime.log import relays
from tests.runtime.log.facts import append, records, same_as_stored
from tests.runtime.log.relays import PATIENT, Hit, catch_up, running
from tests.runtime.store.ledgers import Ledger

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

KILLS = 50
STEPS = [step for n in range(10) for step in (f"R{n}", f"R{n}.done")]
BROKER_KILLS = 3
RESTARTS = 15


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
    """F-01: half of them die soon, mostly while they take over, half of them while they publish."""
    rng = random.Random(1)
    with appending(store, seed=1):
        for kill in range(KILLS):
            relay = relays.start(store, kafka)
            if kill % 2:
                _publishes(store)
            relay.join(rng.uniform(0.0, 0.5))
            assert relays.end(relay) == -signal.SIGKILL
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) > KILLS
    assert len({record.epoch for record in records(kafka, store.name)}) >= KILLS // 2


def _publishes(store: Ledger) -> None:
    """Wait until the relay that has just been started has published something.

    What is noted may move once before that, when it learns what was published before its time.
    """
    for _ in range(2):
        before = relays.published_to(store)
        until(partial(_is_past, store, before), "it publishes")


def _is_past(store: Ledger, position: int) -> bool:
    return relays.published_to(store) > position


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_and_doubles_nothing(store: Ledger, kafka: str, step: str) -> None:
    """F-02: three times each, with facts published before and facts left to publish."""
    append(store, 60)
    for occurrence in (1, 2, 3):
        append(store, 120)
        hit = Hit(step, occurrence if step[1] in "45678" else 1, doubts=step[1] == "9")
        relay = relays.start(store, kafka, hit=hit)
        relay.join(SOON_S)
        assert relay.exitcode == -signal.SIGKILL, "it never came there"
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 420


@pytest.mark.parametrize("step", ["R4.done", "R5.done", "R6.done"])
def test_a_zombie_is_refused(store: Ledger, kafka: str, step: str) -> None:
    """F-08: stopped with facts in hand, then woken up when another one leads."""
    append(store, 60)
    zombie = relays.start(store, kafka, hit=Hit(step, signal=signal.SIGSTOP))
    try:
        until(lambda: relays.is_stopped(zombie), "the relay stopped itself")
        with running(store, kafka):
            until(lambda: relays.published_to(store) == 60, "the successor leads")
            zombie_s_last = max(
                (r.position for r in records(kafka, store.name) if r.epoch == 1), default=0
            )
            os.kill(zombie.pid, signal.SIGCONT)
            append(store, 60)
            until(lambda: relays.published_to(store) == 120, "the successor goes on")
            assert zombie.is_alive()
    finally:
        relays.end(zombie)
    by_zombie = [r.position for r in records(kafka, store.name) if r.epoch == 1]
    assert max(by_zombie, default=0) == zombie_s_last
    assert same_as_stored(store, kafka) == 120


def test_a_zombie_leads_again_when_its_successor_is_gone(store: Ledger, kafka: str) -> None:
    append(store, 60)
    zombie = relays.start(store, kafka, hit=Hit("R5.done", signal=signal.SIGSTOP))
    try:
        until(lambda: relays.is_stopped(zombie), "the relay stopped itself")
        catch_up(store, kafka)
        os.kill(zombie.pid, signal.SIGCONT)
        append(store, 60)
        until(lambda: relays.published_to(store) == 120, "the woken relay goes on")
    finally:
        relays.end(zombie)
    assert same_as_stored(store, kafka) == 120


def test_a_relay_outlives_kills_of_the_broker(
    store: Ledger, kafka: str, shared_broker: Broker
) -> None:
    """F-06: it goes on by itself, or ends itself and is started again."""
    with relays.kept(store, kafka, PATIENT) as goes_on, appending(store, seed=6):
        for _ in range(BROKER_KILLS):
            until(goes_on, "it publishes")
            shared_broker.kill()
            assert shared_broker.start() == kafka
        until(goes_on, "it publishes again")
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) > 0


def test_two_relays_that_keep_dying_do_not_keep_each_other_from_work(
    store: Ledger, kafka: str
) -> None:
    """F-24: the lock comes before the fence, so one that waits never disturbs a leader."""
    rng, started = random.Random(24), 2
    with appending(store, seed=24):
        pair = [relays.start(store, kafka) for _ in range(started)]
        for _ in range(RESTARTS):
            _publishes(store)
            turn = rng.randrange(2)
            relays.end(pair[turn])
            pair[turn] = relays.start(store, kafka)
            started += 1
        _publishes(store)
        for relay in pair:
            relays.end(relay)
    assert relays.epoch(store) <= started, "one of them had to begin again"
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) > 0


@pytest.mark.parametrize("hint", [0, 1_000_000])
def test_the_hint_is_never_believed(store: Ledger, kafka: str, hint: int) -> None:
    """What was published is learnt from the log, whatever the store noted."""
    append(store, 10)
    catch_up(store, kafka)
    append(store, 10)
    with psycopg.connect(store.url, options=f"-c search_path={store.name}") as owner:
        owner.execute("UPDATE relay SET published_to = %s", [hint])
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 20
