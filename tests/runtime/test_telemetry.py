"""What a process says: one JSON object a line, in one form, and never what is in its variables."""

import json
import subprocess
import sys
from typing import Any

SAID = """
import logging, structlog
from runtime.telemetry import start_telemetry
start_telemetry("relay", "{level}")
structlog.get_logger("relay").info("relay_leads", epoch=7)
logging.getLogger("kafka.conn").info("connected")
logging.getLogger("kafka.conn").warning("lost")
def fail(secret):
    raise ValueError("no")
try:
    fail("kl_admin_" + "0123")
except ValueError:
    structlog.get_logger().exception("ours")
    logging.getLogger("uvicorn.error").exception("theirs")
"""


def said(level: str) -> list[dict[str, Any]]:
    run = subprocess.run(
        [sys.executable, "-c", SAID.format(level=level)], capture_output=True, text=True, check=True
    )
    assert run.stdout == ""
    return [json.loads(line) for line in run.stderr.splitlines()]


def test_every_line_is_an_object_that_names_part_level_and_time() -> None:
    lines = said("info")
    assert [line["event"] for line in lines] == ["relay_leads", "lost", "ours", "theirs"]
    assert {line["part"] for line in lines} == {"relay"}
    assert lines[0]["epoch"] == 7
    assert lines[0]["level"] == "info"
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_what_is_less_than_the_level_is_not_said() -> None:
    assert [line["event"] for line in said("error")] == ["ours", "theirs"]


def test_a_trace_says_where_it_was_and_nothing_of_what_was_there() -> None:
    for line in said("error"):
        assert line["exception"][0]["exc_type"] == "ValueError"
        assert "kl_admin_0123" not in json.dumps(line)
