"""`python -m tests.golden FILE`: a line a case; 1 where one differs, 2 where FILE is unreadable.

Cases of health scores go through the public API of a ledger that is made for them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.telemetry import start_telemetry
from tests.golden import health
from tests.golden.cases import Unreadable, read, run
from tests.golden.doors import Doors
from tests.golden.kinds import KINDS


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 where every case is as expected."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("file", type=Path, help="cases in YAML, as golden/cases.yaml has them")
    parser.add_argument("--all", action="store_true", help="a kind not built yet is a difference")
    given = parser.parse_args(arguments)
    try:
        cases = read(given.file)
    except Unreadable as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    with Doors() as doors:
        kinds = {**KINDS, **health.kinds(doors)}
        outcomes = [run(case, kinds) for case in cases]
    for outcome in outcomes:
        sys.stdout.write(f"{outcome.line}\n")
    missing = sum(not outcome.built for outcome in outcomes)
    wrong_ones = sum(bool(outcome.differences) for outcome in outcomes)
    fine = len(outcomes) - missing - wrong_ones
    sys.stdout.write(f"{fine} ok, {wrong_ones} differ, {missing} not built yet\n")
    return 1 if wrong_ones or (given.all and missing) else 0


if __name__ == "__main__":
    start_telemetry("golden", "warning")
    sys.exit(main(sys.argv[1:]))
