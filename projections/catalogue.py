"""Every projection there is."""

from typing import Final

from projections.account_classes import ACCOUNT_CLASSES
from projections.accounts import ACCOUNTS
from projections.audit_trail import AUDIT_TRAIL
from projections.coverage import COVERAGE
from projections.funnel import FUNNEL
from projections.organization import ORGANIZATION
from projections.people import PEOPLE
from projections.products import PRODUCTS
from projections.value_matrices import VALUE_MATRICES

PROJECTIONS: Final = (
    ORGANIZATION,
    PRODUCTS,
    ACCOUNTS,
    PEOPLE,
    COVERAGE,
    VALUE_MATRICES,
    ACCOUNT_CLASSES,
    FUNNEL,
    AUDIT_TRAIL,
)
