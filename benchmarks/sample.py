"""A ledger with a year of business in it, brought in through the public door."""

from datetime import date
from typing import Final

from benchmarks.servers import Servers
from runtime.importing.driving import LINES_A_BATCH, HttpCommands
from runtime.importing.sample_year import SampleYear

LEDGER: Final = "bench_year"
LAST_ON: Final = date(2025, 12, 31)


def sample_year(servers: Servers) -> str:
    """The ledger's name; it is filled when it is first asked for."""
    if not (servers.folder / LEDGER).exists():
        with servers.parts(LEDGER, "serve-1") as parts:
            lines = list(SampleYear(LAST_ON).lines())
            with HttpCommands(f"http://127.0.0.1:{parts.ports['serve-1']}", parts.api_key) as door:
                for at in range(0, len(lines), LINES_A_BATCH):
                    answers = door.carry_out(lines[at : at + LINES_A_BATCH])
                    assert not any(answer.refused for answer in answers)
    return LEDGER
