"""What customers we have buy beyond what they bought before."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Purchase(NamedTuple):
    """What one account bought of one product in one currency."""

    account_id: str
    product_id: str
    series: str | None
    """Of the product; ``None`` where it has none."""
    first_on: date
    """The day of the first purchase ever, within or before the period."""
    currency: str
    amount: int
    """Bought in the period, in minor units."""


class Expansion(NamedTuple):
    """What was sold beyond, in minor units of one currency."""

    accounts: int
    """That bought something beyond."""
    up_sell: int
    cross_sell: int


def expansion(purchases: Iterable[Purchase], first_day: date) -> dict[str, Expansion]:
    """By currency, the purchases of the period from ``first_day`` that were not had before.

    An account counts that had bought before that day, and of it the products that it had not
    bought before: one of a series it had is up-sell, any other is cross-sell. Without such a
    purchase a currency is left out.

    Raises:
        ValueError: an amount is below 0.
    """
    bought = list(purchases)
    products: dict[str, set[str]] = defaultdict(set)
    series: dict[str, set[str]] = defaultdict(set)
    for one in bought:
        if one.amount < 0:
            raise ValueError(f"amount is {one.amount}, below 0")
        if one.first_on < first_day:
            products[one.account_id].add(one.product_id)
            if one.series is not None:
                series[one.account_id].add(one.series)
    beyond: dict[str, list[Purchase]] = defaultdict(list)
    for one in bought:
        had = products.get(one.account_id, set())
        if one.amount and had and one.product_id not in had:
            beyond[one.currency].append(one)
    return {currency: _summed(found, series) for currency, found in sorted(beyond.items())}


def _summed(found: list[Purchase], series: dict[str, set[str]]) -> Expansion:
    up_sell = sum(one.amount for one in found if one.series in series[one.account_id])
    accounts = len({one.account_id for one in found})
    return Expansion(accounts, up_sell, sum(one.amount for one in found) - up_sell)
