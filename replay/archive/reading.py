"""The facts of an archive in order, and the archive against the log it was made of."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import Final, Protocol

from polars.exceptions import PolarsError

from replay.archive.datasets import ArchivedFact, FactBroken, read_back
from replay.archive.manifest import File, Manifest, Stretch, file_path
from replay.ports import StoredFact, StoredFacts
from replay.verify import Difference, Report

_UNREADABLE: Final = (PolarsError, KeyError, TypeError, ValueError)


_BATCH: Final = 5_000
_WAIT_S: Final = 5.0


class ArchiveBroken(Exception):  # noqa: N818 - names what is found
    """An archive is not what was written; the message names the file or the position."""


class ArchiveFiles(Protocol):
    """The files of an archive, by their path from the manifest's folder."""

    def paths(self) -> frozenset[str]:
        """Every Parquet file that is there, whether the manifest names it or not."""
        ...

    def octets(self, path: str) -> bytes | None:
        """All bytes of a file; ``None`` where there is none."""
        ...


def facts_of(stretch: Stretch, files: ArchiveFiles) -> Iterator[ArchivedFact]:
    """The facts of ``stretch`` in order, each position once, every hash made again and compared.

    Raises:
        ArchiveBroken: a file is missing or changed, or the files are not the facts of the stretch.
    """
    expected, leaves = stretch.first, hashlib.sha256()
    parts = [_facts(file, stretch, files) for file in stretch.files]
    for fact in merge(*parts, key=lambda one: one.position):
        if fact.position != expected:
            message = f"position {fact.position} stands where {expected} belongs"
            raise ArchiveBroken(message)
        expected += 1
        leaves.update(fact.leaf_hash)
        yield fact
    if (expected, leaves.hexdigest()) != (stretch.last + 1, stretch.leaves_sha256):
        message = f"positions {stretch.first} to {stretch.last} are not what the manifest says"
        raise ArchiveBroken(message)


def _facts(file: File, stretch: Stretch, files: ArchiveFiles) -> Iterator[ArchivedFact]:
    octets = files.octets(file.path)
    if octets is None:
        raise ArchiveBroken(f"{file.path} is missing")
    if hashlib.sha256(octets).hexdigest() != file.sha256:
        raise ArchiveBroken(f"{file.path} does not have its hash")
    try:
        data_set, frame = read_back(octets)
        kinds = frame.select("_name", "_schema").unique().rows()
        places = [file_path(name, schema, stretch.first, stretch.last) for name, schema in kinds]
        if (places, frame.height) != ([file.path], file.rows):
            raise ArchiveBroken(f"{file.path} does not hold the rows that belong there")
        yield from data_set.facts(frame)
    except FactBroken as wrong:
        raise ArchiveBroken(f"{file.path}, {wrong}") from wrong
    except _UNREADABLE as wrong:
        raise ArchiveBroken(f"{file.path} cannot be read: {wrong}") from wrong


def check(
    manifest: Manifest,
    files: ArchiveFiles,
    log: Iterable[StoredFact],
    progress: Callable[[int], None],
) -> Report:
    """Read the archive back and compare it with ``log``, the whole log in order, fact by fact.

    ``progress`` is told each position. What comes after the first difference is not looked at.
    """
    unnamed = sorted(files.paths() - manifest.paths)
    if unnamed:
        return _differs(0, f"archive, {unnamed[0]}", "the manifest does not name it")
    position, facts = 0, iter(log)
    for stretch in manifest.stretches:
        try:
            for fact in facts_of(stretch, files):
                wrong = _wrong(fact, next(facts, None))
                if wrong is not None:
                    return _differs(position, f"archive, position {fact.position}", wrong)
                position = fact.position
                progress(position)
        except ArchiveBroken as broken:
            where = f"archive, positions {stretch.first} to {stretch.last}"
            return _differs(position, where, str(broken))
    return Report(position, 0, ())


def log_until(log: StoredFacts, last: int) -> Iterator[StoredFact]:
    """The log from its first fact to position ``last``, a part in memory at a time.

    It ends sooner where the log does.

    Raises:
        LogGap: the log does not go on where it has to.
    """
    after = 0
    while after < last and (found := log.stored(after, min(_BATCH, last - after), _WAIT_S)):
        yield from found
        after += len(found)


def _differs(position: int, where: str, detail: str) -> Report:
    return Report(position, 0, (Difference(where, detail),))


def _wrong(fact: ArchivedFact, original: StoredFact | None) -> str | None:
    if original is None:
        return "the log ends before it"
    if original.position != fact.position:
        return f"the log has position {original.position} there"
    if (original.leaf_hash, original.leaf) != (fact.leaf_hash, fact.leaf):
        return "the log has another fact there"
    return None if original.payload == fact.payload else "the log has another payload there"
