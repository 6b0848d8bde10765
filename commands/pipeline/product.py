"""What can be asked of products."""

from aggregates.pipeline import product
from aggregates.pipeline.product import PRODUCT
from commands.command import Command
from commands.look import Decided, Look
from events.pipeline.product import ProductListed
from events.values import Id, Money, Name


class ListProduct(Command):
    """Put a product on the list, at a price."""

    product_id: Id
    name: Name
    series: Name | None = None
    list_price: Money


class RepriceProduct(Command):
    """Give a product another list price."""

    product_id: Id
    list_price: Money


class RetireProduct(Command):
    """Take a product off the list; what is being sold of it stays."""

    product_id: Id


def list_product(command: ListProduct, look: Look) -> Decided:
    """List it."""
    fact = ProductListed.model_validate(dict(command))
    return look.begin(PRODUCT, command.product_id, product.list_product, fact=fact)


def reprice_product(command: RepriceProduct, look: Look) -> Decided:
    """Reprice it."""
    return look.decide(
        PRODUCT,
        command.product_id,
        product.reprice,
        product_id=command.product_id,
        list_price=command.list_price,
    )


def retire_product(command: RetireProduct, look: Look) -> Decided:
    """Retire it."""
    return look.decide(PRODUCT, command.product_id, product.retire, product_id=command.product_id)
