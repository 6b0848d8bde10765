"""What-ifs that are carried out in the background: what was asked, and how far each has come.

A replay is no fact: nothing of it is in the log, and no read model knows of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from events.policies.scoring import DryRun
from replay.what_if.question import Question

State = Literal["waiting", "running", "done", "cancelled", "failed"]

Doing = Literal["signals", "account days"]
"""The steps of a replay, in this order: what signals there are is read, and days are scored."""

Format = Literal["json", "csv", "parquet", "markdown"]
"""How a result is told: each says all that is for its readers."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One form of a result."""

    octets: int
    """How many."""
    sha256: str
    """In lower-case hexadecimal."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result."""

    rule: str
    """The rule that says no; ``cannot-run`` where something is missing that the detail names, and
    ``internal`` where it is a mistake of ours."""
    detail: str
    field: str | None
    """Of the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a replay found of one candidate, in figures."""

    name: str
    """Of the candidate."""
    place: str
    """The region, or ``*`` for the whole group."""
    version: int | None
    """``None`` for a document that nobody has drafted."""
    dry_run: DryRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a replay has come."""

    doing: Doing | None
    """What is counted; ``None`` before it has begun."""
    done: int
    total: int | None
    rate: float | None
    """How many a second, since somebody last took it up; ``None`` before that is known."""

    @property
    def left_s(self) -> float | None:
        """How many seconds this step will take yet at this rate; ``None`` while nobody can tell."""
        if self.total is None or not self.rate:
            return None
        return (self.total - self.done) / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One what-if, as it stands."""

    replay_id: str
    number: int
    """Among all that were asked, in order."""
    key_id: str
    """The key it was asked with."""
    actor: str
    """``employee-<id>`` or ``api_key-<id>``."""
    question: Question
    digest: bytes
    """SHA-256 of the question as it was sent."""
    state: State
    asked_at: datetime
    started_at: datetime | None
    seen_at: datetime | None
    """When whoever carries it out was last heard of."""
    finished_at: datetime | None
    keep_until: datetime | None
    """When it is forgotten, unless a proposal names it."""
    position: int | None
    """Of the last fact that the result rests on."""
    progress: Progress
    failure: Failure | None
    results: Mapping[Format, ResultFile]
    """Of one that is done."""
    findings: tuple[Finding, ...]
    """Of one that is done: one for each candidate, in their order."""
