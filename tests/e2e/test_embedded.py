"""The whole of it on one machine: it starts, answers, survives, stops, and leaves nothing."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.embedded import PARTS
from runtime.log.broker import Broker
from tests.e2e.machine import Machine, machine

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

WARM_S = 10.0
"""How long a warm start may take until health answers."""


@pytest.fixture(scope="module")
def by_the_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("e2e") / "store") as running:
        running.start("--log", "store")
        yield running


def test_a_command_over_http_is_answered_by_a_read_model(by_the_store: Machine) -> None:
    by_the_store.opened("north")
    health = by_the_store.ask("/v1/health")
    assert (health["status"], health["log"]) == ("ok", "store")
    assert set(by_the_store.look()) == {"serve", "project", "react", "replays", "postgres"}


@pytest.mark.parametrize("name", ["serve", "project", "react", "replays", "postgres"])
def test_what_is_killed_is_started_again_and_goes_on(by_the_store: Machine, name: str) -> None:
    by_the_store.kill(name)
    by_the_store.opened(f"after-{name}")
    assert "running again" in by_the_store.said


def test_it_is_started_and_stopped_again_and_again(by_the_store: Machine) -> None:
    by_the_store.opened("kept")
    assert by_the_store.stop(signal.SIGINT) == 0
    assert by_the_store.left() == []
    by_the_store.start("--log", "store")
    assert by_the_store.ready_s < WARM_S
    trail = by_the_store.ask("/v1/audit-trail?record=region-kept")
    assert [item["name"] for item in trail["items"]] == ["region.opened"]
    # A supervisor that is killed takes the parts with it; its servers are found and stopped by
    # the next one.
    by_the_store.look()
    by_the_store.process.kill()
    by_the_store.stop(signal.SIGKILL)
    by_the_store.start("--log", "store")
    by_the_store.opened("after-all")
    assert by_the_store.stop(signal.SIGTERM) == 0
    assert by_the_store.left() == []


@pytest.mark.kafka
def test_the_same_over_kafka(tmp_path: Path, shared_broker: Broker) -> None:
    assert shared_broker.cache is None or os.environ["KEYLEDGER_CACHE"]
    with machine(tmp_path / "kafka") as running:
        running.start()
        running.opened("north")
        assert running.ask("/v1/health")["log"] == "kafka"
        assert set(running.look()) == {*PARTS, "postgres", "kafka"}
        running.kill("relay")
        running.opened("after-relay")
        running.kill("kafka")
        running.opened("after-kafka")
        assert running.stop() == 0
        assert running.left() == []
        running.start()
        assert running.ready_s < WARM_S
        running.opened("warm")
        assert running.stop() == 0
        assert running.left() == []


def test_without_a_broker_it_says_so_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYLEDGER_CACHE", "/dev/null/nowhere")
    with machine(tmp_path / "none") as running:
        running.start()
        assert "no Kafka: " in running.said
        assert "--log store" in running.said
        assert running.ask("/v1/health")["log"] == "store"
        running.opened("north")
