"""The log out of the archive: `LogSource` on what is archived, and on the log from there on."""

from collections.abc import Iterator, Sequence
from itertools import islice

from events.codec import decode
from events.event import Event
from events.recorded import Recorded, envelope_of
from replay.archive.datasets import ArchivedFact
from replay.archive.manifest import Manifest
from replay.archive.reading import ArchiveFiles, facts_of
from replay.ports import LogSource


class ArchivedLog:
    """Reads the archive as far as it goes, a stretch in memory at a time, then the log."""

    def __init__(self, manifest: Manifest, files: ArchiveFiles, log: LogSource) -> None:
        self._manifest = manifest
        self._files = files
        self._log = log
        self._after: int | None = None
        """The position that ``_facts`` goes on behind; ``None`` while it has to be found."""
        self._facts: Iterator[ArchivedFact] = iter(())

    def read(self, after: int, limit: int, timeout_s: float) -> Sequence[Recorded[Event]]:
        """See `LogSource.read`.

        Raises:
            LogGap: as there.
            ArchiveBroken: the archive is not what was written.
        """
        if after >= self._manifest.last:
            return self._log.read(after, limit, timeout_s)
        found = self._next(after, limit) or self._anew(after, limit)
        self._after = after + len(found)
        return [_recorded(fact) for fact in found]

    def head(self) -> int:
        """See `LogSource.head`."""
        return self._log.head()

    def _next(self, after: int, limit: int) -> list[ArchivedFact]:
        """What comes next of the stretch that was read last; empty where that is not ``after``."""
        there, self._after = self._after == after, None
        return list(islice(self._facts, limit)) if there else []

    def _anew(self, after: int, limit: int) -> list[ArchivedFact]:
        stretch = next(one for one in self._manifest.stretches if after < one.last)
        self._facts = facts_of(stretch, self._files)
        return list(
            islice(self._facts, after + 1 - stretch.first, after + 1 - stretch.first + limit)
        )


def _recorded(fact: ArchivedFact) -> Recorded[Event]:
    envelope = envelope_of(fact.leaf)
    return Recorded(decode(fact.name, envelope.schema, fact.payload), envelope)
