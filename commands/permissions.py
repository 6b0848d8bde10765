"""Who may ask for what: a command class to the roles that may issue it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aggregates.organization.api_key import API_KEY, live
from aggregates.organization.employee import EMPLOYEE, Active
from aggregates.refusals import NotAllowed
from commands.accounts.account import (
    ChangeAccountDetails,
    ChangeAccountOwner,
    PlaceAccount,
    ReassignPortfolio,
    RegisterAccount,
)
from commands.accounts.account_class import ClassifyAccount, ReclassifyAccount
from commands.accounts.account_link import LinkAccounts, UnlinkAccounts
from commands.accounts.account_stage import MoveAccountStage, RecordAccountCheck
from commands.accounts.account_team import AssignTeamMember, ReleaseTeamMember
from commands.accounts.contact import (
    AssessContact,
    ChangeContactDetails,
    ChangeContactReportsTo,
    ChangeContactRole,
    EraseContact,
    MergeContact,
    MoveContact,
    RecordContactLeft,
    RegisterContact,
    UnmergeContact,
)
from commands.accounts.customer_goal import (
    ChangeCustomerGoal,
    DropCustomerGoal,
    LinkCustomerGoal,
    StateCustomerGoal,
    UnlinkCustomerGoal,
)
from commands.accounts.interaction import (
    CompleteFollowUp,
    CorrectInteraction,
    LogInteraction,
    ReassignFollowUp,
    WithdrawInteraction,
)
from commands.accounts.relationship import (
    ChangeRelationshipStrength,
    EndRelationship,
    EstablishRelationship,
)
from commands.accounts.solution_document import PublishSolutionDocument
from commands.accounts.strategic_objective import (
    ChangeStrategicObjective,
    DropStrategicObjective,
    StateStrategicObjective,
)
from commands.command import Command, command_name
from commands.look import Look
from commands.organization_catalogue import ORGANIZATION_MAY_ISSUE
from commands.pipeline.contract import (
    AmendContract,
    DraftContract,
    ReassignContract,
    SubmitContract,
)
from commands.pipeline.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityAmount,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    ReopenOpportunity,
    WinOpportunity,
)
from commands.pipeline.product import ListProduct, RepriceProduct, RetireProduct
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
)
from commands.planning.plan_action import CompletePlanAction, ReassignPlanAction
from commands.planning.plan_content import (
    ChangePlanAim,
    ChangePlanBudget,
    DropPlanAction,
    DropPlanObjective,
    DropPlanTarget,
    SetPlanAction,
    SetPlanObjective,
    SetPlanTarget,
)
from commands.planning.value_claim import (
    ClaimValue,
    ConfirmValueClaim,
    CorrectValueClaim,
    WithdrawValueClaim,
)
from commands.policies.account_lifecycle import ActivateAccountLifecycle, DraftAccountLifecycle
from commands.policies.approval_route import ActivateApprovalRoute, DraftApprovalRoute
from commands.policies.coverage import ActivateCoveragePolicy, DraftCoveragePolicy
from commands.policies.depth import ActivateDepthPolicy, DraftDepthPolicy
from commands.policies.form import ActivateForm, DraftForm
from commands.policies.planning_policy import ActivatePlanningPolicy, DraftPlanningPolicy
from commands.policies.sales_process import ActivateSalesProcess, DraftSalesProcess
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
)
from commands.roles import ADMINISTRATORS, MANAGERS, SELLERS, Role
from commands.warning_catalogue import WARNINGS_MAY_ISSUE
from commands.work_catalogue import WORK_MAY_ISSUE

MAY_ISSUE: Final[Mapping[type[Command], frozenset[Role]]] = MappingProxyType(
    {
        **ORGANIZATION_MAY_ISSUE,
        RegisterAccount: SELLERS,
        ChangeAccountDetails: SELLERS,
        PlaceAccount: MANAGERS,
        ChangeAccountOwner: MANAGERS,
        ReassignPortfolio: MANAGERS,
        RecordAccountCheck: SELLERS,
        MoveAccountStage: SELLERS,
        AssignTeamMember: MANAGERS,
        ReleaseTeamMember: MANAGERS,
        StateCustomerGoal: SELLERS,
        ChangeCustomerGoal: SELLERS,
        DropCustomerGoal: SELLERS,
        LinkCustomerGoal: SELLERS,
        UnlinkCustomerGoal: SELLERS,
        StateStrategicObjective: MANAGERS,
        ChangeStrategicObjective: MANAGERS,
        DropStrategicObjective: MANAGERS,
        LinkAccounts: SELLERS,
        UnlinkAccounts: SELLERS,
        PublishSolutionDocument: SELLERS,
        ClassifyAccount: SELLERS,
        ReclassifyAccount: MANAGERS,
        RegisterContact: SELLERS,
        ChangeContactDetails: SELLERS,
        ChangeContactRole: SELLERS,
        AssessContact: SELLERS,
        ChangeContactReportsTo: SELLERS,
        RecordContactLeft: SELLERS,
        MoveContact: SELLERS,
        MergeContact: MANAGERS,
        UnmergeContact: MANAGERS,
        EraseContact: ADMINISTRATORS,
        EstablishRelationship: SELLERS,
        ChangeRelationshipStrength: SELLERS,
        EndRelationship: SELLERS,
        LogInteraction: SELLERS,
        CorrectInteraction: SELLERS,
        WithdrawInteraction: SELLERS,
        CompleteFollowUp: SELLERS,
        ReassignFollowUp: SELLERS,
        ListProduct: ADMINISTRATORS,
        RepriceProduct: ADMINISTRATORS,
        RetireProduct: ADMINISTRATORS,
        DraftSalesProcess: MANAGERS,
        ActivateSalesProcess: ADMINISTRATORS,
        DraftAccountLifecycle: MANAGERS,
        ActivateAccountLifecycle: ADMINISTRATORS,
        DraftValueMatrix: MANAGERS,
        ProposeValueMatrix: MANAGERS,
        ActivateValueMatrix: ADMINISTRATORS,
        DraftCoveragePolicy: MANAGERS,
        ActivateCoveragePolicy: ADMINISTRATORS,
        DraftDepthPolicy: MANAGERS,
        ActivateDepthPolicy: ADMINISTRATORS,
        OpenOpportunity: SELLERS,
        AdvanceOpportunity: SELLERS,
        ChangeOpportunityAmount: SELLERS,
        ReassignOpportunity: MANAGERS,
        WinOpportunity: SELLERS,
        LoseOpportunity: SELLERS,
        ReopenOpportunity: MANAGERS,
        DraftContract: SELLERS,
        AmendContract: SELLERS,
        SubmitContract: SELLERS,
        ReassignContract: MANAGERS,
        DraftApprovalRoute: MANAGERS,
        ActivateApprovalRoute: ADMINISTRATORS,
        **WORK_MAY_ISSUE,
        DraftForm: MANAGERS,
        ActivateForm: ADMINISTRATORS,
        DraftPlanningPolicy: MANAGERS,
        ActivatePlanningPolicy: ADMINISTRATORS,
        DraftAccountPlan: SELLERS,
        ChangePlanAim: SELLERS,
        ChangePlanBudget: SELLERS,
        SetPlanObjective: SELLERS,
        DropPlanObjective: SELLERS,
        SetPlanAction: SELLERS,
        DropPlanAction: SELLERS,
        SetPlanTarget: SELLERS,
        ReassignPlanAction: SELLERS,
        CompletePlanAction: SELLERS,
        DropPlanTarget: SELLERS,
        SubmitAccountPlan: SELLERS,
        WithdrawAccountPlan: SELLERS,
        ActivateAccountPlan: MANAGERS,
        AmendAccountPlan: SELLERS,
        DiscardPlanAmendment: SELLERS,
        RecordPlanAttainment: SELLERS,
        ReassignAccountPlan: MANAGERS,
        CloseAccountPlan: MANAGERS,
        StartJointProject: SELLERS,
        AddProjectMilestone: SELLERS,
        MoveProjectMilestone: SELLERS,
        RecordMilestoneMet: SELLERS,
        RecordMilestoneMissed: SELLERS,
        AddProjectMember: SELLERS,
        ReleaseProjectMember: SELLERS,
        ChangeProjectStatus: SELLERS,
        CloseJointProject: SELLERS,
        ClaimValue: SELLERS,
        CorrectValueClaim: SELLERS,
        ConfirmValueClaim: SELLERS,
        WithdrawValueClaim: SELLERS,
        **WARNINGS_MAY_ISSUE,
    }
)
"""A command that nobody may issue is one that keyledger itself issues; it has no door."""


def permit(command: Command, look: Look) -> None:
    """Let pass what the system itself asks, and what the role of the key allows.

    The key's stream and its employee's are read here, so their versions are confirmed when the
    command is recorded: a key revoked meanwhile does not get through.

    Raises:
        NotAllowed: ``key-not-live`` for a key that is unknown, expired, revoked or whose employee
            has left; ``role-missing`` for one without a role the command asks for.
    """
    key_id = look.context.key_id
    if key_id is None:
        return
    key = live(look(API_KEY, key_id), look.context.now)
    if key is None:
        raise NotAllowed("key-not-live", "this API key does not work any more")
    if key.employee_id and not isinstance(look(EMPLOYEE, key.employee_id), Active):
        raise NotAllowed("key-not-live", "the employee this API key acts for has left")
    allowed = MAY_ISSUE[type(command)]
    if allowed.isdisjoint(key.roles):
        needed = " or ".join(sorted(allowed)) or "keyledger itself"
        raise NotAllowed("role-missing", f"{command_name(type(command))} is for {needed}")
