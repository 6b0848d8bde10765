"""Reads the first sheet of a spreadsheet into numbered lines, each cell as text."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from runtime.importing.reading import SourceUnreadable, Table, table_of


def read_sheet(path: Path, columns: Sequence[str]) -> Table:
    """Every row of the first sheet of ``path``, as :func:`~runtime.importing.reading.read_table`.

    A date is written as ``2026-03-02``, a time of day after it as in ISO 8601, a whole number
    without a fraction, a truth as ``true`` or ``false``.

    Raises:
        SourceUnreadable: the file is missing, no spreadsheet, or lacks a column.
    """
    if not path.exists():
        raise SourceUnreadable(f"{path} does not exist")
    try:
        with CalamineWorkbook.from_path(path) as book:
            cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror or error}") from error
    except (CalamineError, PasswordError, XmlError, ZipError) as error:
        raise SourceUnreadable(f"{path} is not a spreadsheet: {error}") from error
    return table_of(path, tuple(_numbered(cells)), columns)


def _numbered(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if not any(cells):
            continue
        if not width:
            # The header says how wide the table is: a sheet is as wide as its widest row.
            width = max(place for place, cell in enumerate(cells, start=1) if cell)
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield number, cells


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell).strip()
