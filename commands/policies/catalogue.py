"""What can be asked about policies: handlers and roles."""

from types import MappingProxyType
from typing import Final

from commands.issuable import Catalogue, Issuable
from commands.policies.account_lifecycle import (
    ActivateAccountLifecycle,
    DraftAccountLifecycle,
    activate_account_lifecycle,
    draft_account_lifecycle,
)
from commands.policies.alert_rule import (
    ActivateAlertRule,
    DraftAlertRule,
    activate_alert_rule,
    draft_alert_rule,
)
from commands.policies.approval_route import (
    ActivateApprovalRoute,
    DraftApprovalRoute,
    activate_approval_route,
    draft_approval_route,
)
from commands.policies.coverage import (
    ActivateCoveragePolicy,
    DraftCoveragePolicy,
    activate_coverage_policy,
    draft_coverage_policy,
)
from commands.policies.depth import (
    ActivateDepthPolicy,
    DraftDepthPolicy,
    activate_depth_policy,
    draft_depth_policy,
)
from commands.policies.form import ActivateForm, DraftForm, activate_form, draft_form
from commands.policies.planning_policy import (
    ActivatePlanningPolicy,
    DraftPlanningPolicy,
    activate_planning_policy,
    draft_planning_policy,
)
from commands.policies.sales_process import (
    ActivateSalesProcess,
    DraftSalesProcess,
    activate_sales_process,
    draft_sales_process,
)
from commands.policies.scoring import (
    ActivateScoringPolicy,
    DraftScoringPolicy,
    ProposeScoringPolicy,
    activate_scoring_policy,
    draft_scoring_policy,
    propose_scoring_policy,
)
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
    activate_value_matrix,
    draft_value_matrix,
    propose_value_matrix,
)
from commands.policies.white_space import (
    ActivateWhiteSpacePolicy,
    DraftWhiteSpacePolicy,
    activate_white_space_policy,
    draft_white_space_policy,
)
from commands.roles import ADMINISTRATORS, MANAGERS

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        DraftPlanningPolicy: Issuable(draft_planning_policy, MANAGERS),
        ActivatePlanningPolicy: Issuable(activate_planning_policy, ADMINISTRATORS),
        DraftSalesProcess: Issuable(draft_sales_process, MANAGERS),
        ActivateSalesProcess: Issuable(activate_sales_process, ADMINISTRATORS),
        DraftAccountLifecycle: Issuable(draft_account_lifecycle, MANAGERS),
        ActivateAccountLifecycle: Issuable(activate_account_lifecycle, ADMINISTRATORS),
        DraftValueMatrix: Issuable(draft_value_matrix, MANAGERS),
        ProposeValueMatrix: Issuable(propose_value_matrix, MANAGERS),
        ActivateValueMatrix: Issuable(activate_value_matrix, ADMINISTRATORS),
        DraftScoringPolicy: Issuable(draft_scoring_policy, MANAGERS),
        ProposeScoringPolicy: Issuable(propose_scoring_policy, MANAGERS),
        ActivateScoringPolicy: Issuable(activate_scoring_policy, ADMINISTRATORS),
        DraftCoveragePolicy: Issuable(draft_coverage_policy, MANAGERS),
        ActivateCoveragePolicy: Issuable(activate_coverage_policy, ADMINISTRATORS),
        DraftDepthPolicy: Issuable(draft_depth_policy, MANAGERS),
        ActivateDepthPolicy: Issuable(activate_depth_policy, ADMINISTRATORS),
        DraftApprovalRoute: Issuable(draft_approval_route, MANAGERS),
        ActivateApprovalRoute: Issuable(activate_approval_route, ADMINISTRATORS),
        DraftForm: Issuable(draft_form, MANAGERS),
        ActivateForm: Issuable(activate_form, ADMINISTRATORS),
        DraftWhiteSpacePolicy: Issuable(draft_white_space_policy, MANAGERS),
        ActivateWhiteSpacePolicy: Issuable(activate_white_space_policy, ADMINISTRATORS),
        DraftAlertRule: Issuable(draft_alert_rule, MANAGERS),
        ActivateAlertRule: Issuable(activate_alert_rule, ADMINISTRATORS),
    }
)
