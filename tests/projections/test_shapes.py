"""A projection that reads or writes something else is another version of it."""

import copy
from typing import Any, Final

import pytest

from tests.projections.shapes import committed, objections, shapes

BEFORE: Final = {
    "lamps": {
        "version": 1,
        "tables": {"lamp": {"lamp_id": "text"}},
        "facts": {"lamp.lit": 1},
    }
}


def _changed(*path: str, to: Any) -> dict[str, Any]:
    now: dict[str, Any] = copy.deepcopy(BEFORE)
    place = now["lamps"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return now


def test_no_projection_changed_under_its_version() -> None:
    assert list(objections(committed(), shapes())) == []


def test_the_file_is_as_it_would_be_written_now() -> None:
    assert committed() == shapes(), "run: make schemas"


@pytest.mark.parametrize(
    "now",
    [
        _changed("tables", "lamp", "colour", to="text"),
        _changed("tables", "lamp", to={"lamp_id": "text or null"}),
        _changed("tables", "shade", to={}),
        _changed("tables", to={}),
        _changed("facts", "lamp.lit", to=2),
        _changed("facts", to={}),
    ],
)
def test_a_change_needs_a_version_and_is_named(now: dict[str, Any]) -> None:
    (objection,) = objections(BEFORE, now)
    assert objection.startswith("the projection lamps needs version 2: ")
    now["lamps"]["version"] = 2
    assert list(objections(BEFORE, now)) == []


@pytest.mark.parametrize("now", [BEFORE, {}, _changed("facts", "lamp.broken", to=1)])
def test_what_no_ledger_can_hold_yet_changes_nothing(now: dict[str, Any]) -> None:
    assert list(objections(BEFORE, now)) == []
