"""What an archive holds: stretches of the log without a hole, each with its files and hashes."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

FORMAT: Final = 1
STRETCH: Final = 100_000
"""How many positions a stretch has where nothing else is asked for."""

_PATH: Final = re.compile(r"[a-z_]+(\.[a-z_]+)*\.v\d+/\d+-\d+\.parquet", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ManifestBroken(Exception):  # noqa: N818 - names what is found
    """A manifest is not one that was written; the message says where."""


@dataclass(frozen=True, slots=True)
class File:
    """A Parquet file of a stretch."""

    path: str
    """From the folder of the manifest: ``<event>.v<version>/<first>-<last>.parquet``."""
    rows: int
    sha256: str
    """Of all its bytes, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The facts of the positions ``first`` to ``last``, both included."""

    first: int
    last: int
    leaves_sha256: str
    """SHA-256 of the leaf hashes in order of their positions, in hexadecimal."""
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of an archive that counts; a file it does not name is not part of it."""

    ledger: str
    stretches: tuple[Stretch, ...] = ()

    @property
    def last(self) -> int:
        """The position of the last fact in the archive; 0 for an empty one."""
        return self.stretches[-1].last if self.stretches else 0

    @property
    def paths(self) -> frozenset[str]:
        """The files of all stretches."""
        return frozenset(file.path for stretch in self.stretches for file in stretch.files)

    def with_next(self, stretch: Stretch) -> Self:
        """The manifest with one stretch more."""
        return replace(self, stretches=(*self.stretches, stretch))

    def text(self) -> str:
        """The manifest as it is written: the same text for the same archive."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n"


def manifest_of(text: str, ledger: str) -> Manifest:
    """The manifest of ``ledger`` that ``text`` holds.

    Raises:
        ManifestBroken: it was cut or changed, is of another ledger or another format, or its
            stretches do not follow each other from position 1.
    """
    try:
        found: dict[str, Any] = json.loads(text)
        form = (found["format"], found["ledger"])
        stretches = tuple(_stretch(one) for one in found["stretches"])
    except (KeyError, TypeError, ValueError) as wrong:
        message = f"it is no manifest: {type(wrong).__name__} {wrong}"
        raise ManifestBroken(message) from wrong
    if form != (FORMAT, ledger):
        message = f"it is format {form[0]} of ledger {form[1]}, not format {FORMAT} of {ledger}"
        raise ManifestBroken(message)
    _in_a_row(stretches)
    return Manifest(ledger, stretches)


def _stretch(found: dict[str, Any]) -> Stretch:
    files = tuple(File(**one) for one in found["files"])
    stretch = Stretch(**{**found, "files": files})
    whole = [stretch.first, stretch.last, *(file.rows for file in files)]
    digests = [stretch.leaves_sha256, *(file.sha256 for file in files)]
    if not all(type(one) is int for one in whole):
        message = f"positions and rows are whole numbers, not {whole}"
        raise TypeError(message)
    if not all(_DIGEST.fullmatch(one) for one in digests):
        message = "a digest is not 64 hexadecimal digits"
        raise ValueError(message)
    if not all(_PATH.fullmatch(file.path) for file in files):
        message = "a file does not stand in the folder of a fact"
        raise ValueError(message)
    return stretch


def _in_a_row(stretches: Iterable[Stretch]) -> None:
    last = 0
    for one in stretches:
        if one.first != last + 1 or one.last < one.first:
            message = f"the stretch {one.first} to {one.last} stands where {last + 1} begins"
            raise ManifestBroken(message)
        rows = sum(file.rows for file in one.files)
        if rows != one.last - one.first + 1:
            message = f"the stretch {one.first} to {one.last} has {rows} rows"
            raise ManifestBroken(message)
        last = one.last


def file_path(name: str, schema: int, first: int, last: int) -> str:
    """Where the facts of one name and version of a stretch are kept; names sort by position."""
    return f"{name}.v{schema}/{first:012d}-{last:012d}.parquet"


def next_stretch(after: int, size: int, head: int, *, until_now: bool) -> tuple[int, int] | None:
    """First and last position of the stretch that follows ``after``; ``None`` where none is full.

    Stretches end at multiples of ``size``, wherever the one before ended; with ``until_now`` the
    last one ends at ``head``.
    """
    last = (after // size + 1) * size
    if last <= head:
        return after + 1, last
    return (after + 1, head) if until_now and head > after else None
