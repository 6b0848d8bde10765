"""Imports interactions with customers from a CSV file or a spreadsheet, a row each."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from runtime.importing.driving import CommandClient, CommandLine, Progress, Record, drive
from runtime.importing.reading import Line, RowRejected, SourceUnreadable, Table, read_table
from runtime.importing.tally import Summary, Tally, write_rejects

COLUMNS: Final = ("interaction_id", "account_id", "kind", "occurred_at", "subject", "employee_ids")
"""The columns a file must have; several ids in a cell are separated by semicolons."""

OPTIONAL: Final = (
    "contact_ids",
    "minutes",
    "rating",
    "feedback",
    "feedback_by",
    "follow_up",
    "follow_up_owner_id",
    "follow_up_due_on",
)
"""The columns it may have; without ``feedback_by`` the feedback is that of the only contact."""

_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def import_interactions(
    path: Path,
    *,
    client: CommandClient,
    system: str,
    zone: ZoneInfo,
    rejects_path: Path,
    progress: Progress,
) -> Summary:
    """Import the rows of ``path``; a run after another one records nothing new.

    ``system`` names the source: its interaction ids are told from those of others by it. A time
    without a zone is one in ``zone``. Rows that cannot be imported are written to ``rejects_path``
    with their line number, the code of the rule and the column.

    Raises:
        SourceUnreadable: the file cannot be read; nothing was imported.
        ImportStopped: the rejects cannot be written; nothing was imported.
        DoorClosed: the server did not answer. Run it again: it goes on where it was.
    """
    # Written at once, so that a place where nothing can be written shows before the import.
    write_rejects(rejects_path, ())
    if _ID.fullmatch(system) is None:
        raise SourceUnreadable(f"the system {system} is no id: 1 to 64 of A-Z a-z 0-9 . _ -")
    table, tally = _read(path), Tally()
    tally.rows[table.file] = len(table.lines) + len(table.rejects)
    tally.rejects.extend(table.rejects)
    records = []
    for line in table.lines:
        try:
            records.append(Record(line, (_logged(line, system, zone),)))
        except RowRejected as rejected:
            tally.reject(line, rejected)
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(records))

    try:
        for outcome in drive(client, records, tell):
            line, refusal = outcome.record.origin, outcome.refusal
            if refusal is None:
                tally.accept(line, repeated=outcome.repeated)
            else:
                command, answer = refusal
                detail = f"{command}: {answer.detail}"
                tally.reject(line, RowRejected(answer.rule or "refused", detail))
    finally:
        write_rejects(rejects_path, tally.summary().rejects)
    return tally.summary()


def _read(path: Path) -> Table:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return read_table(path, COLUMNS)
    if suffix == ".xlsx":
        # Loaded here: who imports CSV does without it.
        from runtime.importing.spreadsheet import read_sheet

        return read_sheet(path, COLUMNS)
    raise SourceUnreadable(f"{path} is neither a CSV file (.csv) nor a spreadsheet (.xlsx)")


def _logged(line: Line, system: str, zone: ZoneInfo) -> CommandLine:
    interaction_id = line.need("interaction_id")
    if _ID.fullmatch(interaction_id) is None:
        detail = f"interaction_id {interaction_id} cannot be an id: 1 to 64 of A-Z a-z 0-9 . _ -"
        raise RowRejected("bad-id", detail)
    contact_ids = _ids(line.cells.get("contact_ids", ""))
    feedback, by = line.cells.get("feedback", ""), line.cells.get("feedback_by", "")
    if feedback and not by and len(contact_ids) == 1:
        (by,) = contact_ids
    fields: Mapping[str, object] = {
        "account_id": line.need("account_id"),
        "kind": line.need("kind"),
        "subject": line.need("subject"),
        "employee_ids": _ids(line.need("employee_ids")),
        "contact_ids": contact_ids,
        "minutes": _whole(line, "minutes"),
        "rating": _whole(line, "rating"),
        "feedback": feedback or None,
        "feedback_by": by or None,
        "follow_ups": _follow_ups(line),
    }
    return {
        "command": "log-interaction",
        "idempotency_key": f"{system}:interaction:{interaction_id}:log",
        "occurred_at": _when(line, zone),
        "imported": True,
        "interaction_id": interaction_id,
        **{name: value for name, value in fields.items() if value not in (None, [])},
    }


def _ids(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(";") if one.strip()]


def _whole(line: Line, column: str) -> int | None:
    text = line.cells.get(column, "")
    if text and _WHOLE.fullmatch(text) is None:
        raise RowRejected("bad-number", f"{column} {text} is not a whole number")
    return int(text) if text else None


def _when(line: Line, zone: ZoneInfo) -> str:
    text = line.need("occurred_at")
    try:
        if len(text) == len("2026-03-02"):
            return date.fromisoformat(text).isoformat()
        found = datetime.fromisoformat(text)
    except ValueError:
        detail = f"occurred_at {text} is neither a date (2026-03-02) nor an instant"
        raise RowRejected("bad-date", detail) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


def _follow_ups(line: Line) -> list[dict[str, str]]:
    text = line.cells.get("follow_up", "")
    if not text:
        return []
    parts = {name: line.cells.get(f"follow_up_{name}", "") for name in ("owner_id", "due_on")}
    for name, value in parts.items():
        if not value:
            raise RowRejected("missing-value", f"follow_up_{name} is empty, follow_up is not")
    return [{"follow_up_id": "1", "text": text, **parts}]
