"""Every projection there is."""

from typing import Final

from projections.access import ACCESS
from projections.access_grants import ACCESS_GRANTS
from projections.account_classes import ACCOUNT_CLASSES
from projections.account_links import ACCOUNT_LINKS
from projections.account_outcomes import ACCOUNT_OUTCOMES
from projections.account_plans import ACCOUNT_PLANS
from projections.account_stages import ACCOUNT_STAGES
from projections.account_teams import ACCOUNT_TEAMS
from projections.accounts import ACCOUNTS
from projections.alerts import ALERTS
from projections.approvals import APPROVALS
from projections.audit_trail import AUDIT_TRAIL
from projections.competitors import COMPETITORS
from projections.contracts import CONTRACTS
from projections.employee_trainings import EMPLOYEE_TRAININGS
from projections.funnel import FUNNEL
from projections.goals import GOALS
from projections.interactions import INTERACTIONS
from projections.joint_projects import JOINT_PROJECTS
from projections.notices import NOTICES
from projections.organization import ORGANIZATION
from projections.people import PEOPLE
from projections.policies import POLICIES
from projections.products import PRODUCTS
from projections.record_fields import CUSTOM_FIELDS
from projections.signals import SIGNALS
from projections.solution_documents import SOLUTION_DOCUMENTS
from projections.survey_answers import SURVEY_ANSWERS
from projections.tasks import TASKS
from projections.value_claims import VALUE_CLAIMS
from projections.value_matrices import VALUE_MATRICES
from projections.webhooks import WEBHOOKS

PROJECTIONS: Final = (
    ACCESS,
    ACCESS_GRANTS,
    ORGANIZATION,
    PRODUCTS,
    POLICIES,
    ACCOUNTS,
    ACCOUNT_STAGES,
    ACCOUNT_TEAMS,
    ACCOUNT_LINKS,
    GOALS,
    SOLUTION_DOCUMENTS,
    PEOPLE,
    VALUE_MATRICES,
    ACCOUNT_CLASSES,
    CONTRACTS,
    APPROVALS,
    INTERACTIONS,
    FUNNEL,
    ACCOUNT_PLANS,
    JOINT_PROJECTS,
    VALUE_CLAIMS,
    SURVEY_ANSWERS,
    ACCOUNT_OUTCOMES,
    SIGNALS,
    TASKS,
    CUSTOM_FIELDS,
    EMPLOYEE_TRAININGS,
    COMPETITORS,
    ALERTS,
    NOTICES,
    WEBHOOKS,
    AUDIT_TRAIL,
)

GROUPS: Final = (
    tuple(projection for projection in PROJECTIONS if projection.derive is None),
    tuple(projection for projection in PROJECTIONS if projection.derive is not None),
)
"""Those that are kept up to date together.

What is derived from many rows takes its time: nobody who asks for the rest waits for it.
"""
