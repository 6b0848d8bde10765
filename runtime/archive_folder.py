"""An archive on disk: whole files, and a manifest that is written last."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from replay.archive.manifest import File, Manifest, ManifestBroken, Stretch, manifest_of
from replay.archive.reading import ArchiveBroken
from replay.archive.writing import Parquet
from runtime.endings import CannotRun

MANIFEST: Final = "manifest.json"
_UNDER_WAY: Final = ".under-way"
_LOCK: Final = ".lock"


class ArchiveFolder:
    """The archive of one ledger, ``<folder>/<ledger>/``.

    A stretch counts once the manifest names it. Its files are written under a hidden folder,
    moved to their places when all are durable, and then named: a run that is killed leaves at
    most whole files that are not named, and the next run removes them before it goes on.
    """

    def __init__(
        self, folder: Path, ledger: str, at: Callable[[str], None] = lambda _: None
    ) -> None:
        """Read the manifest; no folder is an empty archive. ``at`` is told every step.

        Raises:
            ArchiveBroken: the manifest is not one that was written.
        """
        self._folder = folder / ledger
        self._at = at
        try:
            self._manifest = manifest_of((self._folder / MANIFEST).read_text(), ledger)
        except FileNotFoundError:
            self._manifest = Manifest(ledger)
        except (ManifestBroken, UnicodeDecodeError) as wrong:
            raise ArchiveBroken(f"{self._folder / MANIFEST}: {wrong}") from wrong

    @classmethod
    @contextmanager
    def to_write(
        cls, folder: Path, ledger: str, at: Callable[[str], None] = lambda _: None
    ) -> Iterator[Self]:
        """The archive, which nobody else writes meanwhile, without what a killed run left.

        Raises:
            ArchiveBroken: the manifest is not one that was written, or is gone.
            CannotRun: another process writes it.
        """
        place = folder / ledger
        place.mkdir(parents=True, exist_ok=True)
        with (place / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                message = f"another process writes the archive in {place}"
                raise CannotRun(message) from None
            found = cls(folder, ledger, at)
            found._remove_leftovers()
            yield found

    @property
    def manifest(self) -> Manifest:
        """See `Shelf.manifest`."""
        return self._manifest

    def paths(self) -> frozenset[str]:
        """See `ArchiveFiles.paths`."""
        return frozenset(
            path.relative_to(self._folder).as_posix() for path in self._folder.glob("*/*.parquet")
        )

    def octets(self, path: str) -> bytes | None:
        """See `ArchiveFiles.octets`."""
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, first: int, last: int, leaves_sha256: str, files: Iterator[Parquet]) -> None:
        """See `Shelf.keep`."""
        under_way = self._folder / _UNDER_WAY
        under_way.mkdir(exist_ok=True)
        kept = []
        for number, (path, rows, octets) in enumerate(files):
            _write(under_way / str(number), octets)
            kept.append(File(path, rows, hashlib.sha256(octets).hexdigest()))
            self._at("written")
        for number, file in enumerate(kept):
            place = self._folder / file.path
            place.parent.mkdir(exist_ok=True)
            (under_way / str(number)).rename(place)
            _make_durable(place.parent)
            self._at("moved")
        _make_durable(self._folder)
        stretch = Stretch(first, last, leaves_sha256, tuple(kept))
        manifest = self._manifest.with_next(stretch)
        _write(under_way / MANIFEST, manifest.text().encode())
        self._at("manifest written")
        (under_way / MANIFEST).rename(self._folder / MANIFEST)
        _make_durable(self._folder)
        self._manifest = manifest
        self._at("named")
        under_way.rmdir()

    def _remove_leftovers(self) -> None:
        """Remove what is not named: only what would come after the last stretch.

        Raises:
            ArchiveBroken: a file of positions before that is there, which no killed run leaves.
        """
        shutil.rmtree(self._folder / _UNDER_WAY, ignore_errors=True)
        following = f"{self._manifest.last + 1:012d}-"
        unnamed = sorted(self.paths() - self._manifest.paths)
        for path in unnamed:
            if not Path(path).name.startswith(following):
                message = f"{self._folder / path} is there, but {MANIFEST} does not name it"
                raise ArchiveBroken(message)
        for path in unnamed:
            (self._folder / path).unlink()


def _write(path: Path, octets: bytes) -> None:
    with path.open("wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())


def _make_durable(folder: Path) -> None:
    """What was moved into ``folder`` stays there, whatever happens to the machine."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
