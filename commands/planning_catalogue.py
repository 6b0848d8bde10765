"""The commands about planning and their handlers: a part of the table of contents."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.carry_out import Handler
from commands.command import Command
from commands.planning.account_plan import (
    ActivateAccountPlan,
    AmendAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    DraftAccountPlan,
    ReassignAccountPlan,
    RecordPlanAttainment,
    SubmitAccountPlan,
    WithdrawAccountPlan,
    activate_account_plan,
    amend_account_plan,
    close_account_plan,
    discard_plan_amendment,
    draft_account_plan,
    reassign_account_plan,
    record_plan_attainment,
    submit_account_plan,
    withdraw_account_plan,
)
from commands.planning.joint_project import (
    AddProjectMember,
    AddProjectMilestone,
    ChangeProjectStatus,
    CloseJointProject,
    MoveProjectMilestone,
    RecordMilestoneMet,
    RecordMilestoneMissed,
    ReleaseProjectMember,
    StartJointProject,
    add_project_member,
    add_project_milestone,
    change_project_status,
    close_joint_project,
    move_project_milestone,
    record_milestone_met,
    record_milestone_missed,
    release_project_member,
    start_joint_project,
)
from commands.planning.plan_action import (
    CompletePlanAction,
    ReassignPlanAction,
    complete_plan_action,
    reassign_plan_action,
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
from commands.planning.value_claim import (
    ClaimValue,
    ConfirmValueClaim,
    CorrectValueClaim,
    WithdrawValueClaim,
    claim_value,
    confirm_value_claim,
    correct_value_claim,
    withdraw_value_claim,
)
from commands.policies.planning_policy import (
    ActivatePlanningPolicy,
    DraftPlanningPolicy,
    activate_planning_policy,
    draft_planning_policy,
)

PLANNING: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        DraftPlanningPolicy: draft_planning_policy,
        ActivatePlanningPolicy: activate_planning_policy,
        DraftAccountPlan: draft_account_plan,
        ChangePlanAim: change_plan_aim,
        ChangePlanBudget: change_plan_budget,
        SetPlanObjective: set_plan_objective,
        DropPlanObjective: drop_plan_objective,
        SetPlanAction: set_plan_action,
        DropPlanAction: drop_plan_action,
        ReassignPlanAction: reassign_plan_action,
        CompletePlanAction: complete_plan_action,
        SetPlanTarget: set_plan_target,
        DropPlanTarget: drop_plan_target,
        SubmitAccountPlan: submit_account_plan,
        WithdrawAccountPlan: withdraw_account_plan,
        ActivateAccountPlan: activate_account_plan,
        AmendAccountPlan: amend_account_plan,
        DiscardPlanAmendment: discard_plan_amendment,
        RecordPlanAttainment: record_plan_attainment,
        ReassignAccountPlan: reassign_account_plan,
        CloseAccountPlan: close_account_plan,
        StartJointProject: start_joint_project,
        AddProjectMilestone: add_project_milestone,
        MoveProjectMilestone: move_project_milestone,
        RecordMilestoneMet: record_milestone_met,
        RecordMilestoneMissed: record_milestone_missed,
        AddProjectMember: add_project_member,
        ReleaseProjectMember: release_project_member,
        ChangeProjectStatus: change_project_status,
        CloseJointProject: close_joint_project,
        ClaimValue: claim_value,
        CorrectValueClaim: correct_value_claim,
        ConfirmValueClaim: confirm_value_claim,
        WithdrawValueClaim: withdraw_value_claim,
    }
)
