"""HLT-01 to HLT-03, HLT-06, HLT-07, HLT-09: every case about scores, scored by the scorer."""

from pathlib import Path
from typing import Any

import pytest

from tests.golden.cases import read, run
from tests.golden.doors import Doors
from tests.golden.health import KINDS, kinds


def test_every_case_about_health_comes_out_as_expected(shared: Path) -> None:
    """MET-10, MET-11: terms are read from the fields of each case."""
    cases = [case for case in read(shared / "golden" / "cases.yaml") if case.kind in KINDS]
    health = {"HLT-01", "HLT-02", "HLT-03", "HLT-06", "HLT-07", "HLT-09"}
    assert {case.case_id for case in cases} >= health
    assert [outcome.line for case in cases if (outcome := run(case, KINDS)).differences] == []


@pytest.mark.postgres
def test_every_case_about_health_comes_out_the_same_over_http(
    shared: Path, database_url: str
) -> None:
    """MET-10: policies drafted, approved and in force, calls recorded, scores asked for."""
    cases = [case for case in read(shared / "golden" / "cases.yaml") if case.kind in KINDS]
    with Doors(database_url) as doors:
        found = kinds(doors)
        assert [outcome.line for case in cases if (outcome := run(case, found)).differences] == []
        many = found["band_edges"]({"bands": [LOW, HIGH], "scores": [10, "10.01"] * 30})
        assert many["colours"] == ["a", "b"] * 30


LOW = {"from": 0, "to": 10, "colour": "a"}
HIGH = {"from": 10, "to": 100, "colour": "b"}
MEASURES = [{"weight": 1, "score": 40}, {"weight": 1, "score": 41}]
X = {"name": "x", "weight": 1, "metrics": [1, 2]}
Y = {"name": "y", "weight": 3, "metrics": [10]}


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("weighted_group", {"measures": MEASURES}, {"group": 41}),
        ("band_edges", {"bands": [LOW, HIGH], "scores": [10, "10.01"]}, {"colours": ["a", "b"]}),
        ("weighted_components", {"components": [X, Y]}, {"x": 2, "y": 10, "score": 8}),
        ("points", {"points": {"usage": 20}, "max": 50}, {"score_pct": 40}),
        ("policy_validation", {"group_max_points": [[60, 40], [60, 41]]}, {"valid": [True, False]}),
        (
            "alert_threshold",
            {"threshold": 70, "scores": ["69.999999", 70]},
            {"alert": [True, False]},
        ),
    ],
)
def test_other_terms_have_other_results(
    kind: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = KINDS[kind](inputs)
    assert {name: found[name] for name in expected} == expected
