"""Every row is imported or told: on a real ledger, with every kind of dirt."""

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from runtime.importing.crm_sales_opportunities import import_crm
from runtime.importing.driving import Answer, CommandLine, DoorClosed, _answers
from runtime.importing.reading import ImportStopped, SourceUnreadable
from runtime.importing.tally import Summary
from tests.api.conftest import House, house

__all__ = ["house"]
pytestmark = pytest.mark.postgres

Rows = dict[str, list[list[str]]]

HEADERS: Final = {
    "sales_teams": "sales_agent,manager,regional_office",
    "products": "product,series,sales_price",
    "accounts": ("account,sector,year_established,revenue,employees,office_location,subsidiary_of"),
    "sales_pipeline": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
    ),
}


def clean() -> Rows:
    """A small source without dirt."""
    return {
        "sales_teams": [["Ann", "Mia", "Central"], ["Bea", "Mia", "Central"], ["Cid", "", "East"]],
        "products": [["GTX Pro", "GTX", "4821"], ["MG", "MG", "55"]],
        "accounts": [
            ["Acme", "technolgy", "1996", "1100.04", "2822", "US", ""],
            ["Beta", "medical", "", "", "", "", "Acme"],
        ],
        "sales_pipeline": [
            ["O1", "Ann", "GTXPro", "Acme", "Won", "2017-01-01", "2017-02-01", "4800"],
            ["O2", "Bea", "MG", "", "Lost", "2017-01-05", "2017-01-06", "0"],
            ["O3", "Cid", "MG", "Beta", "Engaging", "2017-03-01", "", ""],
            ["O4", "Cid", "MG", "", "Prospecting", "", "", ""],
        ],
    }


def write(folder: Path, rows: Rows) -> Path:
    for name, header in HEADERS.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            out.write(header + "\n")
            csv.writer(out, lineterminator="\n").writerows(rows[name])
    return folder


@dataclass(slots=True)
class InProcess:
    """The public batch door of a ledger in this process; closes after ``batches``."""

    house: House
    batches: int = 10_000
    sent: list[int] = field(default_factory=list)

    def carry_out(self, lines: Sequence[CommandLine]) -> Sequence[Answer]:
        if len(self.sent) == self.batches:
            raise DoorClosed("the test closes the door")
        self.sent.append(len(lines))
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

        async def post(client: httpx.AsyncClient) -> httpx.Response:
            kind = {"Content-Type": "application/x-ndjson"}
            return await client.post("/v1/commands", content=body, headers=kind)

        return _answers(self.house.ask(post), len(lines))


def run(house: House, folder: Path, client: InProcess | None = None) -> Summary:
    return import_crm(
        folder,
        client=client or InProcess(house),
        mapping_path=None,
        rejects_path=folder / "rejects.csv",
        progress=lambda _, __: None,
    )


def facts(house: House) -> int:
    with house.system.pool.connection() as connection:
        row = connection.execute("SELECT n FROM log_head").fetchone()
    assert row is not None
    return int(row[0])


def test_a_clean_source_is_imported_whole_and_corrections_are_counted(
    house: House, tmp_path: Path
) -> None:
    summary = run(house, write(tmp_path, clean()))
    assert [(one.rows, one.imported) for one in summary.files] == [(3, 3), (2, 2), (2, 2), (4, 4)]
    assert {(one.found, one.put, one.rows) for one in summary.corrections} == {
        ("technolgy", "technology", 1),
        ("GTXPro", "GTX Pro", 1),
    }
    assert summary.without_account == 2
    assert (tmp_path / "rejects.csv").read_text().splitlines() == ["file,line,code,detail,row"]


def test_a_second_run_records_nothing_new(house: House, tmp_path: Path) -> None:
    run(house, write(tmp_path, clean()))
    before = facts(house)
    again = run(house, tmp_path)
    assert facts(house) == before
    assert all(one.repeated == one.rows for one in again.files)


def test_an_import_that_was_cut_off_goes_on_where_it_was(house: House, tmp_path: Path) -> None:
    write(tmp_path, clean())
    with pytest.raises(DoorClosed):
        run(house, tmp_path, InProcess(house, batches=5))
    cut_off = facts(house)
    run(house, tmp_path)
    assert facts(house) > cut_off
    whole = facts(house)
    run(house, tmp_path)
    assert facts(house) == whole


def test_who_manages_and_sells_is_hired_once(house: House, tmp_path: Path) -> None:
    rows = clean()
    rows["sales_teams"].append(["Mia", "", "Central"])
    summary = run(house, write(tmp_path, rows))
    assert summary.rejects == ()
    with house.system.pool.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM events WHERE topic = 'employee.hired'"
        ).fetchone()
    assert row == (4,)
    again = run(house, tmp_path)
    assert all(one.repeated == one.rows for one in again.files)


