"""What a command wants stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A fact ready to be stored: everything but its position and the time it is recorded."""

    stream: str
    version: int
    name: str
    schema: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command's share of a batch: what it read, what it wants stored, and on whose behalf."""

    command_id: str
    digest: bytes
    stream: str
    reads: Mapping[str, int]
    drafts: Sequence[Draft] = ()
    keep_receipt: bool = True
    actor: str = "system"
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None = None
    policies: Mapping[str, int] = field(default_factory=dict)
    imported: bool = False
