"""What became of every row: nothing is dropped without being counted."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from runtime.importing.mapping import Correction
from runtime.importing.reading import ImportStopped, Line, Reject, RowRejected

REJECT_COLUMNS: Final = ("file", "line", "code", "detail", "row")


@dataclass(frozen=True, slots=True)
class FileSummary:
    """The rows of one file; ``imported``, ``repeated`` and ``rejected`` make up ``rows``."""

    file: str
    rows: int
    imported: int
    repeated: int
    """Rows that an earlier run had imported already."""
    rejected: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did."""

    files: tuple[FileSummary, ...]
    corrections: tuple[Correction, ...]
    without_account: int
    """Opportunities that name no account and were imported as such."""
    rejects: tuple[Reject, ...]

    def lines(self) -> tuple[str, ...]:
        """The summary as a person reads it, line by line."""
        told = [
            f"{one.file}: {one.rows} rows, {one.imported} imported, "
            f"{one.repeated} there already, {one.rejected} rejected"
            for one in self.files
        ]
        told += [
            f"corrected in {one.file}: {one.column} {one.found} is {one.put} ({one.rows} rows)"
            for one in self.corrections
        ]
        if self.without_account:
            told.append(f"{self.without_account} opportunities name no account")
        return tuple(told)


@dataclass(slots=True)
class Tally:
    """Counts while an import runs."""

    rows: Counter[str] = field(default_factory=Counter)
    imported: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    corrections: list[Correction] = field(default_factory=list)
    without_account: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def reject(self, line: Line, rejected: RowRejected) -> None:
        """Count ``line`` as rejected."""
        self.rejects.append(Reject(line, rejected))

    def accept(self, line: Line, *, repeated: bool) -> None:
        """Count ``line`` as imported, now or by an earlier run."""
        (self.repeated if repeated else self.imported)[line.file] += 1

    def summary(self) -> Summary:
        """What was counted so far."""
        rejected = Counter(reject.line.file for reject in self.rejects)
        files = (
            FileSummary(file, count, self.imported[file], self.repeated[file], rejected[file])
            for file, count in self.rows.items()
        )
        ordered = sorted(self.rejects, key=lambda reject: (reject.line.file, reject.line.number))
        return Summary(tuple(files), tuple(self.corrections), self.without_account, tuple(ordered))


def write_rejects(path: Path, rejects: Sequence[Reject]) -> None:
    """Write ``rejects`` as CSV, each with the row as it was found; only a header for none.

    Raises:
        ImportStopped: the file cannot be written.
    """
    try:
        _write(path, rejects)
    except OSError as error:
        raise ImportStopped(f"the rejects {path} cannot be written: {error.strerror}") from error


def _write(path: Path, rejects: Sequence[Reject]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(REJECT_COLUMNS)
        for reject in rejects:
            row = json.dumps(dict(reject.line.found), ensure_ascii=False)
            line = reject.line
            writer.writerow([line.file, line.number, reject.why.code, reject.why.detail, row])
