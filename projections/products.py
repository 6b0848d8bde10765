"""What we sell: each product, at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.pipeline.product import ProductEvent, ProductListed, ProductRepriced, ProductRetired
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class ProductRow(NamedTuple):
    """One product as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    product_id: str
    version: int
    name: str
    series: str | None
    list_price_minor: int
    """In minor units of ``currency``."""
    currency: str
    listed: bool
    """Whether it can be sold."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


PRODUCT: Final = Table("product", ProductRow, guard=ForEverybody(), key=("product_id", "version"))


def keys(recorded: Recorded[ProductEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(PRODUCT, recorded.event.product_id, recorded)


def evolve(rows: Rows, recorded: Recorded[ProductEvent]) -> Rows:
    """The product as it was, closed, and as it is from now on."""
    event = recorded.event
    match event:
        case ProductListed(list_price=price):
            row = ProductRow(
                event.product_id,
                recorded.envelope.version,
                event.name,
                event.series,
                price.minor,
                price.currency,
                True,
                *interval(recorded),
            )
            return begin(PRODUCT, row)
        case ProductRepriced(list_price=price):
            return succeed(
                rows, recorded, {"list_price_minor": price.minor, "currency": price.currency}
            )
        case ProductRetired():
            return succeed(rows, recorded, {"listed": False})
        case unknown:
            assert_never(unknown)


PRODUCTS: Final = Projection(
    name="products",
    version=1,
    tables=(PRODUCT,),
    subscribes=frozenset(get_args(ProductEvent)),
    keys=keys,
    evolve=evolve,
)
