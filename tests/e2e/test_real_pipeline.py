"""8,800 real opportunities through the whole length: HTTP, store, log, read models, answers."""

import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from json import load
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.catalogue import PROJECTIONS
from replay.rebuild import rebuild
from runtime.importing.crm_sales_opportunities import import_crm
from runtime.importing.driving import HttpCommands
from runtime.importing.tally import Summary
from runtime.log.store_source import StoreSource
from runtime.read_models import Workbench
from tests.history.dumps import committed, fold_of, read_models
from tests.kills.parts import Parts
from tests.runtime.importing.expected import expected_as_of

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

DAY: Final = date(2017, 6, 30)
REGIONS: Final = {
    "central": (1_629, 975, 3_346_293_00),
    "east": (1_171, 687, 3_090_594_00),
    "west": (1_438, 811, 3_568_647_00),
}
"""Won, lost and the amount won in cents, as published."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running ledger."""

    parts: Parts

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.parts.ports['serve-1']}"

    @property
    def key(self) -> str:
        return (self.parts.folder / "admin-key").read_text().strip()

    def bring_in(self, directory: Path) -> Summary:
        with HttpCommands(self.url, self.key) as client:
            return import_crm(
                directory,
                client=client,
                mapping_path=None,
                rejects_path=self.parts.folder / "rejects.csv",
                progress=lambda _, __: None,
            )

    def funnel(self, **question: str) -> dict[str, Any]:
        """The answer once everything recorded is in."""
        with urllib.request.urlopen(f"{self.url}/v1/health", timeout=30) as answer:
            head = load(answer)["position"]
        request = urllib.request.Request(
            f"{self.url}/v1/funnel?{urllib.parse.urlencode(question)}",
            headers={"Authorization": f"Bearer {self.key}", "Min-Position": str(head)},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = load(answer)
        return found


@contextmanager
def _running(url: str, ledger: str, folder: Path, bootstrap: str | None) -> Iterator[Running]:
    parts = Parts(url, ledger, folder, bootstrap)
    for name in ("serve-1", "project", *(["relay"] if bootstrap else [])):
        parts.start(name)
    parts.wait_until_answering("serve-1")
    try:
        yield Running(parts)
    finally:
        parts.close()


def _assert_as_published(answer: dict[str, Any]) -> None:
    groups = {group["group"]["region"]: group for group in answer["groups"]}
    assert {
        region: (groups[region]["won"], groups[region]["lost"], groups[region]["amounts"])
        for region in REGIONS
    } == {
        region: (won, lost, [{"minor": minor, "currency": "USD"}])
        for region, (won, lost, minor) in REGIONS.items()
    }
    total = answer["total"]
    assert (total["count"], total["won"], total["lost"]) == (8_800, 4_238, 2_473)
    assert total["amounts"] == [{"minor": 10_005_534_00, "currency": "USD"}]
    assert (total["win_rate_bp"], total["days_mean"]) == (6_315, 51.78)
    assert groups["group"]["count"] == 8_800


def _assert_as_of(running: Running, directory: Path) -> None:
    expected = expected_as_of(directory, DAY)
    answer = running.funnel(as_of=DAY.isoformat(), group_by="region")
    total = answer["total"]
    assert (total["open"], total["won"], total["lost"]) == (
        expected.engaging,
        expected.won,
        expected.lost,
    )
    assert total["amounts"] == [{"minor": expected.won_minor, "currency": "USD"}]
    assert {
        group["group"]["region"]: group["won"]
        for group in answer["groups"]
        if group["group"]["region"] != "group"
    } == expected.won_by_region


def _rebuild_funnel(parts: Parts) -> None:
    (funnel,) = [found for found in PROJECTIONS if found.name == "funnel"]
    with (
        StoreSource(parts.database_url, parts.ledger) as source,
        psycopg.connect(parts.database_url, autocommit=True) as connection,
    ):
        connection.execute(SQL("SET search_path TO {}").format(Identifier(parts.ledger)))
        assert rebuild(Workbench(connection, funnel), source, lambda _, __: None, lambda: False)


@pytest.mark.parametrize("log", ["store", pytest.param("kafka", marks=pytest.mark.kafka)])
def test_the_real_data_set_comes_out_as_published(
    *,
    database_url: str,
    ledger: str,
    tmp_path: Path,
    crm_history: Path,
    log: str,
    request: pytest.FixtureRequest,
) -> None:
    bootstrap = request.getfixturevalue("kafka") if log == "kafka" else None
    with _running(database_url, ledger, tmp_path, bootstrap) as running:
        first = running.bring_in(crm_history)
        assert first.rejects == ()
        assert first.without_account == 1_425
        stored = len(running.parts.stored())
        _assert_as_published(running.funnel(group_by="region"))
        stages = running.funnel(group_by="stage", state="open")["groups"]
        assert {one["group"]["stage"]: one["count"] for one in stages} == {
            "engaging": 1_589,
            "prospecting": 500,
        }
        _assert_as_of(running, crm_history)

        again = running.bring_in(crm_history)
        assert sum(file.imported for file in again.files) == 0
        assert len(running.parts.stored()) == stored

        _rebuild_funnel(running.parts)
        _assert_as_published(running.funnel(group_by="region"))
        store = running.parts.stored()
        assert read_models(database_url, ledger) == fold_of(store)
        if bootstrap is not None:
            assert committed(bootstrap, ledger) == store
