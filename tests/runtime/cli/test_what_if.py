"""CARD-04: `keyledger replay what-if`, as somebody types it."""

import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from replay.what_if.result import Result
from replay.what_if.stretches import Stretches
from runtime.__main__ import app
from runtime.cli import what_if
from runtime.endings import NEVER_AGAIN
from tests.readmodels.conftest import Told
from tests.runtime.cli.test_sentences import run, sentence
from tests.runtime.store.ledgers import Ledger
from tests.runtime.what_if_ledger import FIRST, LAST, TIGHTER, lived, visit

pytestmark = pytest.mark.postgres

PERIOD = ("--from", str(FIRST), "--to", str(LAST))


@dataclass(frozen=True, slots=True)
class Program:
    """The program on one ledger."""

    store: Ledger
    folder: Path

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "DATABASE_URL": self.store.url,
            "LEDGER": self.store.name,
            "DATA": str(self.folder / "data"),
        }

    @property
    def out(self) -> Path:
        return self.folder / "data" / "what-if"

    def arguments(self, *policies: str) -> list[str]:
        return ["replay", "what-if", *policies, *PERIOD, "--out", str(self.out)]

    def run(self, *policies: str) -> subprocess.CompletedProcess[str]:
        return run(*self.arguments(*policies), **self.settings)

    def result(self) -> Result:
        return Result.model_validate_json((self.out / "result.json").read_bytes(), strict=False)

    def file(self, name: str, told: object) -> str:
        path = self.folder / name
        path.write_text(json.dumps(told))
        return str(path)


@pytest.fixture
def program(database_url: str, ledger: str, tmp_path: Path) -> Program:
    return Program(Ledger(database_url, ledger), tmp_path)


def test_files_and_versions_are_put_beside_what_was_in_force(program: Program) -> None:
    lived(Told(program.store))
    document = TIGHTER.model_dump(mode="json")
    body = {"region_id": "north", "document": document}
    files = program.file("tighter.json", document), program.file("in the north.json", body)
    done = program.run(*files, "*@1", "north@1")
    assert done.returncode == 0, done.stderr
    result = program.result()
    assert [(one.name, one.place, one.version) for one in result.policies] == [
        ("active", "*", 1),
        ("active", "north", 1),
        ("tighter", "*", None),
        ("in-the-north", "north", None),
        ("group.1", "*", 1),
        ("north.1", "north", 1),
    ]
    assert f"as of position {result.position}; read {program.out / 'report.md'}" in done.stdout
    assert "group.1: 0 of 3 accounts change band" in done.stdout
    assert not list((program.folder / "data" / ".what-if").rglob("*.parquet"))
    before = (program.out / "report.md").read_bytes()
    assert program.run(*files, "*@1", "north@1").returncode == 0
    assert (program.out / "report.md").read_bytes() == before


def _told_to_stop(stop: threading.Event) -> Callable[[Stretches], list[pl.Series]]:
    accounts = Stretches.accounts

    def stopping(stretches: Stretches) -> list[pl.Series]:
        stop.set()
        return accounts(stretches)

    return stopping


def test_stopped_it_says_so_and_goes_on_when_it_is_run_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(Told(program.store))
    for name, value in program.settings.items():
        monkeypatch.setenv(f"KEYLEDGER_{name}", value)
    stop = threading.Event()
    monkeypatch.setattr(what_if, "until_told", lambda: stop)
    monkeypatch.setattr("replay.what_if.stretches.Stretches.accounts", _told_to_stop(stop))
    stopped = CliRunner().invoke(app, program.arguments("*@1"))
    assert stopped.exit_code == 130
    assert "run it again to go on from there" in stopped.output
    assert not program.out.exists()
    told = Told(program.store)
    told.tell(("2018-03-01", "interaction-new", visit("new", "corn")))
    done = program.run("*@1")
    position = len(program.store.events()) - 1
    assert f"going on with what was begun as of position {position}" in done.stdout
    assert program.result().position == position


def test_what_it_cannot_answer_ends_in_a_sentence(program: Program) -> None:
    lived(Told(program.store))
    unknown = program.run("*@7")
    assert unknown.returncode == NEVER_AGAIN
    words = "keyledger: policies.0.version: no scoring policy of the whole group has a version 7"
    assert unknown.stderr.splitlines()[-1].startswith(words)
    assert "is no version, and cannot be read as JSON" in sentence(program.run("nowhere.json"))
    nothing = program.file("nothing.json", {"groups": []})
    assert "policies.0.document.groups" in sentence(program.run(nothing))
    assert "a name of its own" in sentence(program.run("*@1", "*@1"))
    program.out.mkdir()
    (program.out / "letter.txt").write_text("Dear")
    assert "holds something else" in sentence(program.run("*@1"))
    assert (program.out / "letter.txt").read_text() == "Dear"


def test_a_ledger_without_signals_says_what_is_missing(program: Program) -> None:
    assert "a projector has to build signals first" in sentence(program.run("*@1"))
