"""Interactions come in from CSV and from a spreadsheet alike; no row is lost (KAM-18)."""

import asyncio
import csv
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from runtime.importing.interactions import COLUMNS, OPTIONAL, import_interactions
from runtime.importing.reading import SourceUnreadable
from runtime.importing.tally import Summary
from tests.api.conftest import House, house, issue
from tests.api.following import follow
from tests.examples.cast import ANN, UMA, VIC
from tests.runtime.importing.test_import import InProcess, facts

__all__ = ["house"]
pytestmark = pytest.mark.postgres

HEADER: Final = (*COLUMNS, *OPTIONAL)


def _at(text: str) -> datetime:
    """As a spreadsheet has it: without a zone."""
    return datetime.fromisoformat(text)


VISIT: Final[dict[str, Any]] = {
    "interaction_id": "i1",
    "account_id": "acme",
    "kind": "executive_visit",
    "occurred_at": _at("2026-03-02"),
    "subject": "Plans",
    "employee_ids": ANN,
    "contact_ids": UMA,
    "minutes": 90,
    "rating": 5,
    "feedback": "It went well.",
    "follow_up": "Send the plan",
    "follow_up_owner_id": ANN,
    "follow_up_due_on": _at("2026-03-09"),
}
CALL: Final[dict[str, Any]] = {
    **dict.fromkeys(HEADER, ""),
    "interaction_id": "i2",
    "account_id": "acme",
    "kind": "call",
    "occurred_at": _at("2026-03-03T09:30"),
    "subject": "Prices",
    "employee_ids": ANN,
    "contact_ids": f"{UMA}; {VIC}",
}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """The same rows as one file or the other."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, HEADER)
            writer.writeheader()
            writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)
        return path
    book = xlsxwriter.Workbook(str(path))
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(HEADER):
            value = row.get(name, "")
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, day)
            else:
                sheet.write(number, place, value)
    book.close()
    return path


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat() if value.hour else value.date().isoformat()
    return str(value)


@pytest.fixture
def office(house: House) -> House:
    hired = {"employee_id": ANN, "name": "Ann", "region_id": "north", "roles": ["sales_rep"]}
    people = [{"contact_id": one, "account_id": "acme", "name": "Somebody"} for one in (UMA, VIC)]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("open-region", {"region_id": "north", "name": "North"}),
        ("hire-employee", hired),
        ("register-account", {"account_id": "acme", "name": "Acme"}),
        *(("register-contact", person) for person in people),
    ]

    async def run() -> None:
        async with house.client() as client:
            for number, (command, fields) in enumerate(asked):
                answer = await issue(client, command, f"k{number}", **fields)
                assert answer.status_code == 200, answer.text

    asyncio.run(run())
    return house


def run(house: House, path: Path) -> Summary:
    return import_interactions(
        path,
        client=InProcess(house),
        system="visits",
        zone=ZoneInfo("Europe/Berlin"),
        rejects_path=path.with_name("rejects.csv"),
        progress=lambda _, __: None,
    )


def timeline(house: House) -> list[dict[str, Any]]:
    follow(house)

    async def question(client: Any) -> Any:
        return (await client.get("/v1/interactions")).json()["items"]

    found: list[dict[str, Any]] = house.ask(question)
    return found


@pytest.mark.parametrize("name", ["visits.csv", "visits.xlsx"])
def test_both_kinds_of_file_say_the_same(office: House, tmp_path: Path, name: str) -> None:
    """KAM-18, SYS-02, INT-08: rows keep their dates, and a second run records nothing."""
    path = write(tmp_path / name, [VISIT, CALL])
    summary = run(office, path)
    assert [(one.rows, one.imported, one.rejected) for one in summary.files] == [(2, 2, 0)]
    call, visit = timeline(office)
    # A time without a zone is one in the zone that was given: an hour before UTC in March.
    assert call["occurred_at"] == "2026-03-03T08:30:00Z"
    assert call["contact_ids"] == [UMA, VIC]
    assert visit["occurred_at"] == "2026-03-02T00:00:00Z"
    assert (visit["minutes"], visit["rating"]) == (90, 5)
    assert (visit["feedback"], visit["feedback_by"]) == ("It went well.", UMA)
    (promised,) = visit["follow_ups"]
    assert (promised["text"], promised["due_on"]) == ("Send the plan", "2026-03-09")
    before = facts(office)
    assert [one.repeated for one in run(office, path).files] == [2]
    assert facts(office) == before


@pytest.mark.parametrize("name", ["visits.csv", "visits.xlsx"])
@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        (("interaction_id", "i 1"), "bad-id"),
        (("account_id", "none"), "unknown-account"),
        (("kind", "lunch"), "invalid-body"),
        (("occurred_at", "yesterday"), "bad-date"),
        (("occurred_at", _at("2099-01-01")), "occurred-in-the-future"),
        (("subject", ""), "missing-value"),
        (("subject", "x" * 1001), "cell-too-long"),
        (("employee_ids", UMA), "unknown-employee"),
        (("contact_ids", ANN), "unknown-contact"),
        (("minutes", 1.5), "bad-number"),
        (("rating", 6), "invalid-body"),
        (("follow_up_due_on", ""), "missing-value"),
    ],
)
def test_a_row_that_cannot_be_imported_is_told_with_its_column(
    office: House, tmp_path: Path, name: str, spoiled: tuple[str, Any], code: str
) -> None:
    column, value = spoiled
    summary = run(office, write(tmp_path / name, [{**VISIT, column: value}, CALL]))
    assert [(one.imported, one.rejected) for one in summary.files] == [(1, 1)]
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as handle:
        (told,) = csv.DictReader(handle)
    assert (told["file"], told["line"], told["code"]) == (name, "2", code)
    assert column in told["detail"]


def test_a_row_that_was_imported_otherwise_is_told(office: House, tmp_path: Path) -> None:
    run(office, write(tmp_path / "visits.csv", [CALL]))
    summary = run(office, write(tmp_path / "visits.csv", [{**CALL, "subject": "Other"}]))
    assert [one.why.code for one in summary.rejects] == ["key-reused"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("visits.xlsx", b"no zip", "is not a spreadsheet"),
        ("visits.txt", b"", "neither a CSV file"),
        ("visits.csv", b"a,b\n1,2\n", "lacks the column"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    office: House, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceUnreadable, match=said):
        run(office, tmp_path / name)


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_file_that_is_not_there_is_told(office: House, tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnreadable, match="does not exist"):
        run(office, tmp_path / name)
