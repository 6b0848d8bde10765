"""What an account is worth to us, and we to it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from projections.metrics.numbers import Number, exact, half_up, percent, positive

_BAND_LEAST: Final = 1
_BAND_MOST: Final = 5
_WHOLES: Final = (1, 100, 10_000)
"""What weights may add up to: one, a hundred percent, ten thousand basis points."""


def share_of_wallet(*, spend_with_us: Number, category_spend: Number) -> Fraction:
    """Percent of what a customer spends in our category that it spends with us.

    Raises:
        ValueError: it spends nothing in the category, or more with us than in all.
    """
    whole = positive("category_spend", category_spend)
    return percent(exact("spend_with_us", spend_with_us, most=category_spend), whole)


def share_of_wallet_of_revenue(*, spend_with_us: Number, customer_revenue: Number) -> Fraction:
    """Percent of a customer's own revenue that it spends with us: another metric by that name.

    Raises:
        ValueError: the customer has no revenue, or a number is below 0.
    """
    return percent(
        exact("spend_with_us", spend_with_us), positive("customer_revenue", customer_revenue)
    )


def strategic_value_score(weights: Mapping[str, Number], scores: Mapping[str, Number]) -> Fraction:
    """The weighted sum of ``scores``, 1 to 5 each, by dimension.

    Raises:
        ValueError: the weights add up to neither 1, 100 (percent) nor 10,000 (basis points), a
            dimension has no score or no weight, or a score is out of bounds.
    """
    return _weighted(weights, scores, (_BAND_LEAST, _BAND_MOST))


def weighted_vendor_score(
    weights: Mapping[str, Number], scores: Mapping[str, Number], scale: tuple[Number, Number]
) -> Fraction:
    """The weighted sum of ``scores`` by criterion, each within ``scale``, both ends inclusive.

    Raises:
        ValueError: as for :func:`strategic_value_score`.
    """
    return _weighted(weights, scores, scale)


def _weighted(
    weights: Mapping[str, Number], scores: Mapping[str, Number], scale: tuple[Number, Number]
) -> Fraction:
    whole = sum((exact(f"weights.{name}", value) for name, value in weights.items()), Fraction())
    if whole not in _WHOLES:
        raise ValueError(f"weights add up to {float(whole):g}, neither 1, 100 nor 10,000")
    if missing := weights.keys() ^ scores.keys():
        raise ValueError(f"weights and scores do not both have {', '.join(sorted(missing))}")
    least, most = scale
    found = {
        name: exact(f"scores.{name}", value, least=least, most=most)
        for name, value in scores.items()
    }
    return sum((Fraction(weights[name]) * found[name] for name in weights), Fraction()) / whole


class Concentration(NamedTuple):
    """How much of the whole the top accounts bring."""

    accounts: int
    top_accounts: int
    total: int
    top: int
    share_bp: int | None
    """In basis points, half up; ``None`` where there is no revenue."""


def revenue_concentration(revenues: Sequence[int], top_percent: int) -> Concentration:
    """The share of the top ``top_percent`` (1 to 100) of accounts, by revenue in minor units.

    Accounts without revenue do not count; the number of top accounts is rounded up.

    Raises:
        ValueError: a percentage out of bounds, or a revenue below 0.
    """
    share = exact("top_percent", top_percent, least=1, most=100) / 100
    for revenue in revenues:
        exact("revenue", revenue)
    paying = sorted((revenue for revenue in revenues if revenue), reverse=True)
    count = ceil(share * len(paying))
    total, top = sum(paying), sum(paying[:count])
    found = half_up(Fraction(10_000 * top, total)) if total else None
    return Concentration(len(paying), count, total, top, found)
