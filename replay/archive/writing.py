"""From the log into the archive: one closed stretch after the other."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, Protocol

import polars as pl

from events.recorded import envelope_of
from replay.archive.datasets import DataSet, Row
from replay.archive.manifest import Manifest, file_path, next_stretch
from replay.ports import LogGap, StoredFact, StoredFacts

BATCH: Final = 5_000
"""How many facts are rows in memory; the rest of a stretch waits there in columns."""

_WAIT_S: Final = 5.0

Parquet = tuple[str, int, bytes]
"""A file to be: its path, its rows, its bytes."""


class Shelf(Protocol):
    """Where an archive is kept."""

    @property
    def manifest(self) -> Manifest:
        """What it holds."""
        ...

    def keep(self, first: int, last: int, leaves_sha256: str, files: Iterator[Parquet]) -> None:
        """Keep the next stretch, durably, and all of it or nothing."""
        ...


def archive(
    log: StoredFacts,
    shelf: Shelf,
    size: int,
    *,
    until_now: bool,
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> bool:
    """Archive what is not yet: every full stretch of ``size``, with ``until_now`` the rest as well.

    ``progress`` is told the position read and the one to get to. ``False`` when ``stop`` said so
    in between: the stretch under way is begun anew next time.

    Raises:
        LogGap: the log does not go on where it has to, or ends before the archive does.
        FactBroken: a fact of the log is not what its hashes say.
        UnknownEvent: a later release has written to the log.
    """
    head = log.head()
    if head < shelf.manifest.last:
        message = f"the log ends at position {head}, but {shelf.manifest.last} is archived"
        raise LogGap(message)
    target = head if until_now else max(shelf.manifest.last, head // size * size)
    while bounds := next_stretch(shelf.manifest.last, size, head, until_now=until_now):
        first, last = bounds
        rows, leaves = _Rows(), hashlib.sha256()
        for position in range(first, last + 1, BATCH):
            if stop():
                return False
            upto = min(position + BATCH - 1, last)
            for fact in _read(log, position - 1, upto):
                rows.add(fact)
                leaves.update(fact.leaf_hash)
            rows.settle()
            progress(upto, target)
        shelf.keep(first, last, leaves.hexdigest(), rows.files(first, last))
    return True


def _read(log: StoredFacts, after: int, upto: int) -> Iterator[StoredFact]:
    while after < upto:
        found = log.stored(after, upto - after, _WAIT_S)
        if not found:
            raise LogGap(f"the log ends at position {after}, but had {upto} before")
        yield from found
        after += len(found)


@cache
def _data_set(name: str, schema: int) -> DataSet:
    return DataSet.of(name, schema)


class _Rows:
    """The facts of a stretch by data set: the newest as rows, the others in columns."""

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
        self._frames: defaultdict[tuple[str, int], list[pl.DataFrame]] = defaultdict(list)

    def add(self, fact: StoredFact) -> None:
        """One fact more."""
        envelope = envelope_of(fact.leaf)
        row = _data_set(envelope.name, envelope.schema).row(fact, envelope)
        self._rows[envelope.name, envelope.schema].append(row)

    def settle(self) -> None:
        """Put what are rows into columns, which take less memory."""
        for kind, rows in self._rows.items():
            self._frames[kind].append(_data_set(*kind).frame(rows))
        self._rows.clear()

    def files(self, first: int, last: int) -> Iterator[Parquet]:
        """A file for each data set, by name and version; each is made when it is asked for."""
        for kind, frames in sorted(self._frames.items()):
            frame = pl.concat(frames, rechunk=True)
            yield file_path(*kind, first, last), frame.height, _data_set(*kind).parquet(frame)
