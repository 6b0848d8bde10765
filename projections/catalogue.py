"""Every projection there is."""

from typing import Final

from projections.accounts import ACCOUNTS
from projections.approvals import APPROVALS
from projections.audit_trail import AUDIT_TRAIL
from projections.contracts import CONTRACTS
from projections.coverage import COVERAGE
from projections.funnel import FUNNEL
from projections.organization import ORGANIZATION
from projections.people import PEOPLE
from projections.products import PRODUCTS

PROJECTIONS: Final = (
    ORGANIZATION,
    PRODUCTS,
    ACCOUNTS,
    PEOPLE,
    COVERAGE,
    FUNNEL,
    AUDIT_TRAIL,
    CONTRACTS,
    APPROVALS,
)
