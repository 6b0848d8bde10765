"""The demo: a sample year on the first start, commands to try, and a fast second start."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.e2e.machine import Machine, machine
from tests.processes import until

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the demo's commands need curl")
def test_the_demo_loads_a_year_once_and_says_what_to_try(tmp_path: Path) -> None:
    with machine(tmp_path / "demo", "demo") as running:
        running.start("--log", "store")
        until(lambda: "In another terminal:" in running.said, "the year is loaded", timeout_s=300)
        assert re.search(r"a year with 80 accounts: \d+ contacts, 1,\d+ interactions", running.said)
        _, _, commands = running.said.partition("In another terminal:\n")
        commands, _, what_if = commands.partition("The past year under another")
        answers = tried(commands)
        assert len(answers) == 11
        assert all('"position":' in answer for answer in answers), answers
        _, now, then, scores, heat, why, lost, _, inbox, decided, opened = map(json.loads, answers)
        points = [one["score"] for one in scores["items"]]
        assert points == sorted(points)
        assert points[0] < 60_000_000
        assert heat["total"]["accounts"] == 80
        assert why["difference"] < 0
        assert {one["outcome"] for one in lost["items"]} == {"churned", "renewal_lost"}
        (waiting,) = now["approvals"]["waiting"]
        assert waiting["approval_id"] in {one["approval_id"] for one in inbox["items"]}
        assert then["interactions"]["count"] < now["interactions"]["count"]
        assert decided["events"][-1]["name"] == "contract.approved"
        running.ask("/v1/audit-trail?limit=1", {"Min-Position": str(opened["position"])})
        (said,) = told_by(what_if)
        assert re.search(r"[1-9]\d* of [1-9]\d* losses warned of", said), said
        assert "is closed: 80 accounts, " in running.said
        assert scores_are_the_same_however_they_are_made(running, tmp_path / "answer")
        funnel = running.ask("/v1/funnel")
        assert funnel["total"]["count"] > 1_000
        assert running.stop() == 0
        assert running.left() == []

        running.start("--log", "store")
        until(lambda: "In another terminal:" in running.said, "it is ready")
        assert "loading" not in running.said
        assert running.ask("/v1/funnel")["total"] == funnel["total"]


def scores_are_the_same_however_they_are_made(running: Machine, out: Path) -> int:
    """Kept when the day was closed, built anew, folded from the store, and replayed; how many."""
    (day,) = re.findall(r"([0-9-]+) is closed", running.said)
    assert "signals is built anew" in asked_of(running, "rebuild", "signals")
    assert "no difference" in asked_of(running, "verify")
    period = ("--from", day, "--to", day, "--known", "at_close")
    asked_of(running, "replay", "what-if", "*@1", *period, "--out", str(out))
    replayed = pl.read_parquet(out / "daily.parquet").select("account_id", "active.score").rows()
    for account_id, score in replayed:
        path = f"/v1/accounts/{account_id}/health-scores?first_day={day}&last_day={day}"
        (kept,) = running.ask(path)["items"]
        assert (kept["day"], kept["score"]) == (day, score)
    return len(replayed)


def asked_of(running: Machine, *verb: str) -> str:
    """What the command line says about the ledger that runs there."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "runtime", *verb, "--data", str(running.data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def tried(commands: str) -> list[str]:
    """What each command that was printed answers, run as it stands."""
    setting, *curls = lines(commands)
    return [told_by(f"  {setting}; {curl}")[0] for curl in curls]


def lines(commands: str) -> list[str]:
    """The commands that were printed, each in one line."""
    joined = commands.replace("\\\n", " ").splitlines()
    return [line.strip() for line in joined if line.startswith("  ")]


def told_by(commands: str) -> list[str]:
    """What each of them says."""
    return [
        subprocess.run(["sh", "-c", one], stdout=subprocess.PIPE, text=True, check=True).stdout
        for one in lines(commands)
    ]
