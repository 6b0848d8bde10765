"""Reading the end of the log: what is committed there is what was published."""

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import LogTruncationError, OffsetOutOfRangeError

from runtime.log.cloudevents import LogCorrupt, position_of
from runtime.log.guarded_producer import PARTITION, Doubt

_TAIL: Final = 256
_POLL_MS: Final = 250


def consumer(bootstrap: str, name: str, *, committed: bool = True) -> KafkaConsumer:
    """A consumer without a group that reads what is committed, or everything.

    Where it stands is never kept by Kafka and never guessed: a log that has lost what was to be
    read next is an error, not a reason to go on elsewhere.
    """
    return KafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id=name,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed" if committed else "read_uncommitted",
        fetch_min_bytes=1,
        fetch_max_wait_ms=_POLL_MS,
        max_partition_fetch_bytes=4 * 2**20,
        max_poll_records=5_000,
        # The default of 100 ms is what a reader waits before it asks again.
        retry_backoff_ms=5,
        reconnect_backoff_max_ms=1000,
        request_timeout_ms=10_000,
        allow_auto_create_topics=False,
        metrics_enabled=False,
        check_crcs=True,
    )


def partition_of(topic: str) -> TopicPartition:
    """The one partition of a ledger's topic."""
    return TopicPartition(topic, PARTITION)


def end(reader: KafkaConsumer, partition: TopicPartition) -> int:
    """The offset after the last one this consumer may read."""
    return int(reader.end_offsets([partition])[partition])


def beginning(reader: KafkaConsumer, partition: TopicPartition) -> int:
    """The first offset there is: 0, unless records were deleted."""
    return int(reader.beginning_offsets([partition])[partition])


def poll(reader: KafkaConsumer, timeout_s: float, limit: int | None = None) -> Sequence[Any]:
    """The next records; empty if none came in time.

    Raises:
        LogCorrupt: the log no longer has the offset that was to be read next.
    """
    try:
        answer = reader.poll(timeout_ms=max(0, int(timeout_s * 1000)), max_records=limit)
    except (LogTruncationError, OffsetOutOfRangeError) as lost:
        message = f"the log no longer has what was to be read next: {lost}"
        raise LogCorrupt(message) from lost
    return next(iter(answer.values()), ())


def last_record(reader: KafkaConsumer, partition: TopicPartition, timeout_s: float) -> Any | None:
    """The last committed record, or ``None`` in an empty log; ``reader`` then stands at its end.

    Control records and aborted ones take offsets too, so the search goes back in growing steps.

    Raises:
        Doubt: it took longer than ``timeout_s``.
    """
    deadline = time.monotonic() + timeout_s
    first, stop = beginning(reader, partition), end(reader, partition)
    step = _TAIL
    while True:
        start = max(first, stop - step)
        found = None
        for records in _between(reader, partition, start, stop, deadline):
            found = records[-1]
        if found is not None or start == first:
            return found
        step *= 2


def record_at(
    reader: KafkaConsumer, partition: TopicPartition, position: int, timeout_s: float
) -> Any | None:
    """The record of ``position``, else the first above it, else ``None``.

    Where there is none, ``reader`` then stands at the end.
    Besides facts only control records take offsets, so from one fact to another there are at
    least as many offsets as positions: a jump of that many never goes too far, and what is left
    after it is only what control records there were in between.

    Raises:
        Doubt: it took longer than ``timeout_s``.
        LogCorrupt: a record on the way does not say its position.
    """
    deadline = time.monotonic() + timeout_s
    offset, stop = max(position - 1, beginning(reader, partition)), end(reader, partition)
    while True:
        records = next(_between(reader, partition, offset, stop, deadline), None)
        if records is None:
            return None
        record = records[0]
        short = position - position_of(record)
        if short <= 0:
            return record
        offset = record.offset + short


def _between(
    reader: KafkaConsumer, partition: TopicPartition, start: int, stop: int, deadline: float
) -> Iterator[Sequence[Any]]:
    """What is committed from offset ``start`` up to ``stop``, which is not in it."""
    reader.seek(partition, min(start, stop))
    while reader.position(partition) < stop:
        records = poll(reader, _POLL_MS / 1000)
        if records:
            yield records
        elif time.monotonic() > deadline:
            message = f"the log could not be read from offset {start} to {stop}"
            raise Doubt(message)
