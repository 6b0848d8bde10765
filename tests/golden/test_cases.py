"""The worked examples from public documents come out as their sources print them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from tests.golden.__main__ import main
from tests.golden.cases import Case, Unreadable, differences, read, run
from tests.golden.kinds import KINDS

FILE: Final = Path(__file__).parents[3] / "shared" / "golden" / "cases.yaml"
CASES: Final = read(FILE)
BUILT: Final = [case for case in CASES if case.kind in KINDS]

FEATURES: Final = {
    "KAM-02": {"strategic_value_score"},
    "L2C-10": {"multi_level"},
    "REG-06": {"regional_threshold"},
    "MET-01": {"csat"},
    "MET-02": {"nps", "nps_bucket"},
    "MET-03": {"renewal_rate", "renewal_rate_logo_vs_value", "renewal_rate_gross_net"},
    "MET-04": {"logo_churn", "grr_nrr"},
    "MET-05": {"ltv_years", "ltv_churn"},
    "MET-07": {"share_of_wallet", "share_of_wallet_other_definition"},
    "MET-08": {"average_resolution_time"},
}
"""The kinds of cases that show a feature."""


@pytest.mark.parametrize("case", BUILT, ids=[case.case_id for case in BUILT])
def test_a_worked_example_comes_out_as_its_source_prints_it(case: Case) -> None:
    """KAM-02, MET-01 to MET-05, MET-07, MET-08."""
    assert run(case, KINDS).differences == ()


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_a_case_of_every_kind(feature: str) -> None:
    """A file without cases would prove nothing."""
    assert FEATURES[feature] <= {case.kind for case in BUILT}


def case(kind: str, inputs: Any, expected: Any) -> Case:
    return Case("X-1", kind, inputs, expected, Decimal("0.005"))


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("csat", {"satisfied": 2, "total": 3}, {"csat_exact": Decimal("66.67"), "csat": 67}),
        ("csat", {"responses": {1: 1, 2: 1}, "satisfied": [2]}, {"csat": 50}),
        ("csat", {"responses": [5, 4, 1]}, {"satisfied": 2, "total": 3}),
        ("nps", {"promoters": 70, "passives": 20, "detractors": 10}, {"nps": 60}),
        ("nps", {"promoters": 1, "detractors": 0, "total": 3}, {"nps": Decimal("33.33")}),
        ("nps", {"scores": [10, 9, 8, 6]}, {"nps": 25, "detractors_pct": 25}),
        ("nps", {"scores": {10: 2, 7: 1, 0: 1}}, {"promoters": 2, "nps": 25}),
        ("nps_bucket", {"scores": [6, 7, 9]}, {"buckets": ["detractor", "passive", "promoter"]}),
        ("renewal_rate", {"expiring": 8, "lost": 2}, {"renewal_pct": 75, "lost_pct": 25}),
        ("logo_churn", {"start": 100, "lost": 5, "period": "year"}, {"annualized_churn_pct": 5}),
        ("logo_churn", {"start": 100, "lost": 50, "period": "quarter"}, {"retention_pct": 50}),
        ("grr_nrr", {"start_mrr": 100, "churn": 10}, {"grr_pct": 90, "nrr_pct": 90}),
        (
            "renewal_rate_gross_net",
            {"columns": ["renewed", "start"], "rows": [[3, 4]]},
            {"gross_pct": [75], "net_pct": [75]},
        ),
        ("ltv_churn", {"arpa_year": 100, "churn_year": Decimal("0.1")}, {"ltv": 1000}),
        ("share_of_wallet", {"spend_with_us": 1, "spend_with_others": 3}, {"sow_pct": 25}),
        ("average_resolution_time", {"hours": [1, 2, 6]}, {"art_hours": 3}),
        ("average_resolution_time", {"total_minutes": 9, "tickets": 2}, {"art_minutes": 4.5}),
        (
            "strategic_value_score",
            {"weights": {"a": 60, "b": 40}, "scores": {"b": 5, "a": 1}},
            {"score": Decimal("2.6"), "weight_sum": 100},
        ),
        (
            "strategic_value_score",
            {"weights": {"a": 60, "b": 39}, "scores": {"a": 1, "b": 1}},
            {"valid": False, "weight_sum": 99},
        ),
        (
            "weighted_vendor_score",
            {"weights": {"a": Decimal("0.5"), "b": Decimal("0.5")}, "scores": {"a": 1, "b": 4}},
            {"total": Decimal("2.5")},
        ),
    ],
)
def test_a_kind_takes_what_other_sources_state(kind: str, inputs: Any, expected: Any) -> None:
    expected = {
        name: Decimal(str(value)) if isinstance(value, float) else value
        for name, value in expected.items()
    }
    assert run(case(kind, inputs, expected), KINDS).line == "X-1  ok"


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (3, Fraction(3005, 1000), True),
        (3, Fraction(30051, 10000), False),
        (True, 1, False),
        (1, True, False),
        ("a", "a", True),
        (None, None, True),
        ([1, 2], (1, 2), True),
        ([1, 2], [1], False),
        ([1], 1, False),
        ({"x": 1}, {"x": 1, "y": 2}, True),
        ({"x": 1, "y": 2}, {"x": 1}, False),
    ],
)
def test_a_difference_is_seen(expected: Any, found: Any, same: bool) -> None:
    assert (not list(differences(expected, found, Decimal("0.005")))) is same


def test_a_line_says_what_differs() -> None:
    wrong = case("share_of_wallet", {"spend_with_us": 1, "category_spend": 4}, {"sow_pct": 24})
    assert run(wrong, KINDS).line == "X-1  sow_pct: expected 24, found 25"
    more = case("share_of_wallet", {"spend_with_us": 5, "category_spend": 4}, {"sow_pct": 24})
    assert run(more, KINDS).line == "X-1  ValueError: spend_with_us is 5, above 4"
    other = case("share_of_wallet", {"spend_with_us": 1, "category_spend": 4}, {"rank": 1})
    assert run(other, KINDS).line == "X-1  rank: expected 1, not computed"


GOOD: Final = "{id: A, kind: nps_bucket, inputs: {score: 9}, expected: {bucket: promoter}}"
BAD: Final = "{id: B, kind: nps_bucket, inputs: {score: 9}, expected: {bucket: passive}}"
UNKNOWN: Final = "{id: C, kind: dowsing, inputs: {}, expected: {}}"


def told(tmp_path: Path, *cases: str, more: Sequence[str] = ()) -> int:
    file = tmp_path / "cases.yaml"
    file.write_text("cases:\n" + "".join(f"- {one}\n" for one in cases))
    return main([str(file), *more])


def test_the_exit_code_says_whether_all_is_as_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, GOOD) == 0
    assert told(tmp_path, GOOD, BAD) == 1
    assert told(tmp_path, GOOD, UNKNOWN) == 0
    assert told(tmp_path, GOOD, UNKNOWN, more=["--all"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "A  ok",
        "1 ok, 0 differ, 0 not built yet",
        "A  ok",
        "B  bucket: expected passive, found promoter",
        "1 ok, 1 differ, 0 not built yet",
        "A  ok",
        "C  not built yet (dowsing)",
        "1 ok, 0 differ, 1 not built yet",
        "A  ok",
        "C  not built yet (dowsing)",
        "1 ok, 0 differ, 1 not built yet",
    ]


@pytest.mark.parametrize("text", ["", "a: [", "cases: 3", "- {id: A}", "cases: [3]", "[1, .nan]"])
def test_a_file_that_is_no_list_of_cases_is_unreadable(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(text)
    assert main([str(file)]) == 2
    with pytest.raises(Unreadable):
        read(file)
    assert main([str(tmp_path / "none.yaml")]) == 2
