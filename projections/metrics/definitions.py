"""What each metric means: public definitions conflict, so a number never goes without its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Window = Literal["period", "moment", "record"]
"""Counted over a period, at the end of a day, or of one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """The definition of one metric. Another formula is another version, or another metric."""

    metric_id: str
    name: str
    formula: str
    """In words, with the rounding where there is one."""
    version: int = 1
    unit: str
    window: Window
    source: str
    """Who defines it so."""


_ALL: Final = (
    Metric(
        metric_id="average_resolution_time",
        name="Average resolution time",
        unit="hours",
        window="period",
        source="7search, average resolution time",
        formula=(
            "Hours from opening to resolution, summed over the tickets resolved in the "
            "period, divided by the number of these tickets."
        ),
    ),
    Metric(
        metric_id="csat",
        name="Customer satisfaction (CSAT)",
        unit="percent",
        window="period",
        source="Delighted, How is CSAT calculated",
        formula=(
            "Responses with a satisfied score divided by all responses, times 100, rounded "
            "half up to a whole percent. Which scores are satisfied is stated with the "
            "number."
        ),
    ),
    Metric(
        metric_id="expansion_revenue",
        name="Up-sell and cross-sell revenue",
        unit="money",
        window="period",
        source="Source article 001 (KAM guide)",
        formula=(
            "Revenue won in the period from accounts that had bought before its first day, of"
            " products that they had not bought before that day. A product of a series that the"
            " account had is up-sell, any other is cross-sell; the same product again is neither."
        ),
    ),
    Metric(
        metric_id="grr",
        name="Gross revenue retention",
        unit="percent",
        window="period",
        source="Pulse RevOps, GRR vs NRR",
        formula=(
            "Recurring revenue at the start minus contraction minus churn of these customers,"
            " divided by recurring revenue at the start, times 100. Expansion does not count."
        ),
    ),
    Metric(
        metric_id="logo_churn",
        name="Logo churn",
        unit="percent",
        window="period",
        source="theprimecalculator, logo churn formula",
        formula=(
            "Customers lost in the period divided by customers at its start, times 100. "
            "Annualised: one minus the kept share to the power of periods in a year, times "
            "100."
        ),
    ),
    Metric(
        metric_id="ltv_churn",
        name="Customer lifetime value by churn",
        unit="money",
        window="period",
        source="phi.consulting, CLV / LTV",
        formula=(
            "Revenue per account and period times gross margin, divided by the churn of such "
            "a period."
        ),
    ),
    Metric(
        metric_id="ltv_years",
        name="Customer lifetime value by years",
        unit="money",
        window="record",
        source="vcabc, lifetime value",
        formula=(
            "Yearly contribution times the years a customer stays; net of it, minus the cost "
            "of winning the customer."
        ),
    ),
    Metric(
        metric_id="nps",
        name="Net promoter score (NPS)",
        unit="points",
        window="period",
        source="DELA annual report 2018",
        formula=(
            "Promoters (9 and 10 of 10) in percent of all responses minus detractors (0 to 6)"
            " in percent of all responses; 7 and 8 are passive. From -100 to 100, not "
            "rounded."
        ),
    ),
    Metric(
        metric_id="nrr",
        name="Net revenue retention",
        unit="percent",
        window="period",
        source="Pulse RevOps, GRR vs NRR",
        formula=(
            "Recurring revenue at the start plus expansion minus contraction minus churn of "
            "these customers, divided by recurring revenue at the start, times 100."
        ),
    ),
    Metric(
        metric_id="renewal_rate_gross",
        name="Gross renewal rate",
        unit="percent",
        window="period",
        source="codingace, renewal percentage",
        formula="Renewed divided by due at the start of the period, times 100.",
    ),
    Metric(
        metric_id="renewal_rate_logo",
        name="Renewal rate by accounts",
        unit="percent",
        window="period",
        source="calculator.city, renewal rate; WinsAbove, Renewal rate",
        formula=(
            "Renewed contracts or accounts divided by those expiring in the period, times 100."
        ),
    ),
    Metric(
        metric_id="renewal_rate_net",
        name="Net renewal rate",
        unit="percent",
        window="period",
        source="codingace, renewal percentage",
        formula=(
            "Renewed plus expansion minus contraction, divided by due at the start of the "
            "period, times 100."
        ),
    ),
    Metric(
        metric_id="renewal_rate_value",
        name="Renewal rate by value",
        unit="percent",
        window="period",
        source="WinsAbove, Renewal rate",
        formula=(
            "Value expiring in the period minus what was lost and what was downgraded, "
            "divided by the value expiring, times 100."
        ),
    ),
    Metric(
        metric_id="revenue_concentration",
        name="Revenue concentration",
        unit="basis points",
        window="period",
        source="Source articles 000 and 001 (80/20)",
        formula=(
            "Won revenue of the top N percent of accounts divided by won revenue of all "
            "accounts, by currency, in basis points, half up. Accounts are those with won "
            "revenue in the currency, the highest first; N percent of them is rounded up to a"
            " whole account."
        ),
    ),
    Metric(
        metric_id="share_of_wallet",
        name="Share of wallet",
        unit="percent",
        window="period",
        source="HubSpot blog, Share of wallet",
        formula=(
            "What the customer spends with us divided by what it spends in our category with "
            "anybody, times 100."
        ),
    ),
    Metric(
        metric_id="share_of_wallet_of_revenue",
        name="Share of the customer's revenue",
        unit="percent",
        window="period",
        source="Upsales, Share of Wallet",
        formula=(
            "What the customer spends with us divided by the customer's own revenue, times "
            "100. Sold elsewhere under the name share of wallet; it is another metric."
        ),
    ),
    Metric(
        metric_id="strategic_value_score",
        name="Strategic value score",
        unit="points from 1 to 5",
        window="record",
        source="Source article 001 (KAM guide)",
        formula=(
            "The band of each dimension, 1 to 5, times its weight, summed. The weights add up"
            " to 1, so the score lies between 1 and 5; it is exact, kept in ten-thousandths."
        ),
    ),
    Metric(
        metric_id="weighted_vendor_score",
        name="Weighted vendor score",
        unit="points of the scale",
        window="record",
        source="Source article 003 (channel management)",
        formula="The score of each criterion times its weight, summed. The weights add up to 1.",
    ),
)

METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {metric.metric_id: metric for metric in _ALL}
)
"""Every definition by its id, in alphabetical order."""
