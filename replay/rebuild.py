"""A read model built anew from the log, beside the one that answers, and switched when equal."""

from collections.abc import Callable, Sequence
from typing import Final

from events.event import Event
from events.recorded import Recorded
from replay.ports import LogGap, LogSource, Workshop

BATCH: Final = 5_000
"""How many facts are folded at a time; an interruption loses no more than that."""

_WAIT_S: Final = 5.0

Progress = Callable[[int, int], None]
"""Told the position that is folded and the one to get to."""


def rebuild(
    workshop: Workshop, source: LogSource, progress: Progress, stop: Callable[[], bool]
) -> str | None:
    """Build it anew and have it answer; returns the digest of its rows.

    An interrupted rebuild goes on where it was: ``None`` when ``stop`` said so in between.

    Raises:
        LogGap: the log does not go on where it has to.
        BuildsDiffer: it has other rows; the build that answers goes on answering.
    """

    def facts(after: int, up_to: int) -> Sequence[Recorded[Event]]:
        found = source.read(after, min(BATCH, up_to - after), _WAIT_S) if up_to > after else ()
        if up_to > after and not found:
            raise LogGap(f"the log ends at position {after}, but a read model has {up_to}")
        return found

    while (target := workshop.target()) > workshop.position:
        if stop():
            return None
        workshop.fold(facts(workshop.position, target))
        progress(workshop.position, target)
    digest = workshop.compare(facts)
    workshop.switch(facts)
    return digest
