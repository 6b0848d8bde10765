"""Many commands at once: as if one after the other, but side by side where that is the same."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from api.problems import Problem
from api.requests import COMMANDS, Asked, asked_in_line

LINES_MAX: Final = 10_000
LINE_BYTES_MAX: Final = 256 * 2**10
SIDE_BY_SIDE: Final = 512
"""How many lines are carried out at a time: as many as the writer likes to store together."""

_ALONE: Final = ("commands.organization", "commands.policies")
"""What a command of these is about, others rest on without naming it: such a line is carried out
alone, after all before it and before all after it."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line that can be carried out."""

    asked: Asked

    @property
    def alone(self) -> bool:
        """Whether no other line may be carried out beside it."""
        return type(self.asked.command).__module__.startswith(_ALONE)

    @property
    def subject(self) -> str:
        """The id of the record it changes: the first field of every command."""
        return str(next(iter(dict(self.asked.command).values())))

    @property
    def mentions(self) -> frozenset[str]:
        """The ids of all records it names, its subject included."""
        named = dict(self.asked.command).items()
        return frozenset(str(value) for field, value in named if value and field.endswith("_id"))


@dataclass(slots=True)
class _Queue:
    """What a line has to wait for: earlier lines whose subject it names, or that name its own."""

    about: dict[str, asyncio.Task[Answer]] = field(default_factory=dict)
    naming: dict[str, list[asyncio.Task[Answer]]] = field(default_factory=lambda: defaultdict(list))
    last_alone: asyncio.Task[Answer] | None = None
    since: list[asyncio.Task[Answer]] = field(default_factory=list)

    def before(self, line: Line) -> set[asyncio.Task[Answer]]:
        """The lines that must be done before ``line`` begins."""
        if line.alone:
            return set(self.since)
        waits = {self.about[one] for one in line.mentions if one in self.about}
        waits.update(self.naming.get(line.subject, ()))
        if self.last_alone is not None:
            waits.add(self.last_alone)
        return waits

    def add(self, line: Line, task: asyncio.Task[Answer]) -> None:
        """Have later lines wait for ``task``, which carries out ``line``."""
        if line.alone:
            self.about.clear()
            self.naming.clear()
            self.last_alone, self.since = task, [task]
            return
        self.about[line.subject] = task
        # Whatever named the subject before, this task has waited for.
        self.naming.pop(line.subject, None)
        for one in line.mentions:
            self.naming[one].append(task)
        self.since.append(task)


async def carry_out_lines(
    body: bytes,
    carry: Callable[[Line], Awaitable[Answer]],
    refuse: Callable[[Problem], Answer],
) -> list[Answer]:
    """An answer for each line of ``body``, in order; a bad line does not stop the others.

    The outcome is that of carrying out one line after the other. Lines are carried out side by
    side unless one is about a record that the other names, so that they are stored together.
    """
    queue, room = _Queue(), asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(line: Line, before: set[asyncio.Task[Answer]]) -> Answer:
        if before:
            await asyncio.wait(before)
        async with room:
            return await carry(line)

    answers: list[Answer | asyncio.Task[Answer]] = []
    for line in _lines(body):
        if isinstance(line, Problem):
            answers.append(refuse(line))
            continue
        task = asyncio.create_task(run(line, queue.before(line)))
        queue.add(line, task)
        answers.append(task)
    return [await answer if isinstance(answer, asyncio.Task) else answer for answer in answers]


def _lines(body: bytes) -> Iterator[Line | Problem]:
    number = 0
    for text in body.split(b"\n"):
        if not text.strip():
            continue
        number += 1
        if number > LINES_MAX:
            yield Problem("too-large", "too-many-lines", f"a batch holds up to {LINES_MAX} lines")
        else:
            yield _line(text)


def _line(text: bytes) -> Line | Problem:
    if len(text) > LINE_BYTES_MAX:
        return Problem("too-large", "line-too-long", f"a line holds up to {LINE_BYTES_MAX} bytes")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return Problem("malformed", "malformed-json", "the line is not JSON")
    name = fields.get("command") if isinstance(fields, dict) else None
    if not isinstance(name, str) or name not in COMMANDS:
        return Problem("not-found", "unknown-command", "the line names no command there is")
    try:
        return Line(asked_in_line(name, text))
    except Problem as problem:
        return problem
