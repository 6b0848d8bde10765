"""Every kind of case that can be run, and the function that answers for it: a line a kind."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.golden import approvals, health, metrics, people
from tests.golden.cases import Compute

KINDS: Final[Mapping[str, Compute]] = MappingProxyType(
    {
        **health.KINDS,
        "average_resolution_time": metrics.average_resolution_time,
        "csat": metrics.csat,
        "grr_nrr": metrics.grr_nrr,
        "logo_churn": metrics.logo_churn,
        "ltv_churn": metrics.ltv_churn,
        "ltv_years": metrics.ltv_years,
        "multi_level": approvals.multi_level,
        "nps": metrics.nps,
        "nps_bucket": metrics.nps_bucket,
        "regional_threshold": approvals.regional_threshold,
        "relationship_coverage": people.relationship_coverage,
        "renewal_rate": metrics.renewal_rate,
        "renewal_rate_gross_net": metrics.renewal_rate_gross_net,
        "renewal_rate_logo_vs_value": metrics.renewal_rate_logo_vs_value,
        "share_of_wallet": metrics.share_of_wallet,
        "share_of_wallet_other_definition": metrics.share_of_wallet_of_revenue,
        "strategic_value_score": metrics.strategic_value_score,
        "weighted_vendor_score": metrics.weighted_vendor_score,
    }
)
