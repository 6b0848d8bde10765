"""Reads a CSV file into numbered lines, and says plainly what is wrong with one it cannot read."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CELL_LENGTH_MAX: Final = 1000
"""Characters of a cell, inclusive; a longer one is a broken file, not a name or a number."""


class ImportStopped(Exception):  # noqa: N818 - what is wrong is in the sentence
    """The import cannot begin or go on; the sentence says why and what to do."""


class SourceUnreadable(ImportStopped):
    """A file of the source as a whole cannot be read; nothing was imported."""


class RowRejected(Exception):  # noqa: N818 - an answer about one row, not an error
    """One row cannot be imported. ``code`` is stable, ``detail`` one sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: where it stands (the header is line 1), as found and as put right."""

    file: str
    number: int
    found: Mapping[str, str]
    cells: Mapping[str, str]

    def need(self, column: str) -> str:
        """The cell of ``column``.

        Raises:
            RowRejected: ``missing-value`` when it is empty.
        """
        value = self.cells[column]
        if not value:
            raise RowRejected("missing-value", f"{column} is empty")
        return value


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be imported, and why."""

    line: Line
    why: RowRejected


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file in their order; ``lines`` and ``rejects`` together are all of them."""

    file: str
    lines: tuple[Line, ...]
    rejects: tuple[Reject, ...]


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Every row of ``path`` with the white space around its cells taken off.

    Columns may stand in any order and there may be more of them. Lines without any cell are
    no rows.

    Raises:
        SourceUnreadable: the file is missing, empty, without a row, not UTF-8, not CSV, or lacks
            a column; the sentence names it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = tuple(_numbered(handle))
    except FileNotFoundError:
        raise SourceUnreadable(f"{path} does not exist") from None
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourceUnreadable(f"{path} is not UTF-8: {error.reason}") from error
    except csv.Error as error:
        raise SourceUnreadable(f"{path} is not a CSV file: {error}") from error
    return table_of(path, rows, columns)


def table_of(path: Path, rows: Sequence[tuple[int, list[str]]], columns: Sequence[str]) -> Table:
    """The table of the numbered ``rows`` of ``path``, of which the first is the header.

    Raises:
        SourceUnreadable: there is no row below the header, or it lacks a column or has one twice.
    """
    if not rows:
        raise SourceUnreadable(f"{path} is empty; it should begin with {','.join(columns)}")
    header = _header(path, rows[0][1], columns)
    if len(rows) == 1:
        raise SourceUnreadable(f"{path} has a header but no rows")
    return _table(path.name, header, rows[1:])


def _numbered(handle: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(handle, strict=True)
    number = 1
    for cells in reader:
        if cells:
            yield number, [cell.strip() for cell in cells]
        # A quoted cell may hold line breaks: the next row begins after all of them.
        number = reader.line_num + 1


def _header(path: Path, found: list[str], columns: Sequence[str]) -> list[str]:
    missing = [column for column in columns if column not in found]
    if missing:
        raise SourceUnreadable(
            f"{path} lacks the column {', '.join(missing)}; its header is {','.join(found)}"
        )
    twice = sorted({column for column in found if found.count(column) > 1})
    if twice:
        raise SourceUnreadable(f"{path} has the column {', '.join(twice)} more than once")
    return found


def _table(file: str, header: list[str], rows: Sequence[tuple[int, list[str]]]) -> Table:
    lines: list[Line] = []
    rejects: list[Reject] = []
    for number, values in rows:
        # Cells beyond the header are kept under a number, so that the rejects show all of the row.
        names = header + [f"cell {at}" for at in range(len(header) + 1, len(values) + 1)]
        cells = dict(zip(names, values, strict=False))
        line = Line(file, number, cells, cells)
        why = _shape(header, values)
        if why is None:
            lines.append(line)
        else:
            rejects.append(Reject(line, why))
    return Table(file, tuple(lines), tuple(rejects))


def _shape(header: list[str], values: list[str]) -> RowRejected | None:
    if len(values) != len(header):
        detail = f"the row has {len(values)} cells where the header has {len(header)}"
        return RowRejected("wrong-number-of-cells", detail)
    for column, value in zip(header, values, strict=True):
        if len(value) > CELL_LENGTH_MAX:
            detail = f"{column} has more than {CELL_LENGTH_MAX} characters"
            return RowRejected("cell-too-long", detail)
    return None
