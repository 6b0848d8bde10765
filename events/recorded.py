"""The envelope: who, when, on whose behalf and in what order a fact was recorded."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring as _text
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter

from events.event import Event

E = TypeVar("E", bound=Event, covariant=True)

_CANONICAL: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
LEAF_PREFIX: Final = b"\x00"
"""RFC 6962: a leaf hash is SHA-256 of a zero byte and the leaf, a node hash begins with a one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is known about a fact besides the fact; as canonical JSON it is the Merkle leaf."""

    ledger: str
    position: int
    """Place in the whole log: 1, 2, 3, … without a hole, in commit order."""
    stream: str
    version: int
    """Place in the stream: 1, 2, 3, …"""
    name: str
    schema: int
    occurred_at: datetime
    """When it was true, aware UTC; given by the caller."""
    recorded_at: datetime
    """When we knew, aware UTC; never smaller than the one before."""
    actor: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    policies: Mapping[str, int]
    """The policy versions the decision used: policy id to version."""
    release: str
    """The release of keyledger that decided."""
    imported: bool
    payload_sha256: str

    @property
    def event_id(self) -> str:
        """The id of the fact: stream and version."""
        return f"{self.stream}/{self.version}"


_LEAF: Final = TypeAdapter(Envelope)
"""Reads a leaf in a third of the time that `json` and the dataclass take; projectors live on it."""


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E]):
    """A fact in its envelope."""

    event: E
    envelope: Envelope


def canonical(value: Any) -> bytes:
    """``value`` as RFC 8785 canonical JSON, for objects with ASCII keys and integer numbers.

    Raises:
        ValueError: for NaN and infinities.
    """
    return _CANONICAL.encode(value).encode()


def content_sha256(content: Any) -> str:
    """SHA-256 of what is canonical of ``content``, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with six decimals, so that texts sort like the instants they name."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def leaf(envelope: Envelope) -> bytes:
    """The envelope as canonical JSON (RFC 8785): the Merkle leaf, byte for byte."""
    # Written out: it is made for every fact, and the encoder takes three times as long.
    cause = "null" if envelope.causation_id is None else _text(envelope.causation_id)
    policies = canonical(dict(envelope.policies)).decode() if envelope.policies else "{}"
    return (
        f'{{"actor":{_text(envelope.actor)},"causation_id":{cause},'
        f'"command_id":{_text(envelope.command_id)},'
        f'"correlation_id":{_text(envelope.correlation_id)},'
        f'"event_id":{_text(envelope.event_id)},'
        f'"imported":{"true" if envelope.imported else "false"},'
        f'"ledger":{_text(envelope.ledger)},"name":{_text(envelope.name)},'
        f'"occurred_at":"{instant(envelope.occurred_at)}",'
        f'"payload_sha256":{_text(envelope.payload_sha256)},"policies":{policies},'
        f'"position":{envelope.position},"recorded_at":"{instant(envelope.recorded_at)}",'
        f'"release":{_text(envelope.release)},"schema":{envelope.schema},'
        f'"stream":{_text(envelope.stream)},"version":{envelope.version}}}'
    ).encode()


def leaf_hash(leaf_data: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf), as RFC 6962 section 2.1 has it."""
    return hashlib.sha256(LEAF_PREFIX + leaf_data).digest()


def envelope_of(leaf_data: bytes) -> Envelope:
    """The envelope a leaf holds.

    Raises:
        pydantic.ValidationError: the bytes are not a leaf.
    """
    return _LEAF.validate_json(leaf_data)
