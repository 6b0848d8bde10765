"""A process that is told to stop does, wherever the signal meets it."""

import subprocess
import sys

import pytest

TOLD_AGAIN_AND_AGAIN = """
import os, signal, sys, threading
from runtime.stopping import until_told
sys.setswitchinterval(0.00005)
for _ in range(500):
    stop = until_told()
    threading.Timer(0.0001, os.kill, (os.getpid(), signal.{name})).start()
    while not stop.is_set():
        stop.wait(0)
    os.kill(os.getpid(), signal.{name})
print("stopped")
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_is_never_lost_and_never_blocks(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD_AGAIN_AND_AGAIN.format(name=name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
