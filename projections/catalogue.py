"""Every projection there is."""

from typing import Final

from projections.account_classes import ACCOUNT_CLASSES
from projections.account_plans import ACCOUNT_PLANS
from projections.accounts import ACCOUNTS
from projections.audit_trail import AUDIT_TRAIL
from projections.coverage import COVERAGE
from projections.funnel import FUNNEL
from projections.joint_projects import JOINT_PROJECTS
from projections.organization import ORGANIZATION
from projections.people import PEOPLE
from projections.products import PRODUCTS
from projections.value_claims import VALUE_CLAIMS
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
    ACCOUNT_PLANS,
    JOINT_PROJECTS,
    VALUE_CLAIMS,
    AUDIT_TRAIL,
)
