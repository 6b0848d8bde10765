"""The class of an account: bands, weights and cut-offs, each at its edge."""

from fractions import Fraction
from functools import partial
from typing import Final

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from aggregates.accounts.account_class import (
    ACCOUNT_CLASS,
    Matrix,
    class_of,
    classify,
    rate,
    reclassify,
    score_of,
)
from aggregates.refusals import Invalid, WrongState
from events.accounts.account_class import AccountClassified, Measure, Rating
from events.policies.value_matrix import ValueMatrix
from projections.metrics.value import strategic_value_score
from tests.examples.cast import FIVE, PROFIT, dimension, matrix
from tests.examples.histories import CLASSIFIED
from tests.given import given

IN_FORCE: Final = Matrix("emea", 1, FIVE)
classify_acme = partial(classify, account_id="acme", region_id="emea", matrix=IN_FORCE)
reclassify_acme = partial(reclassify, account_id="acme", region_id="emea")


def amount(dimension_id: str, value: int) -> Measure:
    return Measure(dimension_id=dimension_id, amount=value)


def by_hand(dimension_id: str, band: int, evidence: str | None = "seen on site") -> Measure:
    return Measure(dimension_id=dimension_id, band=band, evidence=evidence)


MEASURES: Final = (
    amount("purchase", 350),
    amount("profit", 2_000),
    by_hand("influence", 4, "chairs the standard"),
    by_hand("innovation", 4, "two joint patents"),
    by_hand("fit", 4, "same three markets"),
)


def test_the_example_of_the_source_is_3_75() -> None:
    """KAM-02, golden SEG-01, and exactly on the cut-off: strategic."""
    given(ACCOUNT_CLASS).when(classify_acme, measures=MEASURES).then(CLASSIFIED)
    assert CLASSIFIED.score == 37_500


def test_the_order_of_the_measures_says_nothing() -> None:
    given(ACCOUNT_CLASS).when(classify_acme, measures=MEASURES[::-1]).then(CLASSIFIED)


def test_the_same_again_changes_nothing() -> None:
    given(ACCOUNT_CLASS, CLASSIFIED).when(classify_acme, measures=MEASURES).then()


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (-(10**15), 1),
        (499, 1),
        (500, 2),
        (1_499, 2),
        (1_500, 3),
        (2_500, 4),
        (3_999, 4),
        (4_000, 5),
        (10**15, 5),
    ],
)
def test_an_edge_belongs_to_the_band_above_it(value: int, band: int) -> None:
    document = matrix(PROFIT.model_copy(update={"weight_bp": 10_000}))
    (rating,) = rate(document, (amount("profit", value),))
    assert rating.band == band


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (10_000, "ordinary"),
        (24_999, "ordinary"),
        (25_000, "key"),
        (37_499, "key"),
        (37_500, "strategic"),
        (50_000, "strategic"),
    ],
)
def test_a_cut_off_belongs_to_the_class_that_begins_there(score: int, expected: str) -> None:
    """KAM-01."""
    assert class_of(FIVE, score) == expected


@given_any(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 5)), min_size=1, max_size=6))
def test_a_score_is_the_metric_of_that_name(parts: list[tuple[int, int]]) -> None:
    """KAM-02: what is decided is what the definition says."""
    total = sum(weight for weight, _ in parts)
    weights = [weight * 10_000 // total for weight, _ in parts]
    weights[0] += 10_000 - sum(weights)
    document = matrix(*(dimension(f"d{n}", weight) for n, weight in enumerate(weights)))
    measures = tuple(by_hand(f"d{n}", band) for n, (_, band) in enumerate(parts))
    found = score_of(document, rate(document, measures))
    assert Fraction(found, 10_000) == strategic_value_score(
        {one.dimension_id: one.weight_bp for one in document.dimensions},
        {measure.dimension_id: measure.band or 0 for measure in measures},
    )


@pytest.mark.parametrize(
    ("measures", "rule"),
    [
        (MEASURES[1:], "measure-missing"),
        ((*MEASURES, by_hand("luck", 5)), "unknown-dimension"),
        ((*MEASURES, by_hand("fit", 4)), "measure-twice"),
        ((by_hand("purchase", 4), *MEASURES[1:]), "measure-of-other-kind"),
        ((*MEASURES[:-1], amount("fit", 4)), "measure-of-other-kind"),
        ((*MEASURES[:-1], Measure(dimension_id="fit", evidence="x")), "measure-of-other-kind"),
        (
            (Measure(dimension_id="purchase", amount=350, band=5), *MEASURES[1:]),
            "measure-of-other-kind",
        ),
        ((*MEASURES[:-1], by_hand("fit", 4, None)), "evidence-missing"),
    ],
)
def test_a_measure_that_does_not_fit_is_refused(measures: tuple[Measure, ...], rule: str) -> None:
    given(ACCOUNT_CLASS).when(classify_acme, measures=measures).then_refused(
        rule, Invalid, field="measures"
    )


def test_an_amount_may_have_evidence_too() -> None:
    measures = (amount("purchase", 350).model_copy(update={"evidence": "ERP"}), *MEASURES[1:])
    (fact,) = classify_acme(ACCOUNT_CLASS.initial, measures=measures)
    assert fact.ratings[0] == Rating(dimension_id="purchase", amount=350, evidence="ERP", band=4)


# --- under another version -------------------------------------------------------


def under(document: ValueMatrix, version: int = 2) -> Matrix:
    return Matrix("emea", version, document)


def test_another_version_ranks_by_what_was_measured() -> None:
    """KAM-03: 3.75 is not strategic where strategic begins above it."""
    harder = FIVE.model_copy(update={"strategic_from": 37_501})
    given(ACCOUNT_CLASS, CLASSIFIED).when(reclassify_acme, matrix=under(harder)).then(
        CLASSIFIED.model_copy(update={"account_class": "key", "matrix_version": 2})
    )


def test_other_edges_give_another_band() -> None:
    """KAM-03."""
    document = matrix(dimension("purchase", 10_000, 351, 400, 500, 600))
    given(ACCOUNT_CLASS, CLASSIFIED).when(reclassify_acme, matrix=under(document)).then(
        AccountClassified(
            account_id="acme",
            region_id="emea",
            account_class="ordinary",
            score=10_000,
            ratings=(Rating(dimension_id="purchase", amount=350, evidence=None, band=1),),
            matrix_region_id="emea",
            matrix_version=2,
        )
    )


def test_the_same_version_changes_nothing() -> None:
    given(ACCOUNT_CLASS, CLASSIFIED).when(reclassify_acme, matrix=IN_FORCE).then()


def test_what_was_never_measured_is_missed() -> None:
    document = matrix(dimension("fit", 5_000), dimension("luck", 5_000))
    given(ACCOUNT_CLASS, CLASSIFIED).when(reclassify_acme, matrix=under(document)).then_refused(
        "measure-missing", Invalid, field="measures"
    )


def test_an_account_that_was_never_measured_is_not_ranked_again() -> None:
    given(ACCOUNT_CLASS).when(reclassify_acme, matrix=IN_FORCE).then_refused(
        "account-not-classified", WrongState, field="account_id"
    )
