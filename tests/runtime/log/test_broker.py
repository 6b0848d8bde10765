"""The broker is really started here, stopped, crashed and refused."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runtime.log import classpath
from runtime.log.broker import Broker, BrokerUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.kafka
TOPIC = "facts"
SMALL_LOCK = """
[[dependencies]]
groupId = "org.example"
artifactId = "kafka_small"
version = "1.0"
packaging = "jar"
sha256 = "{sha256}"
"""


def _cache() -> Path | None:
    named = os.environ.get("KEYLEDGER_CACHE")
    return Path(named) if named else None


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"), cache=_cache())
    broker.start()
    yield broker
    broker.stop()


def _create_topic(bootstrap: str) -> None:
    from kafka import KafkaAdminClient

    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([TOPIC])
    finally:
        admin.close()


def _produce(bootstrap: str, value: bytes) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    try:
        producer.send(TOPIC, value).get(timeout=10)
    finally:
        producer.close()


def _consume(bootstrap: str) -> list[bytes]:
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(
        TOPIC,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        consumer_timeout_ms=2000,
        group_id=None,
    )
    try:
        return [record.value for record in consumer]
    finally:
        consumer.close()


def test_a_record_survives_a_restart_and_a_crash_on_the_same_port(broker: Broker) -> None:
    bootstrap = broker.start()
    _create_topic(bootstrap)
    _produce(bootstrap, b"first")

    broker.stop()
    assert not broker.status().running
    assert broker.start() == bootstrap
    _produce(bootstrap, b"second")

    broker.kill()
    assert not broker.status().running
    assert broker.start() == bootstrap
    assert _consume(bootstrap) == [b"first", b"second"]


def test_start_is_idempotent(broker: Broker) -> None:
    bootstrap = broker.start()
    before = broker.status()

    same = Broker(broker.data, cache=_cache())
    assert same.start() == bootstrap
    assert same.status() == before
    assert before.running
    assert before.bootstrap == bootstrap
    assert before.cluster_id
    assert before.version == "4.3.1"


def test_it_listens_on_loopback_only_and_in_a_session_of_its_own(broker: Broker) -> None:
    broker.start()
    pid = broker.status().pid
    assert pid is not None
    assert os.getsid(pid) == pid
    properties = (broker.data / "server.properties").read_text()
    listeners = next(line for line in properties.splitlines() if line.startswith("listeners="))
    assert listeners.count("://127.0.0.1:") == 2


def test_a_paused_broker_does_not_answer_and_a_resumed_one_does(broker: Broker) -> None:
    bootstrap = broker.start()
    broker.pause()
    try:
        with pytest.raises(BrokerUnavailable, match="did not answer within"):
            broker.start(timeout_s=1)
    finally:
        broker.resume()
    assert broker.start() == bootstrap


def test_a_paused_broker_can_be_stopped(broker: Broker) -> None:
    broker.start()
    broker.pause()
    began = time.monotonic()
    broker.stop()
    assert not broker.status().running
    assert time.monotonic() - began < 15


def test_a_taken_port_is_named(broker: Broker, tmp_path: Path) -> None:
    broker.start()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BrokerUnavailable, match=f"port {port} of 127.0.0.1 is taken"):
            Broker(tmp_path / "data", port=port, cache=_cache()).start()


def test_a_broker_that_dies_at_start_shows_the_end_of_its_log(
    broker: Broker, tmp_path: Path
) -> None:
    broker.start()
    data = tmp_path / "data"
    (data / "logs").mkdir(parents=True)
    (data / "logs" / "meta.properties").write_text("version=1\nnode.id=7\ncluster.id=other\n")
    with pytest.raises(BrokerUnavailable, match=r"(?s)ended while it started.*Stored node id 7"):
        Broker(data, cache=_cache()).start()


def test_a_data_directory_may_have_any_letters(broker: Broker, tmp_path: Path) -> None:
    broker.start()
    other = Broker(tmp_path / "Größe \\ 帳 😀", cache=_cache())
    try:
        other.start()
        assert (other.data / "logs" / "meta.properties").is_file()
    finally:
        other.stop()


def test_a_stale_pid_file_does_not_harm_the_process_that_has_the_pid_now(tmp_path: Path) -> None:
    stranger = subprocess.Popen((sys.executable, "-c", "import time; time.sleep(60)"))
    try:
        (tmp_path / "broker.pid").write_text(f"{stranger.pid}\n")
        stale = Broker(tmp_path)
        assert not stale.status().running
        with pytest.raises(BrokerUnavailable, match="no broker runs"):
            stale.pause()
        stale.kill()
        stale.stop()
        assert stranger.poll() is None
        assert not (tmp_path / "broker.pid").exists()
    finally:
        stranger.kill()
        stranger.wait()


@pytest.fixture
def small(tmp_path: Path) -> tuple[classpath.Lock, Path]:
    """Return a lock of one jar and a cache that has it."""
    content = b"not much of a jar"
    lock_file = tmp_path / "small.lock"
    lock_file.write_text(SMALL_LOCK.format(sha256=hashlib.sha256(content).hexdigest()))
    lock = classpath.read_lock(lock_file)
    home = tmp_path / "kafka" / lock.digest
    home.mkdir(parents=True)
    (home / "kafka_small-1.0.jar").write_bytes(content)
    return lock, tmp_path


def test_a_cached_jar_is_used_without_a_word(small: tuple[classpath.Lock, Path]) -> None:
    lock, cache = small
    said: list[str] = []
    jars = classpath.class_path(cache, lock=lock, say=said.append)
    assert [jar.name for jar in jars] == ["kafka_small-1.0.jar"]
    assert said == []


def test_a_jar_that_is_not_the_locked_one_is_refused(small: tuple[classpath.Lock, Path]) -> None:
    lock, cache = small
    jar = cache / "kafka" / lock.digest / "kafka_small-1.0.jar"
    jar.write_bytes(b"something else")
    with pytest.raises(BrokerUnavailable, match=r"kafka_small-1\.0\.jar is not the file"):
        classpath.class_path(cache, lock=lock, say=lambda _: None)


def test_a_missing_jar_is_named(small: tuple[classpath.Lock, Path]) -> None:
    lock, cache = small
    (cache / "kafka" / lock.digest / "kafka_small-1.0.jar").unlink()
    with pytest.raises(BrokerUnavailable, match="is missing"):
        classpath.class_path(cache, lock=lock, say=lambda _: None)


def test_without_network_and_cache_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A proxy nobody runs is as good as no network.
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(BrokerUnavailable, match=r"--log store.*KEYLEDGER_KAFKA_BOOTSTRAP"):
        Broker(tmp_path / "data", cache=tmp_path / "cache").start()
    assert list((tmp_path / "cache" / "kafka").iterdir()) == []
