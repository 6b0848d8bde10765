"""One product: listed once, repriced, retired."""

from dataclasses import dataclass
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.pipeline.amounts import check_amount
from aggregates.refusals import NotFound, WrongState
from events.pipeline.product import ProductEvent, ProductListed, ProductRepriced, ProductRetired
from events.values import Money

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unlisted:
    """There is no such product."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A product that can be sold."""

    listed: ProductListed
    list_price: Money


@dataclass(frozen=True, slots=True)
class Retired:
    """A product that is not sold any more."""


Product = Unlisted | Listed | Retired

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(product: Product, event: ProductEvent) -> Product:
    """The product after ``event``."""
    match event:
        case ProductListed():
            return Listed(event, event.list_price)
        case ProductRepriced():
            assert isinstance(product, Listed)
            return Listed(product.listed, event.list_price)
        case ProductRetired():
            return Retired()
        case unknown:
            assert_never(unknown)


PRODUCT: Final[Decider[Product, ProductEvent]] = Decider("product", Unlisted(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def sold(product: Product, *, field: str) -> Listed:
    """The product, which must be on the list.

    Raises:
        NotFound: ``unknown-product``; ``field`` named it.
        WrongState: ``product-retired``.
    """
    match product:
        case Listed():
            return product
        case Unlisted():
            raise NotFound("unknown-product", "there is no such product", field=field)
        case Retired():
            raise WrongState("product-retired", "the product is not sold any more", field=field)
        case unknown:
            assert_never(unknown)


def list_product(product: Product, *, fact: ProductListed) -> tuple[ProductEvent, ...]:
    """List it as ``fact`` says; nothing when it was listed just so.

    Raises:
        WrongState: ``product-already-listed`` otherwise than asked for, or ``product-retired``.
        Invalid: ``negative-amount``.
    """
    match product:
        case Unlisted():
            check_amount(fact.list_price, field="list_price")
            return (fact,)
        case Listed(listed=listed) if listed == fact:
            return ()
        case Listed():
            raise WrongState(
                "product-already-listed", "this product id is taken", field="product_id"
            )
        case Retired():
            raise WrongState(
                "product-retired", "the product is not sold any more", field="product_id"
            )
        case unknown:
            assert_never(unknown)


def reprice(product: Product, *, product_id: str, list_price: Money) -> tuple[ProductEvent, ...]:
    """Give it another list price; nothing if it has this one.

    Raises:
        NotFound: ``unknown-product``.
        WrongState: ``product-retired``, or ``other-currency`` than the one it is listed in.
        Invalid: ``negative-amount``.
    """
    found = sold(product, field="product_id")
    if found.list_price == list_price:
        return ()
    check_amount(list_price, field="list_price", like=found.list_price)
    return (ProductRepriced(product_id=product_id, list_price=list_price),)


def retire(product: Product, *, product_id: str) -> tuple[ProductEvent, ...]:
    """Take it off the list; nothing if it is off.

    Raises:
        NotFound: ``unknown-product``.
    """
    if isinstance(product, Retired):
        return ()
    sold(product, field="product_id")
    return (ProductRetired(product_id=product_id),)
