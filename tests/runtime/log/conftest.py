"""What tests of the log share."""

from collections.abc import Iterator

import pytest

from runtime.log.kafka_topic import ledger_topic, topic_name
from tests.runtime.log.faulty_proxy import FaultyProxy


@pytest.fixture
def proxy(kafka: str, ledger: str) -> Iterator[FaultyProxy]:
    """A way to the broker that fails on purpose; the topic of ``ledger`` is there already."""
    ledger_topic(kafka, ledger)
    proxy = FaultyProxy(int(kafka.rpartition(":")[2]), topic_name(ledger))
    proxy.start()
    yield proxy
    proxy.stop()
