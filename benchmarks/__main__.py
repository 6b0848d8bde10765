"""`python -m benchmarks [NAME...]`: measures, each figure against a baseline of the same run."""

import os
import platform
import signal
import sys
from importlib import import_module
from typing import Final

from benchmarks.servers import servers
from runtime.cli.parts import collect_seldom
from runtime.telemetry import start_telemetry

NAMES: Final = (
    "commands",
    "appends",
    "relay",
    "projection",
    "importing",
    "latency",
    "sizes",
    "archive",
    "scoring",
    "rebuild",
)


def main(names: list[str]) -> int:
    """Run the named parts, or all; returns 1 for a name there is not."""
    unknown = set(names) - set(NAMES)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
        return 1
    # Being told to end is broken off like Ctrl-C, so that no server is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    start_telemetry("benchmarks", "error")
    collect_seldom()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()};")
    print("medians of interleaved rounds; a ratio is paired round by round (lowest to highest)\n")
    with servers() as running:
        for name in names or NAMES:
            for line in import_module(f"benchmarks.{name}").run(running):
                print(line, flush=True)
            print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
