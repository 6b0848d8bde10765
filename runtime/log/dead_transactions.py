"""Transactions that a partition has open although nobody can end them any more.

A broker that is killed during a transaction can take the partition for deleted while it starts
again. It then notes the transaction as ended and writes no marker, and nothing after it can be
read as committed, ever (KIP-664 calls that a hanging transaction; see 0015).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import TopicPartition
from kafka.admin import AbortTransactionSpec, KafkaAdminClient, ProducerState

from runtime.log.guarded_producer import Identity


def open_transactions(bootstrap: str, partition: TopicPartition) -> Sequence[ProducerState]:
    """The producers that have a transaction open, as the leader of ``partition`` says.

    Raises:
        kafka.errors.KafkaError: it did not answer.
    """
    with _admin(bootstrap) as admin:
        return _open(admin, partition)


def end_dead(
    bootstrap: str, partition: TopicPartition, fenced: Identity
) -> Sequence[ProducerState]:
    """Abort what earlier epochs of the producer that is ``fenced`` now have open; what that was.

    The fence is answered only when the coordinator takes their transactions for ended, and from
    then on it takes no commit from them: what is still open has no marker on its way. It is
    aborted even where the coordinator had decided to commit. Nobody has read it, so it was never
    published, and is sent again. What belongs to other producers is left alone.

    Raises:
        kafka.errors.InvalidProducerEpochError: a successor has written meanwhile.
        kafka.errors.KafkaError: the leader did not answer, or does not permit it.
    """
    with _admin(bootstrap) as admin:
        dead = [p for p in _open(admin, partition) if _is_earlier(p, fenced)]
        for producer in dead:
            abort(admin, partition, producer)
    return dead


def abort(admin: Any, partition: TopicPartition, producer: ProducerState) -> None:
    """Abort the transaction of this epoch of ``producer``; the leader refuses if a later wrote."""
    # The leader compares the coordinator's epoch with that of the last marker; -1: there is none.
    coordinator_epoch = max(0, producer.coordinator_epoch)
    admin.abort_transaction(
        AbortTransactionSpec(
            partition, producer.producer_id, producer.producer_epoch, coordinator_epoch
        )
    )


def _open(admin: Any, partition: TopicPartition) -> Sequence[ProducerState]:
    state = admin.describe_producers([partition])[partition]
    return [p for p in state.active_producers if p.current_transaction_start_offset >= 0]


def _is_earlier(producer: ProducerState, fenced: Identity) -> bool:
    return bool(
        producer.producer_id == fenced.producer_id and producer.producer_epoch < fenced.epoch
    )


@contextmanager
def _admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(
        bootstrap_servers=bootstrap,
        client_id="keyledger-relay-settles",
        reconnect_backoff_max_ms=1000,
    )
    try:
        yield admin
    finally:
        admin.close()
