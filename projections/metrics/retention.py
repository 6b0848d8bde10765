"""Whether customers stay, and what they are worth while they do."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from projections.metrics.numbers import Number, exact, one_of, percent, positive

PERIODS_A_YEAR: Final[Mapping[str, int]] = MappingProxyType(
    {"day": 365, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}
)
"""How many periods of a kind a year has when a rate is annualised."""


def renewal_rate_logo(expiring: Number, renewed: Number) -> Fraction:
    """Percent of what expired that was renewed; ``renewed`` is at most ``expiring``.

    Raises:
        ValueError: nothing expired, or a number out of bounds.
    """
    whole = positive("expiring", expiring)
    return percent(exact("renewed", renewed, most=expiring), whole)


def renewal_rate_value(*, expiring: Number, churned: Number, downgrade: Number) -> Fraction:
    """Percent of the value expiring that was kept; what was lost is at most what expired.

    Raises:
        ValueError: nothing expired, or a number out of bounds.
    """
    whole = positive("expiring", expiring)
    lost = exact("churned", churned) + exact("downgrade", downgrade)
    exact("churned and downgrade together", lost, most=expiring)
    return percent(whole - lost, whole)


class Renewal(NamedTuple):
    """Gross and net renewal rate in percent."""

    gross_pct: Fraction
    net_pct: Fraction


def renewal_rate(
    *, start: Number, renewed: Number, expansion: Number, contraction: Number
) -> Renewal:
    """Gross and net renewal rate of what was due at the ``start``.

    Raises:
        ValueError: nothing was due, more was renewed than was due, or a number below 0.
    """
    whole = positive("start", start)
    kept = exact("renewed", renewed, most=start)
    less = exact("contraction", contraction, most=renewed)
    grown = kept + exact("expansion", expansion) - less
    return Renewal(percent(kept, whole), percent(grown, whole))


class Churn(NamedTuple):
    """Logo churn in percent."""

    churn_pct: Fraction
    retention_pct: Fraction
    annualized_pct: Fraction


def logo_churn(start: int, lost: int, period: str) -> Churn:
    """Churn of a ``period`` (``day`` to ``year``), kept share, and churn of a year of such periods.

    Raises:
        ValueError: no customer at the start, more lost than there were, or another period.
    """
    periods = PERIODS_A_YEAR[one_of("period", period, PERIODS_A_YEAR)]
    whole = positive("start", start)
    share = exact("lost", lost, most=start) / whole
    return Churn(100 * share, 100 * (1 - share), 100 * (1 - (1 - share) ** periods))


class Retention(NamedTuple):
    """Gross and net revenue retention in percent; gross is at most 100."""

    grr_pct: Fraction
    nrr_pct: Fraction


def grr_nrr(*, start: Number, contraction: Number, churn: Number, expansion: Number) -> Retention:
    """Gross and net revenue retention of the customers there were at the ``start``.

    Raises:
        ValueError: no revenue at the start, more lost than there was, or a number below 0.
    """
    whole = positive("start", start)
    lost = exact("contraction", contraction) + exact("churn", churn)
    exact("contraction and churn together", lost, most=start)
    kept = whole - lost
    grown = kept + exact("expansion", expansion)
    return Retention(percent(kept, whole), percent(grown, whole))


class Lifetime(NamedTuple):
    """Lifetime value before and after the cost of winning the customer."""

    gross: Fraction
    net: Fraction


def ltv_years(*, annual_contribution: Number, years: Number, acquisition_cost: Number) -> Lifetime:
    """Yearly contribution times lifetime; a customer may cost more than it brings.

    Raises:
        ValueError: a lifetime or a cost below 0.
    """
    least = min(annual_contribution, 0)
    gross = exact("annual_contribution", annual_contribution, least=least) * exact("years", years)
    return Lifetime(gross, gross - exact("acquisition_cost", acquisition_cost))


def ltv_churn(*, arpa: Number, gross_margin: Number, churn: Number) -> Fraction:
    """Revenue per account and period times margin (0 to 1), by the churn (0 to 1) of the period.

    Raises:
        ValueError: nobody ever leaves, or a number out of bounds.
    """
    margin = exact("gross_margin", gross_margin, most=1)
    leaving = positive("churn", exact("churn", churn, most=1))
    return exact("arpa", arpa) * margin / leaving
