"""Up-sell and cross-sell: only what accounts that had bought before buy beyond."""

from datetime import date, timedelta
from typing import Final

import pytest

from projections.metrics.expansion import Expansion, Purchase, expansion

FIRST: Final = date(2017, 4, 1)
BEFORE: Final = FIRST - timedelta(days=1)


def bought(
    product: str, series: str | None, on: date, amount: int = 0, *, currency: str = "EUR"
) -> Purchase:
    return Purchase("acme", product, series, on, currency, amount)


@pytest.mark.parametrize(
    ("purchases", "expected"),
    [
        ([bought("a", "A", FIRST, 5)], {}),
        ([bought("a", "A", FIRST, 5), bought("b", "B", FIRST, 7)], {}),
        ([bought("a", "A", BEFORE, 5)], {}),
        ([bought("a", "A", BEFORE), bought("b", "B", FIRST, 7)], {"EUR": Expansion(1, 0, 7)}),
        ([bought("a", "A", BEFORE), bought("a2", "A", FIRST, 7)], {"EUR": Expansion(1, 7, 0)}),
        ([bought("a", None, BEFORE), bought("b", None, FIRST, 7)], {"EUR": Expansion(1, 0, 7)}),
        ([bought("a", "A", BEFORE), bought("b", "B", FIRST, 0)], {}),
        (
            [bought("a", "A", BEFORE), bought("a", "A", FIRST, 9, currency="USD")],
            {},
        ),
        (
            [bought("a", "A", BEFORE), bought("b", "B", FIRST, 9, currency="USD")],
            {"USD": Expansion(1, 0, 9)},
        ),
    ],
)
def test_only_what_existing_accounts_buy_beyond_counts(
    purchases: list[Purchase], expected: dict[str, Expansion]
) -> None:
    """MET-06: the day before the period makes an existing account, its first day does not."""
    assert expansion(purchases, FIRST) == expected


def test_accounts_are_counted_once_and_kept_apart() -> None:
    """MET-06: what one account had says nothing of another."""
    found = expansion(
        [
            bought("a", "A", BEFORE),
            bought("b", "B", FIRST, 1),
            bought("a2", "A", FIRST, 2),
            bought("z", "A", FIRST, 4)._replace(account_id="other"),
        ],
        FIRST,
    )
    assert found == {"EUR": Expansion(1, 2, 1)}


def test_an_amount_below_zero_is_named() -> None:
    with pytest.raises(ValueError, match="amount is -1"):
        expansion([bought("a", "A", FIRST, -1)], FIRST)
