"""Every command there is and the handler that carries it out: the table of contents."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.accounts.account import (
    ChangeAccountOwner,
    PlaceAccount,
    RegisterAccount,
    change_account_owner,
    place_account,
    register_account,
)
from commands.carry_out import Handler
from commands.command import Command
from commands.organization.api_key import (
    IssueApiKey,
    RevokeApiKey,
    issue_api_key,
    revoke_api_key,
)
from commands.organization.calendar import CloseDay, close_day
from commands.organization.employee import (
    ChangeEmployeeManager,
    ChangeEmployeeRoles,
    EraseEmployee,
    HireEmployee,
    MoveEmployee,
    RecordEmployeeLeft,
    change_employee_manager,
    change_employee_roles,
    erase_employee,
    hire_employee,
    move_employee,
    record_employee_left,
)
from commands.organization.region import MoveRegion, OpenRegion, move_region, open_region
from commands.pipeline.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityAmount,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    ReopenOpportunity,
    WinOpportunity,
    advance_opportunity,
    change_opportunity_amount,
    lose_opportunity,
    open_opportunity,
    reassign_opportunity,
    reopen_opportunity,
    win_opportunity,
)
from commands.pipeline.product import (
    ListProduct,
    RepriceProduct,
    RetireProduct,
    list_product,
    reprice_product,
    retire_product,
)
from commands.planning.account_plan import (
    ActivateAccountPlan,
    AmendAccountPlan,
    ApproveAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    DraftAccountPlan,
    ReassignAccountPlan,
    RecordPlanAttainment,
    ReturnAccountPlan,
    SubmitAccountPlan,
    WithdrawAccountPlan,
    activate_account_plan,
    amend_account_plan,
    approve_account_plan,
    close_account_plan,
    discard_plan_amendment,
    draft_account_plan,
    reassign_account_plan,
    record_plan_attainment,
    return_account_plan,
    submit_account_plan,
    withdraw_account_plan,
)
from commands.planning.plan_content import (
    ChangePlanAim,
    ChangePlanBudget,
    DropPlanAction,
    DropPlanObjective,
    DropPlanTarget,
    SetPlanAction,
    SetPlanObjective,
    SetPlanTarget,
    change_plan_aim,
    change_plan_budget,
    drop_plan_action,
    drop_plan_objective,
    drop_plan_target,
    set_plan_action,
    set_plan_objective,
    set_plan_target,
)
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

HANDLERS: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        OpenRegion: open_region,
        MoveRegion: move_region,
        HireEmployee: hire_employee,
        ChangeEmployeeManager: change_employee_manager,
        MoveEmployee: move_employee,
        ChangeEmployeeRoles: change_employee_roles,
        RecordEmployeeLeft: record_employee_left,
        EraseEmployee: erase_employee,
        IssueApiKey: issue_api_key,
        RevokeApiKey: revoke_api_key,
        CloseDay: close_day,
        RegisterAccount: register_account,
        PlaceAccount: place_account,
        ChangeAccountOwner: change_account_owner,
        ListProduct: list_product,
        RepriceProduct: reprice_product,
        RetireProduct: retire_product,
        DraftSalesProcess: draft_sales_process,
        ActivateSalesProcess: activate_sales_process,
        OpenOpportunity: open_opportunity,
        AdvanceOpportunity: advance_opportunity,
        ChangeOpportunityAmount: change_opportunity_amount,
        ReassignOpportunity: reassign_opportunity,
        WinOpportunity: win_opportunity,
        LoseOpportunity: lose_opportunity,
        ReopenOpportunity: reopen_opportunity,
        DraftPlanningPolicy: draft_planning_policy,
        ActivatePlanningPolicy: activate_planning_policy,
        DraftAccountPlan: draft_account_plan,
        ChangePlanAim: change_plan_aim,
        ChangePlanBudget: change_plan_budget,
        SetPlanObjective: set_plan_objective,
        DropPlanObjective: drop_plan_objective,
        SetPlanAction: set_plan_action,
        DropPlanAction: drop_plan_action,
        SetPlanTarget: set_plan_target,
        DropPlanTarget: drop_plan_target,
        SubmitAccountPlan: submit_account_plan,
        WithdrawAccountPlan: withdraw_account_plan,
        ReturnAccountPlan: return_account_plan,
        ApproveAccountPlan: approve_account_plan,
        ActivateAccountPlan: activate_account_plan,
        AmendAccountPlan: amend_account_plan,
        DiscardPlanAmendment: discard_plan_amendment,
        RecordPlanAttainment: record_plan_attainment,
        ReassignAccountPlan: reassign_account_plan,
        CloseAccountPlan: close_account_plan,
    }
)
