"""What finds an answer in a moment, part by part, as a what-if does in minutes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from aggregates.refusals import Refusal
from events.policies.place import place_of
from events.policies.scoring import DryRun
from replay.background import Doing, Finding, Format
from replay.what_if.question import Question
from replay.what_if.stretches import sha256_of
from runtime.replays.queue import Answered, Taken

FORMATS: Final[tuple[Format, ...]] = ("json", "csv", "parquet", "markdown")


@dataclass(slots=True)
class Toy:
    """`CarryOut` in ``parts`` parts, each of which is kept in a file of its own."""

    parts: int = 5
    size: int = 100
    """Of each form of the result, in octets."""
    refused: Exception | None = None
    """What it says instead of an answer."""
    before: Callable[[int], None] = lambda _: None
    """Told of every part that is begun."""
    made: list[int] = field(default_factory=list)
    """The parts that were not there already."""

    def __call__(
        self,
        taken: Taken,
        workplace: Path,
        progress: Callable[[Doing, int, int], None],
        stop: Callable[[], bool],
    ) -> Answered | None:
        """The answer."""
        if self.refused is not None:
            raise self.refused
        for part in range(self.parts):
            if stop():
                return None
            self.before(part)
            self._make(taken.question, workplace, part)
            progress("account days", part + 1, self.parts)
        return self._answered(taken, workplace)

    def _make(self, question: Question, workplace: Path, part: int) -> None:
        path = workplace / str(part)
        if not path.exists():
            self.made.append(part)
            draft = workplace / "draft"
            draft.write_text(hashlib.sha256(f"{question} {part}".encode()).hexdigest())
            draft.rename(path)

    def _answered(self, taken: Taken, workplace: Path) -> Answered:
        whole = "".join((workplace / str(part)).read_text() for part in range(self.parts))
        files = {}
        for told_as in FORMATS:
            files[told_as] = workplace / f"result.{told_as}"
            text = f"{told_as} {whole} ".encode()
            files[told_as].write_bytes((text * (self.size // len(text) + 1))[: self.size])
        question = taken.question
        dry_run = DryRun(
            replay_id=taken.replay_id,
            result_sha256=sha256_of(files["json"]),
            position=7,
            first_day=question.first,
            last_day=question.last,
            accounts=85,
            accounts_moved=12,
            alerts_before=7,
            alerts_after=9,
        )
        findings = [
            Finding(
                name=one.name, place=place_of(one.region_id), version=one.version, dry_run=dry_run
            )
            for one in question.policies
        ]
        return Answered(position=7, files=files, findings=findings)


def question(**fields: object) -> Question:
    """One about the group's first version, in January 2026."""
    given = {
        "policies": [{"name": "new", "version": 1}],
        "first": date(2026, 1, 1),
        "last": date(2026, 1, 31),
    }
    return Question.model_validate(given | fields)


def refusal(kind: type[Refusal], rule: str) -> Refusal:
    """A refusal of the rule, about the first policy."""
    return kind(rule, "because", field="policies.0.version")
