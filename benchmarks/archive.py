"""The archive: facts a second written and read back, and bytes a fact, each against a baseline."""

import shutil
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.rounds import interleaved, ratio
from benchmarks.sample import decode, sample_year
from benchmarks.servers import Servers
from replay.archive.manifest import STRETCH
from replay.archive.reading import facts_of, log_until
from replay.archive.writing import archive
from replay.ports import StoredFact
from runtime.archive_folder import ArchiveFolder
from runtime.log.store_source import StoreSource

WRITING: Final = "archiving, from the store to disk"
READING: Final = "reading the archive back, every hash made again"
ALONE: Final = "reading the store and decoding alone"
BARE: Final = "the same facts as two columns of JSON, no check"


def _rate(facts: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return facts / (time.perf_counter() - started)


def _write(source: StoreSource, folder: Path, ledger: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with ArchiveFolder.to_write(folder, ledger) as shelf:
        assert archive(
            source, shelf, STRETCH, until_now=True, progress=lambda *_: None, stop=lambda: False
        )


def _read(folder: Path, ledger: str) -> None:
    shelf = ArchiveFolder(folder, ledger)
    for stretch in shelf.manifest.stretches:
        for _ in facts_of(stretch, shelf):
            pass


def _bare(facts: Sequence[StoredFact]) -> int:
    """The size of the file."""
    columns = {
        "leaf": [fact.leaf.decode() for fact in facts],
        "payload": [fact.payload.decode() for fact in facts],
    }
    file = BytesIO()
    pl.DataFrame(columns).write_parquet(file, compression="zstd")
    return file.tell()


def _json(source: StoreSource, head: int) -> None:
    _bare(list(log_until(source, head)))


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    ledger, folder = sample_year(servers), servers.folder / "archive"
    with StoreSource(servers.database_url, ledger) as source:
        head = source.head()
        _write(source, folder, ledger)
        rates = interleaved(
            {
                WRITING: lambda: _rate(head, lambda: _write(source, folder, ledger)),
                READING: lambda: _rate(head, lambda: _read(folder, ledger)),
                ALONE: lambda: _rate(head, lambda: decode(source)),
                BARE: lambda: _rate(head, lambda: _json(source, head)),
            },
            "facts/s",
        )
        facts = list(log_until(source, head))
    octets = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / head
    bare = _bare(facts) / head
    return [
        f"archive: a sample year of {head} facts in one stretch",
        *(rate.line() for rate in rates.values()),
        ratio(rates[WRITING], rates[ALONE]).line(),
        ratio(rates[READING], rates[ALONE]).line(),
        ratio(rates[WRITING], rates[BARE]).line(),
        f"  {'bytes a fact, typed, two hashes among them':<58} {octets:>8.0f} bytes",
        f"  {'bytes a fact, two columns of JSON':<58} {bare:>8.0f} bytes",
        f"  {'typed / JSON':<58} {octets / bare:>8.2f}",
        "  limited by: Python making a row of every fact, and here by some files made durable",
    ]
