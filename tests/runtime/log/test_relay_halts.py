"""What a relay must not decide alone: it stops and says what it found and what to do."""

import threading

import psycopg
import pytest

from runtime.log.kafka_topic import WrongLogSettings, ledger_topic, topic_name
from runtime.log.outbox import RelayHalt
from runtime.log.relay import Relay
from tests.runtime.log.facts import append, fact, plant, records, same_as_stored
from tests.runtime.log.relays import BRISK, catch_up
from tests.runtime.log.settings import admin, broker_setting
from tests.runtime.store.ledgers import Ledger

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


def _run(store: Ledger, kafka: str) -> None:
    Relay(store.url, store.name, kafka, pace=BRISK, die=pytest.fail).run(threading.Event())


def _owner(store: Ledger, *statements: str) -> None:
    with psycopg.connect(store.url, options=f"-c search_path={store.name}") as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_topic_that_is_gone_or_another_one_is_not_filled_by_itself(
    store: Ledger, kafka: str
) -> None:
    append(store, 3)
    catch_up(store, kafka)
    with admin(kafka) as client:
        client.delete_topics([topic_name(store.name)])
    with pytest.raises(RelayHalt, match="is missing; to publish the whole ledger again"):
        _run(store, kafka)
    ledger_topic(kafka, store.name)
    with pytest.raises(RelayHalt, match="is another one"):
        _run(store, kafka)
    assert records(kafka, store.name) == []
    _owner(store, "UPDATE relay SET topic_id = NULL")
    append(store, 1)
    catch_up(store, kafka)
    assert same_as_stored(store, kafka) == 4


def test_a_store_behind_the_log_is_not_written_over(store: Ledger, kafka: str) -> None:
    """As after a backup was restored that is older than the log."""
    append(store, 2)
    catch_up(store, kafka)
    plant(kafka, store.name, fact(store.name, 3))
    with pytest.raises(RelayHalt, match="the store is behind the log, which has position 3"):
        _run(store, kafka)
    assert len(records(kafka, store.name)) == 3


def test_a_fork_is_not_continued(store: Ledger, kafka: str) -> None:
    append(store, 2)
    catch_up(store, kafka)
    plant(kafka, store.name, fact(store.name, 3))
    append(store, 2)
    with pytest.raises(RelayHalt, match="different facts at position 3"):
        _run(store, kafka)
    assert len(records(kafka, store.name)) == 3


def test_a_hole_in_the_store_is_not_published_over(store: Ledger, kafka: str) -> None:
    append(store, 3)
    _owner(
        store,
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DELETE FROM events WHERE notification_id = 2",
    )
    with pytest.raises(RelayHalt, match="the store has no position 2, but has 3"):
        _run(store, kafka)
    assert records(kafka, store.name) == []


def test_each_wrong_setting_of_a_topic_is_named(store: Ledger, kafka: str) -> None:
    """F-26, the settings of a topic."""
    wrong = {
        "cleanup.policy": "compact",
        "retention.ms": "604800000",
        "retention.bytes": "1000000",
        "unclean.leader.election.enable": "true",
        "message.timestamp.type": "LogAppendTime",
        "message.timestamp.after.max.ms": "3600000",
        "message.timestamp.before.max.ms": "3600000",
        "max.message.bytes": "1000",
    }
    options = {"num_partitions": 2, "replication_factor": 1, "configs": wrong}
    with admin(kafka) as client:
        client.create_topics({topic_name(store.name): options})
    with pytest.raises(WrongLogSettings) as refused:
        _run(store, kafka)
    for setting, value in wrong.items():
        assert f"{setting} is {value}, must be" in str(refused.value)
    assert "has 2 partitions, a ledger has 1" in str(refused.value)


def test_a_broker_that_does_not_verify_transactions_is_refused(store: Ledger, kafka: str) -> None:
    """F-26, the setting of a broker: without it a torn transaction could go on (KAFKA-17754)."""
    setting = "transaction.partition.verification.enable"
    with (
        broker_setting(kafka, {setting: "false"}),
        pytest.raises(WrongLogSettings, match=f"broker 1: {setting} is false, must be true"),
    ):
        _run(store, kafka)
    catch_up(store, kafka)
