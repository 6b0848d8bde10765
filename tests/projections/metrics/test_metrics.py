"""Metrics: exact at their bounds, loud beyond them, and each with its definition."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.metrics.customer import (
    Csat,
    average_resolution_time,
    csat,
    csat_of_counts,
    nps,
    nps_bucket,
    nps_of_percentages,
    nps_of_scores,
)
from projections.metrics.definitions import METRICS
from projections.metrics.numbers import half_up
from projections.metrics.retention import (
    grr_nrr,
    logo_churn,
    ltv_churn,
    ltv_years,
    renewal_rate,
    renewal_rate_logo,
    renewal_rate_value,
)
from projections.metrics.value import (
    Concentration,
    revenue_concentration,
    share_of_wallet,
    share_of_wallet_of_revenue,
    strategic_value_score,
    weighted_vendor_score,
)


@pytest.mark.parametrize("metric_id", METRICS)
def test_a_definition_says_all_there_is_to_say(metric_id: str) -> None:
    metric = METRICS[metric_id]
    assert metric.metric_id == metric_id
    assert re.fullmatch(r"[a-z][a-z_]*", metric_id)
    assert all([metric.name, metric.unit, metric.source])
    assert metric.formula.endswith(".")
    assert metric.version >= 1


def test_definitions_stand_in_order() -> None:
    assert list(METRICS) == sorted(METRICS)


def test_two_metrics_that_others_call_by_one_name_are_two() -> None:
    """MET-03, MET-05, MET-07: public definitions conflict, so each has its own."""
    names = [metric.name for metric in METRICS.values()]
    assert len(set(names)) == len(names)
    assert {"ltv_years", "ltv_churn", "grr", "nrr", "logo_churn"} <= set(METRICS)
    assert {"share_of_wallet", "share_of_wallet_of_revenue"} <= set(METRICS)


@pytest.mark.parametrize(
    ("score", "bucket"),
    [
        (0, "detractor"),
        (6, "detractor"),
        (7, "passive"),
        (8, "passive"),
        (9, "promoter"),
        (10, "promoter"),
    ],
)
def test_a_response_is_in_one_bucket(score: int, bucket: str) -> None:
    """MET-02."""
    assert nps_bucket(score) == bucket


@pytest.mark.parametrize(
    ("satisfied", "total", "pct"), [(1, 200, 1), (1, 201, 0), (0, 1, 0), (1, 1, 100), (7, 8, 88)]
)
def test_csat_rounds_half_up(satisfied: int, total: int, pct: int) -> None:
    """MET-01: 0.5 % is 1 %, and what is a little less is 0."""
    assert csat_of_counts(satisfied, total) == Csat(
        satisfied, total, Fraction(100 * satisfied, total), pct
    )


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), 0),
        (Fraction(5, 2), 3),
        (Fraction(249, 100), 2),
        (Fraction(-5, 2), -2),
    ],
)
def test_of_two_equally_near_the_greater_is_taken(value: Fraction, whole: int) -> None:
    assert half_up(value) == whole


def test_a_bound_itself_is_within() -> None:
    assert renewal_rate_logo(5, 5) == 100
    assert renewal_rate_value(expiring=5, churned=4, downgrade=1) == 0
    assert [*grr_nrr(start=5, contraction=5, churn=0, expansion=10)] == [0, 200]
    assert share_of_wallet(spend_with_us=5, category_spend=5) == 100
    assert share_of_wallet_of_revenue(spend_with_us=6, customer_revenue=5) == 120
    assert logo_churn(5, 5, "month").annualized_pct == 100
    assert [*logo_churn(5, 0, "day")] == [0, 100, 0]
    assert ltv_churn(arpa=3, gross_margin=1, churn=1) == 3
    assert [*ltv_years(annual_contribution=-2, years=3, acquisition_cost=1)] == [-6, -7]
    assert nps_of_percentages(promoters_pct=0, detractors_pct=100) == -100
    assert average_resolution_time(0, 1) == 0
    assert strategic_value_score({"a": 1}, {"a": 5}) == 5
    assert [*renewal_rate(start=4, renewed=3, expansion=0, contraction=3)] == [75, 0]


OUT_OF_BOUNDS: Final[tuple[tuple[Callable[[], Any], str], ...]] = (
    (lambda: csat({5: 1}, ()), "satisfied names no score"),
    (lambda: csat({5: -1, 4: 2}, (4,)), "responses[5] is -1, below 0"),
    (lambda: csat({}, (4,)), "total is 0"),
    (lambda: csat_of_counts(2, 1), "satisfied is 2, above 1"),
    (lambda: nps(promoters=0, passives=0, detractors=0), "responses is 0"),
    (lambda: nps(promoters=1, passives=-1, detractors=1), "passives is -1, below 0"),
    (lambda: nps_of_scores({11: 1}), "score is 11, above 10"),
    (lambda: nps_of_scores({9: -1, 8: 2}), "scores[9] is -1"),
    (lambda: nps_bucket(-1), "score is -1, below 0"),
    (lambda: nps_bucket(Fraction(13, 2)), "score is 13/2, not a whole number"),  # type: ignore[arg-type]
    (
        lambda: nps_of_percentages(promoters_pct=51, detractors_pct=50),
        "promoters_pct and detractors_pct together is 101, above 100",
    ),
    (lambda: nps_of_percentages(promoters_pct=101, detractors_pct=0), "promoters_pct is 101"),
    (lambda: average_resolution_time(1, 0), "tickets is 0"),
    (lambda: average_resolution_time(-1, 1), "total is -1"),
    (lambda: renewal_rate_logo(0, 0), "expiring is 0"),
    (lambda: renewal_rate_logo(1, 2), "renewed is 2, above 1"),
    (lambda: renewal_rate_value(expiring=5, churned=4, downgrade=2), "churned and downgrade"),
    (lambda: renewal_rate(start=1, renewed=2, expansion=0, contraction=0), "renewed is 2"),
    (lambda: renewal_rate(start=3, renewed=2, expansion=0, contraction=3), "contraction is 3"),
    (lambda: renewal_rate(start=3, renewed=2, expansion=-1, contraction=0), "expansion is -1"),
    (lambda: logo_churn(1, 2, "month"), "lost is 2, above 1"),
    (lambda: logo_churn(0, 0, "month"), "start is 0"),
    (lambda: logo_churn(2, 1, "fortnight"), "period is 'fortnight'"),
    (lambda: grr_nrr(start=5, contraction=3, churn=3, expansion=0), "contraction and churn"),
    (lambda: grr_nrr(start=0, contraction=0, churn=0, expansion=0), "start is 0"),
    (lambda: ltv_churn(arpa=1, gross_margin=2, churn=1), "gross_margin is 2, above 1"),
    (lambda: ltv_churn(arpa=1, gross_margin=1, churn=0), "churn is 0"),
    (lambda: ltv_churn(arpa=1, gross_margin=1, churn=2), "churn is 2, above 1"),
    (lambda: ltv_years(annual_contribution=1, years=-1, acquisition_cost=0), "years is -1"),
    (lambda: share_of_wallet(spend_with_us=2, category_spend=1), "spend_with_us is 2, above 1"),
    (lambda: share_of_wallet_of_revenue(spend_with_us=1, customer_revenue=0), "customer_revenue"),
    (lambda: strategic_value_score({"a": 99}, {"a": 3}), "weights add up to 99"),
    (lambda: strategic_value_score({}, {}), "weights add up to 0"),
    (lambda: strategic_value_score({"a": 1}, {"a": 0}), "scores.a is 0, below 1"),
    (lambda: strategic_value_score({"a": 1}, {"a": 6}), "scores.a is 6, above 5"),
    (lambda: strategic_value_score({"a": 1}, {"b": 1}), "weights and scores do not both have a, b"),
    (lambda: strategic_value_score({"a": 2, "b": -1}, {"a": 1, "b": 1}), "weights.b is -1"),
    (lambda: weighted_vendor_score({"a": 1}, {"a": 11}, (1, 10)), "scores.a is 11, above 10"),
    (lambda: revenue_concentration([1], 0), "top_percent is 0, below 1"),
    (lambda: revenue_concentration([1], 101), "top_percent is 101, above 100"),
    (lambda: revenue_concentration([-1], 1), "revenue is -1"),
    (lambda: share_of_wallet(spend_with_us=0.5, category_spend=1), "no exact number"),  # type: ignore[arg-type]
    (lambda: share_of_wallet(spend_with_us=True, category_spend=1), "no exact number"),
    (lambda: share_of_wallet(spend_with_us=Decimal("NaN"), category_spend=1), "no number"),
)


@pytest.mark.parametrize(("compute", "message"), OUT_OF_BOUNDS)
def test_what_is_out_of_bounds_is_named(compute: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        compute()


@pytest.mark.parametrize(
    ("revenues", "top", "expected"),
    [
        ([], 10, Concentration(0, 0, 0, 0, None)),
        ([0, 0], 10, Concentration(0, 0, 0, 0, None)),
        ([70, 30], 10, Concentration(2, 1, 100, 70, 7_000)),
        ([10] * 10, 10, Concentration(10, 1, 100, 10, 1_000)),
        ([10] * 11, 10, Concentration(11, 2, 110, 20, 1_818)),
        ([1, 0, 2], 100, Concentration(2, 2, 3, 3, 10_000)),
        ([2, 1], 50, Concentration(2, 1, 3, 2, 6_667)),
    ],
)
def test_concentration_is_the_share_of_the_top_accounts(
    revenues: list[int], top: int, expected: Concentration
) -> None:
    """KAM-31."""
    assert revenue_concentration(revenues, top) == expected


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 5)), min_size=1, max_size=8),
    st.sampled_from([1, 100, 10_000]),
)
def test_a_weighted_score_lies_between_its_least_and_its_greatest(
    parts: list[tuple[int, int]], whole: int
) -> None:
    """KAM-02: whatever the weights are written in."""
    total = sum(weight for weight, _ in parts)
    weights = {str(n): Fraction(w * whole, total) for n, (w, _) in enumerate(parts)}
    scores = {str(n): score for n, (_, score) in enumerate(parts)}
    found = strategic_value_score(weights, scores)
    assert min(scores.values()) <= found <= max(scores.values())
