"""Rows as CSV and NDJSON, a chunk at a time, and which of them is wanted."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from api.problems import Problem

JSON: Final = "application/json"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
PARQUET: Final = "application/vnd.apache.parquet"
MARKDOWN: Final = "text/markdown"

_ROWS_A_CHUNK: Final = 500


def wanted(accept: str | None, offered: Sequence[str]) -> str:
    """The first type of ``accept`` that is offered; the first offered where anything will do.

    Raises:
        Problem: ``not-acceptable``.
    """
    if not accept:
        return offered[0]
    for part in accept.split(","):
        kind = part.partition(";")[0].strip().lower()
        if kind in offered:
            return kind
        if kind in {"*/*", "application/*"}:
            return offered[0]
    raise Problem("not-acceptable", "not-acceptable", f"there is {', '.join(offered)}")


def csv_chunks(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """``rows`` as RFC 4180 CSV with a header; what is not a scalar is written as JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(row.get(column)) for column in columns])
        if number % _ROWS_A_CHUNK == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def ndjson_chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """``rows`` as one JSON object a line."""
    chunk: list[str] = []
    for row in rows:
        chunk.append(json.dumps(row, default=_text, ensure_ascii=False))
        if len(chunk) == _ROWS_A_CHUNK:
            yield "\n".join(chunk) + "\n"
            chunk = []
    if chunk:
        yield "\n".join(chunk) + "\n"


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, default=_text, ensure_ascii=False)
        case _:
            return value


def _text(value: Any) -> str:
    assert isinstance(value, date), type(value)
    return value.isoformat()
