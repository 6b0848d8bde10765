"""KAM-14: what to do about an empty cell, and what selling it would be."""

from typing import Any, Final

import pytest

from events.policies.white_space import Recommendation
from projections.white_space import EmptyCell, next_action, sale_of, share_bp
from tests.examples.warnings import OFFER, action

CELL: Final = EmptyCell(
    product_id="gtx-pro", account_class="strategic", sector="retail", peers=2, buyers=1
)


def cell(**fields: Any) -> EmptyCell:
    known = {name: getattr(CELL, name) for name in EmptyCell.__slots__}
    return EmptyCell(**{**known, **fields})


def source(found: EmptyCell, policy: Any = OFFER) -> str:
    return next_action(found, policy).source


def test_a_recommendation_that_fits_comes_first() -> None:
    found = next_action(CELL, OFFER)
    assert (found.action.kind, found.source, found.recommendation_id) == (
        "demonstration",
        "recommendation",
        "pro-for-strategic",
    )


@pytest.mark.parametrize("other", [{"product_id": "mg"}, {"account_class": "key"}])
def test_one_for_another_product_or_class_does_not_fit(other: Any) -> None:
    assert source(cell(**other)) == "peers"


def test_an_account_without_a_class_has_the_recommendations_for_all() -> None:
    for_all = Recommendation(recommendation_id="all", product_id="gtx-pro", action=action("mail"))
    policy = OFFER.model_copy(update={"recommendations": (*OFFER.recommendations, for_all)})
    assert next_action(cell(account_class=None), policy).recommendation_id == "all"
    assert next_action(CELL, policy).recommendation_id == "pro-for-strategic"


@pytest.mark.parametrize(("sector", "found"), [("retail", "recommendation"), (None, "peers")])
def test_one_for_a_sector_fits_that_sector(sector: str | None, found: str) -> None:
    for_retail = OFFER.recommendations[0].model_copy(update={"sector": "retail"})
    policy = OFFER.model_copy(update={"recommendations": (for_retail,)})
    assert source(cell(sector=sector), policy) == found


@pytest.mark.parametrize(
    ("peers", "buyers", "found"),
    [
        (2, 1, "peers"),  # half of two
        (3, 1, "otherwise"),  # a third
        (1, 1, "otherwise"),  # one is no trend
        (0, 0, "otherwise"),
    ],
)
def test_peers_count_from_their_share_and_number_on(peers: int, buyers: int, found: str) -> None:
    assert source(cell(product_id="mg", peers=peers, buyers=buyers)) == found


def test_without_a_rule_for_peers_there_is_still_something_to_do() -> None:
    policy = OFFER.model_copy(update={"peers": None})
    assert source(cell(product_id="mg"), policy) == "otherwise"


@pytest.mark.parametrize(
    ("buyers", "peers", "share"), [(0, 0, 0), (1, 3, 3_333), (2, 3, 6_666), (3, 3, 10_000)]
)
def test_a_share_is_in_basis_points_rounded_down(buyers: int, peers: int, share: int) -> None:
    assert share_bp(buyers, peers) == share


@pytest.mark.parametrize(
    ("series", "owned", "owns", "sale"),
    [
        ("GTX", {"GTX"}, True, "up_sell"),
        ("MG", {"GTX"}, True, "cross_sell"),
        (None, {"GTX"}, True, "cross_sell"),
        (None, set(), True, "cross_sell"),
        ("GTX", set(), False, "first_sale"),
    ],
)
def test_up_sell_is_of_a_series_that_was_bought(
    series: str | None, owned: set[str], owns: bool, sale: str
) -> None:
    assert sale_of(series, owned, owns) == sale
