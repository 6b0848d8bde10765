"""Processes to be killed, forked off a server that has loaded everything once: fast to start."""

import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Final

FORKS: Final = get_context("forkserver")
# The last one to say what is loaded wins, and what is loaded cannot be changed later: so this is
# the one place that says it.
FORKS.set_forkserver_preload(
    [
        "__main__",
        "api.app",
        "runtime.archive_folder",
        "runtime.cli.parts",
        "runtime.cli.serving",
        "runtime.composition",
        "runtime.log.relay",
        "runtime.projector",
        "runtime.reactor",
        "uvicorn",
        "uvloop",
        "tests.replay.archives",
        "tests.runtime.log.relays",
    ]
)

SOON_S: Final = 60.0
"""More than anything here takes."""

_LOOK_S: Final = 0.005


def until(condition: Callable[[], bool], what: str, timeout_s: float = SOON_S) -> None:
    """Wait for ``condition``, but not for ever."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not in {timeout_s:g} s: {what}"
        time.sleep(_LOOK_S)
