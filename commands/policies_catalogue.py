"""The commands about policies and their handlers: a part of the table of contents."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.carry_out import Handler
from commands.command import Command
from commands.policies.account_lifecycle import (
    ActivateAccountLifecycle,
    DraftAccountLifecycle,
    activate_account_lifecycle,
    draft_account_lifecycle,
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
from commands.policies.sales_process import (
    ActivateSalesProcess,
    DraftSalesProcess,
    activate_sales_process,
    draft_sales_process,
)
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
    activate_value_matrix,
    draft_value_matrix,
    propose_value_matrix,
)

POLICIES: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        DraftSalesProcess: draft_sales_process,
        ActivateSalesProcess: activate_sales_process,
        DraftAccountLifecycle: draft_account_lifecycle,
        ActivateAccountLifecycle: activate_account_lifecycle,
        DraftValueMatrix: draft_value_matrix,
        ProposeValueMatrix: propose_value_matrix,
        ActivateValueMatrix: activate_value_matrix,
        DraftCoveragePolicy: draft_coverage_policy,
        ActivateCoveragePolicy: activate_coverage_policy,
        DraftDepthPolicy: draft_depth_policy,
        ActivateDepthPolicy: activate_depth_policy,
        DraftApprovalRoute: draft_approval_route,
        ActivateApprovalRoute: activate_approval_route,
        DraftForm: draft_form,
        ActivateForm: activate_form,
    }
)
