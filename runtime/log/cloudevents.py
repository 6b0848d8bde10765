"""A stored fact as a Kafka record: CloudEvents 1.0 headers, and the leaf that proves it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from events.catalogue import EVENTS
from events.recorded import leaf_hash

CONTENT_TYPE: Final = b"application/json"
_SPEC_VERSION: Final = b"1.0"


class LogCorrupt(Exception):  # noqa: N818 - names what is found, not who is at fault
    """A record of the log is not what was written; the message says which and why."""


@dataclass(frozen=True, slots=True)
class StoredFact:
    """One row of the event store, as the relay reads it."""

    position: int
    stream: str
    name: str
    payload: bytes
    leaf: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent for one fact."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    timestamp_ms: int
    """``recorded_at``, milliseconds since 1970."""

    @property
    def size(self) -> int:
        """About how many bytes it takes, uncompressed."""
        return len(self.key) + len(self.value) + sum(len(k) + len(v) for k, v in self.headers)


class Received(Protocol):
    """The part of a consumer's record that is looked at."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        ...

    @property
    def value(self) -> bytes:
        """The payload."""
        ...

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        """All headers, in order."""
        ...


def message(fact: StoredFact, epoch: int) -> Message:
    """``fact`` as it is published by the relay of leadership ``epoch``.

    Raises:
        ValueError: the leaf is not JSON.
    """
    envelope = json.loads(fact.leaf)
    name, schema = envelope["name"], envelope["schema"]
    return Message(
        key=partition_key(fact.name, fact.stream, fact.payload).encode(),
        value=fact.payload,
        headers=[
            ("ce_specversion", _SPEC_VERSION),
            ("ce_id", envelope["event_id"].encode()),
            ("ce_type", name.encode()),
            ("ce_source", f"/keyledger/{envelope['ledger']}".encode()),
            ("ce_subject", fact.stream.encode()),
            ("ce_time", envelope["occurred_at"].encode()),
            ("ce_dataschema", f"/schemas/{name}.v{schema}.json".encode()),
            ("content-type", CONTENT_TYPE),
            ("envelope", fact.leaf),
            ("position", b"%d" % fact.position),
            ("leaf_hash", fact.leaf_hash.hex().encode()),
            ("relay_epoch", b"%d" % epoch),
        ],
        timestamp_ms=_milliseconds(envelope["recorded_at"]),
    )


def partition_key(name: str, stream: str, payload: bytes) -> str:
    """The account or partner the fact belongs to, else its stream.

    A fact of a name this release does not know is keyed by its stream, too.
    """
    kind = EVENTS.get(name)
    if kind is None or kind.PARTITION is None:
        return stream
    return json.loads(payload).get(kind.PARTITION) or stream


def _milliseconds(instant: str) -> int:
    moment = datetime.fromisoformat(instant)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def header(record: Received, name: str) -> bytes:
    """The value of a header.

    Raises:
        LogCorrupt: the record does not have it.
    """
    for key, value in record.headers:
        if key == name:
            return value
    message = f"the record at offset {record.offset} has no header {name}"
    raise LogCorrupt(message)


def position_of(record: Received) -> int:
    """The position of the fact in ``record``; 1 or more.

    Raises:
        LogCorrupt: the record does not say it.
    """
    text = header(record, "position")
    if not text.isdigit() or text == b"0":
        message = f"the record at offset {record.offset} has the position {text!r}"
        raise LogCorrupt(message)
    return int(text)


def leaf_of(record: Received) -> bytes:
    """The leaf in ``record``, whose hash has been computed again and compared.

    Raises:
        LogCorrupt: leaf and leaf hash do not belong together.
    """
    leaf = header(record, "envelope")
    if leaf_hash(leaf).hex().encode() != header(record, "leaf_hash"):
        message = f"the leaf of the record at offset {record.offset} does not have its hash"
        raise LogCorrupt(message)
    return leaf
