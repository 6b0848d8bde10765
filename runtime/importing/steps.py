"""Carries many commands out, step by step, each step under the key it asks for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from runtime.importing.driving import LINES_A_BATCH, Answer, CommandClient, CommandLine, Progress
from runtime.importing.reading import ImportStopped

_ATTEMPTS: Final = 5
"""How often a batch is sent in which a command lost its race on the server."""


@dataclass(frozen=True, slots=True)
class Step:
    """Commands under one key that need nothing of each other but their order within a record."""

    key_id: str | None
    """``None``: the administrator's."""
    lines: tuple[CommandLine, ...]


class Unfit(ImportStopped):
    """A command was refused: the ledger holds something else than the commands were made for."""


def carry_out(
    steps: Sequence[Step],
    door_of: Callable[[str | None], CommandClient],
    *,
    progress: Progress,
    stopped: Callable[[], bool],
) -> bool:
    """Whether all of ``steps`` was carried out before ``stopped``; again, it goes on from there.

    ``door_of`` is the door under the key of an id, ``None`` for the administrator's.

    Raises:
        Unfit: a command was refused; what was carried out stays.
        DoorClosed: the server did not answer.
    """
    total, done = sum(len(step.lines) for step in steps), 0
    for door, batch in _batches(steps, door_of):
        if stopped():
            return False
        for line, answer in zip(batch, _answers(door, batch), strict=True):
            if answer.refused:
                raise Unfit(f"{line['command']} was refused: {answer.detail} ({answer.rule})")
        done += len(batch)
        progress(done, total)
    return True


def _batches(
    steps: Sequence[Step], door_of: Callable[[str | None], CommandClient]
) -> Iterator[tuple[CommandClient, Sequence[CommandLine]]]:
    for step in steps:
        door = door_of(step.key_id)
        for at in range(0, len(step.lines), LINES_A_BATCH):
            yield door, step.lines[at : at + LINES_A_BATCH]


def _answers(door: CommandClient, batch: Sequence[CommandLine]) -> Sequence[Answer]:
    """The last answers: what was carried out before is answered as it was."""
    answers = door.carry_out(batch)
    for _ in range(_ATTEMPTS - 1):
        if not any(answer.later for answer in answers):
            break
        answers = door.carry_out(batch)
    return answers
