"""Rows imported a second from the CRM data set, the first time and once more."""

import time
from pathlib import Path
from typing import Final

from benchmarks.rounds import Rates, interleaved, ratio
from benchmarks.servers import Servers
from runtime.importing.crm_sales_opportunities import import_crm
from runtime.importing.driving import HttpCommands
from tests.kills.parts import Parts

FOLDER: Final = Path(__file__).parents[2] / "shared" / "data" / "crm-sales-opportunities"
ROUNDS: Final = 3


def _nothing(_: int, __: int) -> None:
    """Nobody watches."""


def _import(parts: Parts) -> float:
    """Rows a second."""
    url = f"http://127.0.0.1:{parts.ports['serve-1']}"
    started = time.perf_counter()
    with HttpCommands(url, parts.api_key) as door:
        summary = import_crm(
            FOLDER,
            client=door,
            mapping_path=None,
            rejects_path=parts.folder / "rejects.csv",
            progress=_nothing,
        )
    took = time.perf_counter() - started
    assert not summary.rejects
    return sum(file.rows for file in summary.files) / took


def run(servers: Servers) -> list[str]:
    """The lines of this part of the report."""
    if not FOLDER.is_dir():
        return [f"import: not measured, there is no {FOLDER}"]
    again: list[float] = []

    def first() -> float:
        with servers.parts(f"bench_import_{len(again)}", "serve-1") as parts:
            rate = _import(parts)
            again.append(_import(parts))
            return rate

    rates = interleaved({"import": first}, "rows/s", ROUNDS)
    repeated = Rates("the same import once more, which records nothing", "rows/s", tuple(again))
    return [
        "import: the CRM data set of 8,800 opportunities, over HTTP in batches",
        rates["import"].line(),
        repeated.line(),
        ratio(rates["import"], repeated).line(),
        "  limited by: the API process, which carries out three commands a row on one core",
    ]
