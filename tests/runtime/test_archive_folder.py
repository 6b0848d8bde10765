"""An archive on disk: killed at any moment it shows nothing half-done, and goes on."""

import hashlib
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from replay.archive.reading import ArchiveBroken, check
from replay.archive.writing import archive
from runtime.archive_folder import MANIFEST, ArchiveFolder
from runtime.endings import CannotRun
from tests.processes import FORKS
from tests.replay.archives import LEDGER, Log, every_fact

FACTS: Final = every_fact()
SIZE: Final = 40
STEPS: Final = ("written", "moved", "manifest written", "named")
KILLS_AT_RANDOM: Final = 12


def _dies(step: str | None, times: int) -> Callable[[str], None]:
    """Kills this process when ``step`` is told for the ``times``-th time."""
    left = iter(range(times - 1, -1, -1))

    def at(told: str) -> None:
        if told == step and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def _run(
    folder: Path, step: str | None = None, times: int = 1, dies_after_s: float | None = None
) -> None:
    if dies_after_s is not None:
        threading.Timer(dies_after_s, os.kill, [os.getpid(), signal.SIGKILL]).start()
    with ArchiveFolder.to_write(folder, LEDGER, _dies(step, times)) as shelf:
        assert archive(
            Log(FACTS), shelf, SIZE, until_now=True, progress=lambda *_: None, stop=lambda: False
        )


def _tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of a run that nobody broke off."""
    folder = tmp_path_factory.mktemp("whole")
    _run(folder)
    return _tree(folder)


def _assert_what_is_named_is_whole(folder: Path) -> int:
    shelf = ArchiveFolder(folder, LEDGER)
    for stretch in shelf.manifest.stretches:
        for file in stretch.files:
            octets = shelf.octets(file.path)
            assert octets is not None
            assert hashlib.sha256(octets).hexdigest() == file.sha256
    return shelf.manifest.last


def _killed(folder: Path, *arguments: Any) -> bool:
    """Whether a run in a process of its own was killed."""
    process = FORKS.Process(target=_run, args=(folder, *arguments))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("times", [1, 3])
def test_killed_at_a_step_it_goes_on_to_the_same_bytes(
    tmp_path: Path, whole: dict[str, str], step: str, times: int
) -> None:
    assert _killed(tmp_path, step, times)
    last = _assert_what_is_named_is_whole(tmp_path)
    assert 0 <= last < len(FACTS)
    _run(tmp_path)
    assert _tree(tmp_path) == whole


@pytest.mark.slow
def test_killed_at_random_it_goes_on_to_the_same_bytes(
    tmp_path: Path, whole: dict[str, str]
) -> None:
    rng, seen, deaths = random.Random(5), 0, 0
    for _ in range(KILLS_AT_RANDOM):
        deaths += _killed(tmp_path, None, 1, rng.uniform(0.0, 0.3))
        now = _assert_what_is_named_is_whole(tmp_path)
        assert now >= seen
        seen = now
    assert deaths
    _run(tmp_path)
    assert _tree(tmp_path) == whole


def test_a_second_run_writes_what_came_since_and_nothing_else(tmp_path: Path) -> None:
    _run(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    _run(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


def test_it_reads_back_from_disk(tmp_path: Path) -> None:
    _run(tmp_path)
    shelf = ArchiveFolder(tmp_path, LEDGER)
    report = check(shelf.manifest, shelf, FACTS, lambda _: None)
    assert (report.facts, report.differences) == (len(FACTS), ())


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with (
        ArchiveFolder.to_write(tmp_path, LEDGER),
        pytest.raises(CannotRun, match="another process writes"),
        ArchiveFolder.to_write(tmp_path, LEDGER),
    ):
        pass


def test_ledgers_stand_beside_each_other(tmp_path: Path) -> None:
    _run(tmp_path)
    assert ArchiveFolder(tmp_path, "other").manifest.last == 0
    assert {path.name for path in tmp_path.iterdir()} == {LEDGER}


def test_a_manifest_that_was_cut_is_named(tmp_path: Path) -> None:
    _run(tmp_path)
    manifest = tmp_path / LEDGER / MANIFEST
    manifest.write_text(manifest.read_text()[:-20])
    with pytest.raises(ArchiveBroken, match=MANIFEST):
        ArchiveFolder(tmp_path, LEDGER)


def test_an_archive_without_its_manifest_is_not_written_over(tmp_path: Path) -> None:
    """Only what a killed run may have left is removed: the stretch that comes next."""
    _run(tmp_path)
    (tmp_path / LEDGER / MANIFEST).unlink()
    with (
        pytest.raises(ArchiveBroken, match="does not name it"),
        ArchiveFolder.to_write(tmp_path, LEDGER),
    ):
        pass
    assert any(tmp_path.rglob("*.parquet"))


def test_a_folder_that_is_not_there_is_an_empty_archive(tmp_path: Path) -> None:
    shelf: Any = ArchiveFolder(tmp_path / "none", LEDGER)
    assert (shelf.manifest.last, shelf.paths(), shelf.octets("x")) == (0, frozenset(), None)
    assert not (tmp_path / "none").exists()
