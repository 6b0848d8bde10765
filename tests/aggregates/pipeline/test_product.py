"""Products: listed once, repriced, retired."""

from functools import partial
from typing import Any

import pytest

from aggregates.pipeline.product import PRODUCT, list_product, reprice, retire, sold
from aggregates.refusals import Invalid, NotFound, WrongState
from events.pipeline.product import ProductRepriced
from tests.examples.cast import eur, usd
from tests.examples.histories import LISTED, REPRICED, RETIRED
from tests.given import given

to = partial(reprice, product_id="gtx-pro")


def test_a_product_is_listed() -> None:
    given(PRODUCT).when(list_product, fact=LISTED).then(LISTED)


def test_listing_it_just_so_again_changes_nothing_even_at_another_price_by_now() -> None:
    given(PRODUCT, LISTED, REPRICED).when(list_product, fact=LISTED).then()


@pytest.mark.parametrize("other", [{"name": "GTX"}, {"series": None}, {"list_price": usd(1)}])
def test_a_taken_id_is_refused(other: dict[str, Any]) -> None:
    fact = LISTED.model_copy(update=other)
    given(PRODUCT, LISTED).when(list_product, fact=fact).then_refused(
        "product-already-listed", WrongState, field="product_id"
    )


def test_a_retired_product_is_not_listed_again() -> None:
    given(PRODUCT, LISTED, RETIRED).when(list_product, fact=LISTED).then_refused(
        "product-retired", WrongState, field="product_id"
    )


def test_a_product_may_be_listed_for_nothing() -> None:
    free = LISTED.model_copy(update={"list_price": usd(0)})
    given(PRODUCT).when(list_product, fact=free).then(free)


def test_a_product_is_not_listed_for_less_than_nothing() -> None:
    owing = LISTED.model_copy(update={"list_price": usd(-1)})
    given(PRODUCT).when(list_product, fact=owing).then_refused(
        "negative-amount", Invalid, field="list_price"
    )


def test_a_product_has_another_list_price() -> None:
    given(PRODUCT, LISTED).when(to, list_price=usd(4_999_00)).then(REPRICED)


def test_the_list_price_it_has_changes_nothing() -> None:
    given(PRODUCT, LISTED, REPRICED).when(to, list_price=usd(4_999_00)).then()


def test_a_list_price_of_nothing_is_allowed() -> None:
    given(PRODUCT, LISTED).when(to, list_price=usd(0)).then(
        ProductRepriced(product_id="gtx-pro", list_price=usd(0))
    )


def test_a_list_price_below_nothing_is_refused() -> None:
    given(PRODUCT, LISTED).when(to, list_price=usd(-1)).then_refused(
        "negative-amount", Invalid, field="list_price"
    )


def test_a_list_price_in_another_currency_is_refused() -> None:
    given(PRODUCT, LISTED).when(to, list_price=eur(4_821_00)).then_refused(
        "other-currency", WrongState, field="list_price"
    )


def test_a_product_that_is_not_known_has_no_price() -> None:
    given(PRODUCT).when(to, list_price=usd(1)).then_refused(
        "unknown-product", NotFound, field="product_id"
    )


def test_a_retired_product_is_not_repriced() -> None:
    given(PRODUCT, LISTED, RETIRED).when(to, list_price=usd(1)).then_refused(
        "product-retired", WrongState, field="product_id"
    )


def test_a_product_is_retired() -> None:
    given(PRODUCT, LISTED).when(retire, product_id="gtx-pro").then(RETIRED)


def test_a_retired_product_is_not_retired_again() -> None:
    given(PRODUCT, LISTED, RETIRED).when(retire, product_id="gtx-pro").then()


def test_a_product_that_is_not_known_cannot_be_retired() -> None:
    given(PRODUCT).when(retire, product_id="gtx-pro").then_refused(
        "unknown-product", NotFound, field="product_id"
    )


def test_the_price_that_counts_is_the_last() -> None:
    found = sold(PRODUCT.fold([LISTED, REPRICED]), field="product_id")
    assert found.list_price == usd(4_999_00)
