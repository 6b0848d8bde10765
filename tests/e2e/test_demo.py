"""The demo: a sample year on the first start, commands to try, and a fast second start."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.machine import machine
from tests.processes import until

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the demo's commands need curl")
def test_the_demo_loads_a_year_once_and_says_what_to_try(tmp_path: Path) -> None:
    with machine(tmp_path / "demo", "demo") as running:
        running.start("--log", "store")
        until(lambda: "In another terminal:" in running.said, "the year is loaded", timeout_s=300)
        assert re.search(r"a year with 80 accounts: \d+ contacts, 1,\d+ interactions", running.said)
        _, _, commands = running.said.partition("In another terminal:\n")
        answers = tried(commands)
        assert len(answers) == 7
        assert all('"position":' in answer for answer in answers), answers
        _, now, then, _, inbox, decided, opened = map(json.loads, answers)
        (waiting,) = now["approvals"]["waiting"]
        assert waiting["approval_id"] in {one["approval_id"] for one in inbox["items"]}
        assert then["interactions"]["count"] < now["interactions"]["count"]
        assert decided["events"][-1]["name"] == "contract.approved"
        running.ask("/v1/audit-trail?limit=1", {"Min-Position": str(opened["position"])})
        funnel = running.ask("/v1/funnel")
        assert funnel["total"]["count"] > 1_000
        assert running.stop() == 0
        assert running.left() == []

        running.start("--log", "store")
        until(lambda: "In another terminal:" in running.said, "it is ready")
        assert "loading" not in running.said
        assert running.ask("/v1/funnel")["total"] == funnel["total"]


def tried(commands: str) -> list[str]:
    """What each command that was printed answers, run as it stands."""
    setting, *curls = [
        line for line in commands.replace("\\\n", " ").splitlines() if line.startswith("  ")
    ]
    return [
        subprocess.run(
            ["sh", "-c", f"{setting}; {curl}"], capture_output=True, text=True, check=True
        ).stdout
        for curl in curls
    ]