def test_an_office_that_is_refused_takes_only_its_agents_with_it(
    house: House, tmp_path: Path
) -> None:
    rows = clean()
    rows["sales_teams"][2][2] = "East " * 50
    summary = run(house, write(tmp_path, rows))
    told = {(one.line.file, one.line.number) for one in summary.rejects}
    assert ("sales_teams.csv", 4) in told
    assert ("sales_pipeline.csv", 2) not in told


def test_rejects_that_cannot_be_written_are_told_before_anything_is_imported(
    house: House, tmp_path: Path
) -> None:
    before = facts(house)
    (write(tmp_path, clean()) / "rejects.csv").mkdir()
    with pytest.raises(ImportStopped, match="cannot be written"):
        run(house, tmp_path)
    assert facts(house) == before


def damage(name: str, place: int, column: int, text: str) -> Rows:
    rows = clean()
    rows[name][place][column] = text
    return rows


@pytest.mark.parametrize(
    ("rows", "line", "code"),
    [
        (damage("sales_pipeline", 0, 0, "O 1"), 2, "bad-id"),
        (damage("sales_pipeline", 0, 1, "Nobody"), 2, "unknown-agent"),
        (damage("sales_pipeline", 1, 2, "Nothing"), 3, "unknown-product"),
        (damage("sales_pipeline", 2, 3, "Nowhere"), 4, "unknown-account"),
        (damage("sales_pipeline", 0, 4, "Maybe"), 2, "unknown-stage"),
        (damage("sales_pipeline", 0, 5, "2017-13-01"), 2, "bad-date"),
        (damage("sales_pipeline", 0, 5, ""), 2, "missing-value"),
        (damage("sales_pipeline", 0, 6, "2016-12-31"), 2, "closed-before-engaged"),
        (damage("sales_pipeline", 0, 7, "-5"), 2, "bad-number"),
        (damage("sales_pipeline", 0, 7, "5.001"), 2, "bad-number"),
        (damage("sales_pipeline", 1, 7, "9"), 3, "value-without-win"),
        (damage("sales_pipeline", 2, 6, "2017-04-01"), 4, "open-with-close"),
        (damage("accounts", 1, 6, "Beta"), 3, "own-parent"),
        (damage("accounts", 0, 2, "abc"), 2, "bad-number"),
        (damage("products", 1, 2, ""), 3, "missing-value"),
        (damage("sales_teams", 2, 1, "Cid"), 4, "own-manager"),
    ],
)
def test_a_row_that_cannot_be_imported_is_told_with_its_line_and_rule(
    house: House, tmp_path: Path, rows: Rows, line: int, code: str
) -> None:
    summary = run(house, write(tmp_path, rows))
    first = [one for one in summary.rejects if one.why.code == code]
    assert [one.line.number for one in first] == [line]
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as handle:
        told = [(row["line"], row["code"]) for row in csv.DictReader(handle)]
    assert (str(line), code) in told
    assert all(one.imported + one.repeated + one.rejected == one.rows for one in summary.files)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_every_row_is_accounted_for(
    house: House, tmp_path: Path, seed: int
) -> None:
    rng, rows = random.Random(seed), clean()
    for _ in range(4):
        name = rng.choice(list(rows))
        row = rng.choice(rows[name])
        row[rng.randrange(len(row))] = rng.choice(["", "x", "-1", "1e9", "Acme", "\u2028", "Ann"])
    rows[rng.choice(list(rows))].append(["too", "few"])
    summary = run(house, write(tmp_path, rows))
    assert all(one.imported + one.repeated + one.rejected == one.rows for one in summary.files)
    assert sum(one.rejected for one in summary.files) == len(summary.rejects) > 0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "products.csv").unlink(), "does not exist"),
        (lambda folder: (folder / "products.csv").write_text(""), "is empty"),
        (lambda folder: (folder / "products.csv").write_text("a,b\n1,2\n"), "lacks the column"),
        (lambda folder: (folder / "products.csv").write_bytes(b"\xff\xfe"), "is not UTF-8"),
    ],
)
def test_a_source_that_cannot_be_read_is_told_before_anything_is_imported(
    house: House, tmp_path: Path, spoil: Any, said: str
) -> None:
    before = facts(house)
    spoil(write(tmp_path, clean()))
    with pytest.raises(SourceUnreadable, match=said):
        run(house, tmp_path)
    assert facts(house) == before
