"""The log as Kafka carries it: `LogSource` on the topic of a ledger."""

import hashlib
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

from events.codec import decode
from events.event import Event
from events.recorded import Envelope, Recorded, envelope_of, leaf_hash
from replay.ports import LogGap
from runtime.log.cloudevents import LogCorrupt, StoredFact, leaf_of, position_of
from runtime.log.kafka_topic import ledger_topic, topic_name
from runtime.log.log_tail import (
    beginning,
    consumer,
    last_record,
    partition_of,
    poll,
    record_at,
)

_PATIENCE_S: Final = 15.0
"""How long the broker may take to show a record it says it has."""


class KafkaSource:
    """Reads what is committed, without a group; for one thread.

    The position is the cursor. An offset is where a position is looked for first: the topic may
    be another one tomorrow, and a log that lost its tail is published again from the store.
    """

    def __init__(self, bootstrap: str, ledger: str) -> None:
        """Make the topic if nobody has yet, so that a reader may start before the relay.

        Raises:
            WrongLogSettings: the topic or a broker is not set up for a ledger.
            kafka.errors.KafkaError: the brokers cannot be reached.
        """
        ledger_topic(bootstrap, ledger)
        self._partition = partition_of(topic_name(ledger))
        self._reader = consumer(bootstrap, f"keyledger-{ledger}-reads")
        self._reader.assign([self._partition])
        self._after: int | None = None
        """The position the reader stands behind; ``None`` while that has to be found out."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the brokers."""
        self._reader.close()

    def read(self, after: int, limit: int, timeout_s: float) -> Sequence[Recorded[Event]]:
        """See `LogSource.read`.

        Raises:
            LogGap: as there.
            LogCorrupt: a record is not what was written, or the log lost what came next.
        """
        found = self._checked(after, limit, timeout_s)
        return [Recorded(decode(e.name, e.schema, fact.payload), e) for fact, e in found]

    def stored(self, after: int, limit: int, timeout_s: float) -> Sequence[StoredFact]:
        """See `StoredFacts.stored`.

        Raises:
            LogGap, LogCorrupt: as `read`.
        """
        return [fact for fact, _ in self._checked(after, limit, timeout_s)]

    def _checked(
        self, after: int, limit: int, timeout_s: float
    ) -> Sequence[tuple[StoredFact, Envelope]]:
        there = self._after == after or self._stand_behind(after)
        # Whatever goes wrong from here on, the next call looks for its place anew.
        self._after = None
        records = poll(self._reader, timeout_s, limit)
        if not there:
            # The log ends before ``after``: it lost its tail, and the relay publishes that again.
            return ()
        facts = [_stored(record) for record in records]
        for expected, (_, envelope) in enumerate(facts, start=after + 1):
            if envelope.position != expected:
                message = f"the log goes on with {envelope.position} where {expected} belongs"
                raise LogGap(message)
        self._after = after + len(facts)
        return facts

    def head(self) -> int:
        """See `LogSource.head`."""
        here = self._reader.position(self._partition) if self._after is not None else None
        last = last_record(self._reader, self._partition, _PATIENCE_S)
        if here is not None:
            self._reader.seek(self._partition, here)
        return 0 if last is None else position_of(last)

    def _stand_behind(self, after: int) -> bool:
        """Whether the log has position ``after``; the reader then stands behind it."""
        offset = beginning(self._reader, self._partition)
        if after:
            record = record_at(self._reader, self._partition, after, _PATIENCE_S)
            if record is None:
                return False
            if position_of(record) != after:
                message = f"the log has position {position_of(record)} where {after} belongs"
                raise LogGap(message)
            offset = record.offset + 1
        self._reader.seek(self._partition, offset)
        return True


def _stored(record: Any) -> tuple[StoredFact, Envelope]:
    """The fact in ``record``, whose hashes have been computed again and compared."""
    leaf = leaf_of(record)
    envelope = envelope_of(leaf)
    if hashlib.sha256(record.value).hexdigest() != envelope.payload_sha256:
        message = f"the payload of position {envelope.position} is not what its leaf says"
        raise LogCorrupt(message)
    fact = StoredFact(
        envelope.position, envelope.stream, envelope.name, record.value, leaf, leaf_hash(leaf)
    )
    return fact, envelope
