"""L2C-10, REG-06: golden APR-01 and APR-02, and whatever else is of their kinds."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.approvals import KINDS


def test_every_case_about_approvals_comes_out_as_expected(shared: Path) -> None:
    """APR-01, APR-02: terms are read from the fields of each case."""
    cases = yaml.safe_load((shared / "golden" / "cases.yaml").read_text())
    told: list[dict[str, Any]] = cases["cases"] if isinstance(cases, dict) else cases
    found = [case for case in told if case["kind"] in KINDS]
    assert {case["id"] for case in found} >= {"APR-01", "APR-02"}
    for case in found:
        assert KINDS[case["kind"]](case["inputs"]) == case["expected"], case["id"]


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (
            "regional_threshold",
            {"region_limits": {"north": 0.5}, "contracts": [0.5, 0.51]},
            {"north": [False, True]},
        ),
        (
            "multi_level",
            {
                "levels": [
                    {"above": 1, "approver": "a"},
                    {"above": 2, "approver": "b"},
                    {"above": 3, "approver": "c"},
                ],
                "totals": [2.01, 4],
            },
            {
                "chains": [["a", "b"], ["a", "b", "c"]],
                "usable_after_first_approval": [False, False],
            },
        ),
    ],
)
def test_terms_are_read_from_the_fields(
    kind: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert KINDS[kind](inputs) == expected
