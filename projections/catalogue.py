"""Every projection there is."""

from typing import Final

from projections.accounts import ACCOUNTS
from projections.audit_trail import AUDIT_TRAIL
from projections.coverage import COVERAGE
from projections.depth import DEPTH
from projections.funnel import FUNNEL
from projections.interactions import INTERACTIONS
from projections.organization import ORGANIZATION
from projections.people import PEOPLE
from projections.products import PRODUCTS

PROJECTIONS: Final = (
    ORGANIZATION,
    PRODUCTS,
    ACCOUNTS,
    PEOPLE,
    COVERAGE,
    INTERACTIONS,
    DEPTH,
    FUNNEL,
    AUDIT_TRAIL,
)
