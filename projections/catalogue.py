"""Every projection there is."""

from typing import Final

from projections.account_plans import ACCOUNT_PLANS
from projections.accounts import ACCOUNTS
from projections.audit_trail import AUDIT_TRAIL
from projections.funnel import FUNNEL
from projections.joint_projects import JOINT_PROJECTS
from projections.organization import ORGANIZATION
from projections.products import PRODUCTS
from projections.value_claims import VALUE_CLAIMS

PROJECTIONS: Final = (
    ORGANIZATION,
    PRODUCTS,
    ACCOUNTS,
    FUNNEL,
    ACCOUNT_PLANS,
    JOINT_PROJECTS,
    VALUE_CLAIMS,
    AUDIT_TRAIL,
)
