"""Facts for tests of the log: made up, appended to a store, and read back from a topic."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from kafka import KafkaProducer

from events.pipeline.product import ProductListed
from events.recorded import Envelope, leaf, leaf_hash
from events.values import Money
from runtime.log.cloudevents import StoredFact, message
from runtime.log.guarded_producer import PARTITION
from runtime.log.kafka_topic import topic_name
from runtime.log.log_tail import beginning, consumer, end, partition_of, poll
from runtime.store.entry import Draft, Entry
from tests.history.checker import violations
from tests.history.dumps import committed, sent_by_the_system
from tests.history.history import History
from tests.runtime.store.ledgers import OCCURRED_AT, Ledger


def payload(product_id: str) -> bytes:
    """A product was listed."""
    price = Money(minor=55_000, currency="USD")
    listed = ProductListed(product_id=product_id, name="GTX Pro", series="GTX", list_price=price)
    return listed.model_dump_json().encode()


def fact(ledger: str, position: int) -> StoredFact:
    """A fact as the store would have it at ``position``, of a stream of its own."""
    value = payload(f"P{position}")
    envelope = Envelope(
        ledger=ledger,
        position=position,
        stream=f"product-P{position}",
        version=1,
        name=ProductListed.NAME,
        schema=ProductListed.VERSION,
        occurred_at=OCCURRED_AT,
        recorded_at=OCCURRED_AT,
        actor="test",
        command_id=str(uuid4()),
        correlation_id="test",
        causation_id=None,
        policies={},
        release="test",
        imported=False,
        payload_sha256=hashlib.sha256(value).hexdigest(),
    )
    data = leaf(envelope)
    return StoredFact(position, envelope.stream, envelope.name, value, data, leaf_hash(data))


def listing(facts: int = 1) -> Entry:
    """One command that lists ``facts`` products, on a stream nobody has used."""
    stream = f"product-{uuid4()}"
    return Entry(
        command_id=str(uuid4()),
        digest=b"d" * 32,
        stream=stream,
        reads={stream: 0},
        drafts=[
            Draft(
                stream=stream,
                version=version,
                name=ProductListed.NAME,
                schema=ProductListed.VERSION,
                payload=payload(f"{stream[8:]}-{version}"),
            )
            for version in range(1, facts + 1)
        ],
        occurred_at=OCCURRED_AT,
        correlation_id="test",
    )


def append(store: Ledger, commands: int, facts: int = 1) -> None:
    """Append ``commands`` times ``facts``, in one transaction."""
    with store.connect() as connection:
        store.recorder.record(connection, [listing(facts) for _ in range(commands)])


@dataclass(frozen=True, slots=True)
class Published:
    """One record of the topic, as a reader of what is committed gets it."""

    position: int
    payload: bytes
    leaf: bytes
    leaf_hash: bytes
    epoch: int


def _published(record: Any) -> Published:
    fields = dict(record.headers)
    return Published(
        int(fields["position"]),
        record.value,
        fields["envelope"],
        bytes.fromhex(fields["leaf_hash"].decode()),
        int(fields["relay_epoch"]),
    )


def records(bootstrap: str, ledger: str, *, committed: bool = True) -> list[Published]:
    """Everything that can be read from the topic now, from its beginning to its end."""
    return list(_records(bootstrap, ledger, committed=committed))


def _records(bootstrap: str, ledger: str, *, committed: bool) -> Iterator[Published]:
    partition = partition_of(topic_name(ledger))
    with closing(consumer(bootstrap, "test", committed=committed)) as reader:
        reader.assign([partition])
        reader.seek(partition, beginning(reader, partition))
        last = end(reader, partition)
        while reader.position(partition) < last:
            yield from map(_published, poll(reader, 1))


def same_as_stored(store: Ledger, bootstrap: str) -> int:
    """Assert that log and store hold the same, byte for byte and in order; how much that is."""
    stored = store.events()
    history = History(
        calls=(),
        store=stored,
        log=committed(bootstrap, store.name),
        set_up=sent_by_the_system(stored),
    )
    assert violations(history) == []
    return len(stored)


def plant(bootstrap: str, ledger: str, *facts: StoredFact) -> None:
    """Write ``facts`` into the topic past any relay."""
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        for planted in facts:
            m = message(planted, epoch=0)
            sent = producer.send(
                topic_name(ledger), m.value, m.key, headers=m.headers, partition=PARTITION
            )
            sent.get(timeout=10)
