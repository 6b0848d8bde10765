"""Facts about products: what can be sold, and its list price."""

from typing import ClassVar

from events.event import Event
from events.values import Id, Money, Name


class ProductListed(Event):
    """A product can be sold from now on."""

    NAME: ClassVar[str] = "product.listed"

    product_id: Id
    name: Name
    series: Name | None
    list_price: Money


class ProductRepriced(Event):
    """A product has another list price."""

    NAME: ClassVar[str] = "product.repriced"

    product_id: Id
    list_price: Money


class ProductRetired(Event):
    """A product is not sold any more."""

    NAME: ClassVar[str] = "product.retired"

    product_id: Id


ProductEvent = ProductListed | ProductRepriced | ProductRetired
