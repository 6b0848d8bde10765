"""The 85 real accounts with a year around them: every one whole in one answer, then and now."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from runtime.credentials import derived_key
from runtime.importing.crm_sales_opportunities import import_crm, imported
from runtime.importing.relations.ground import ground_of_history
from runtime.importing.relations.year import RelationsYear
from tests.api.conftest import House, house
from tests.runtime.importing.accounts_year import Door, live, whole

__all__ = ["house"]
pytestmark = [pytest.mark.postgres, pytest.mark.slow]

LAST_ON: Final = date(2026, 6, 30)
DEALS: Final = 600
"""So many of the 8,800 are enough: all accounts are there, and most have bought."""


@pytest.fixture
def directory(crm_history: Path, tmp_path: Path) -> Path:
    """The data set with its first deals."""
    for file in crm_history.glob("*.csv"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        (tmp_path / file.name).write_text("".join(lines[: DEALS + 1]), "utf-8")
    return tmp_path


def test_kam_04_every_real_account_is_whole_in_one_answer(house: House, directory: Path) -> None:
    """KAM-04: classified, with team, contacts, interactions, plans and approvals."""
    door = Door(house, house.key)
    summary = import_crm(
        directory,
        client=door,
        mapping_path=None,
        rejects_path=directory / "rejects",
        progress=lambda _, __: None,
    )
    assert summary.rejects == ()
    ground = ground_of_history(imported(directory, client=door))
    year = RelationsYear(
        ground,
        LAST_ON,
        sha256_of=lambda key_id: derived_key(house.key, key_id).secret_sha256,
    )
    live(house, year.steps())

    with (directory / "accounts.csv").open(newline="", encoding="utf-8") as file:
        names = {row["account"] for row in csv.DictReader(file)}
    found = [whole(house, account.account_id) for account in ground.accounts]
    assert {one["item"]["name"] for one in found} == names
    assert len(found) == 85
    for one in found:
        check(one)
    assert set(Counter(one["ranking"]["account_class"] for one in found)) == {
        "strategic",
        "key",
        "ordinary",
    }
    assert any(one["team"]["flagged"] for one in found)
    states = {state["state"] for one in found for state in one["approvals"]["states"]}
    assert states == {"granted", "pending", "rejected", "sent_back"}
    assert {plan["state"] for one in found for plan in one["plans"]["latest"]} == {
        "drafted",
        "submitted",
        "approved",
        "active",
        "closed",
    }
    lost = [outcome["outcome"] for one in found for outcome in one["outcomes"]["latest"]]
    assert Counter(lost) == {"churned": 8, "renewal_lost": 4}
    acme = ground.accounts[0].account_id
    then = whole(house, acme, LAST_ON - timedelta(days=180))
    assert 0 < then["interactions"]["count"] < found[0]["interactions"]["count"]
    assert then["position"] == found[0]["position"]


def check(one: dict[str, Any]) -> None:
    """Nothing that was asked for is missing from the account."""
    assert one["owner"]["active"]
    assert one["team"]["solution_architect"]["active"]
    assert 3 <= one["people"]["count"] <= 8
    assert one["people"]["coverage"] is not None
    assert 6 <= one["interactions"]["count"] <= 30
    assert one["depth"]["level"] is not None
    assert one["surveys"]["count"] > 0
    assert one["plans"]["active"] == 1
    *_, closed = one["plans"]["latest"]
    assert closed["recorded"] == closed["targets"]
    # An account that has left us is not planned for, and is offered no contract.
    stays = all(outcome["outcome"] != "churned" for outcome in one["outcomes"]["latest"])
    years = [plan["fiscal_year"] for plan in one["plans"]["latest"]]
    assert years[-2:] == [2025, 2024]
    if stays:
        assert years[0] == 2026
        assert one["approvals"]["count"] >= 3
        assert one["contracts"]["count"] == 2
    assert one["projects"]["count"] == 1
    assert one["value"]["delivered"]
    assert one["stage"]["checks"]
    assert one["goals"]
