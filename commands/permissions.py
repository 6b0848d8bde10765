"""Who may ask for what: a command class to the roles that may issue it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aggregates.organization.api_key import API_KEY, live
from aggregates.organization.employee import EMPLOYEE, Active
from aggregates.refusals import NotAllowed
from commands.accounts.account import (
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
from commands.approving import DECIDING
from commands.command import Command, command_name
from commands.look import Look
from commands.organization.api_key import IssueApiKey, RevokeApiKey
from commands.organization.calendar import CloseDay
from commands.organization.employee import (
    ChangeEmployeeManager,
    ChangeEmployeeRoles,
    EraseEmployee,
    HireEmployee,
    MoveEmployee,
    RecordEmployeeLeft,
)
from commands.organization.region import MoveRegion, OpenRegion
from commands.pipeline.contract import AmendContract, DraftContract, SubmitContract
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
    ApproveAccountPlan,
    CloseAccountPlan,
    DiscardPlanAmendment,
    DraftAccountPlan,
    ReassignAccountPlan,
    RecordPlanAttainment,
    ReturnAccountPlan,
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
from commands.policies.planning_policy import ActivatePlanningPolicy, DraftPlanningPolicy
from commands.policies.sales_process import ActivateSalesProcess, DraftSalesProcess
from commands.policies.value_matrix import (
    ActivateValueMatrix,
    ApproveValueMatrix,
    DraftValueMatrix,
    ProposeValueMatrix,
)
from commands.roles import Role
from commands.work.approval import (
    DecideApproval,
    DelegateApproval,
    EscalateApproval,
    ReplaceApprover,
)

_ADMINISTRATORS: Final = frozenset[Role]({"administrator"})
_MANAGERS: Final = frozenset[Role]({"administrator", "sales_manager"})
_SELLERS: Final = frozenset[Role]({"administrator", "sales_manager", "sales_rep"})
_NOBODY: Final = frozenset[Role]()

MAY_ISSUE: Final[Mapping[type[Command], frozenset[Role]]] = MappingProxyType(
    {
        OpenRegion: _ADMINISTRATORS,
        MoveRegion: _ADMINISTRATORS,
        HireEmployee: _ADMINISTRATORS,
        ChangeEmployeeManager: _ADMINISTRATORS,
        MoveEmployee: _ADMINISTRATORS,
        ChangeEmployeeRoles: _ADMINISTRATORS,
        RecordEmployeeLeft: _ADMINISTRATORS,
        EraseEmployee: _ADMINISTRATORS,
        IssueApiKey: _ADMINISTRATORS,
        RevokeApiKey: _ADMINISTRATORS,
        CloseDay: _NOBODY,
        RegisterAccount: _SELLERS,
        PlaceAccount: _MANAGERS,
        ChangeAccountOwner: _MANAGERS,
        ReassignPortfolio: _MANAGERS,
        RecordAccountCheck: _SELLERS,
        MoveAccountStage: _SELLERS,
        AssignTeamMember: _MANAGERS,
        ReleaseTeamMember: _MANAGERS,
        StateCustomerGoal: _SELLERS,
        ChangeCustomerGoal: _SELLERS,
        DropCustomerGoal: _SELLERS,
        LinkCustomerGoal: _SELLERS,
        UnlinkCustomerGoal: _SELLERS,
        StateStrategicObjective: _MANAGERS,
        ChangeStrategicObjective: _MANAGERS,
        DropStrategicObjective: _MANAGERS,
        LinkAccounts: _SELLERS,
        UnlinkAccounts: _SELLERS,
        PublishSolutionDocument: _SELLERS,
        ClassifyAccount: _SELLERS,
        ReclassifyAccount: _MANAGERS,
        RegisterContact: _SELLERS,
        ChangeContactDetails: _SELLERS,
        ChangeContactRole: _SELLERS,
        AssessContact: _SELLERS,
        ChangeContactReportsTo: _SELLERS,
        RecordContactLeft: _SELLERS,
        MoveContact: _SELLERS,
        MergeContact: _MANAGERS,
        UnmergeContact: _MANAGERS,
        EraseContact: _ADMINISTRATORS,
        EstablishRelationship: _SELLERS,
        ChangeRelationshipStrength: _SELLERS,
        EndRelationship: _SELLERS,
        LogInteraction: _SELLERS,
        CorrectInteraction: _SELLERS,
        WithdrawInteraction: _SELLERS,
        CompleteFollowUp: _SELLERS,
        ReassignFollowUp: _SELLERS,
        ListProduct: _ADMINISTRATORS,
        RepriceProduct: _ADMINISTRATORS,
        RetireProduct: _ADMINISTRATORS,
        DraftSalesProcess: _MANAGERS,
        ActivateSalesProcess: _ADMINISTRATORS,
        DraftAccountLifecycle: _MANAGERS,
        ActivateAccountLifecycle: _ADMINISTRATORS,
        DraftValueMatrix: _MANAGERS,
        ProposeValueMatrix: _MANAGERS,
        ApproveValueMatrix: _MANAGERS,
        ActivateValueMatrix: _ADMINISTRATORS,
        DraftCoveragePolicy: _MANAGERS,
        ActivateCoveragePolicy: _ADMINISTRATORS,
        DraftDepthPolicy: _MANAGERS,
        ActivateDepthPolicy: _ADMINISTRATORS,
        OpenOpportunity: _SELLERS,
        AdvanceOpportunity: _SELLERS,
        ChangeOpportunityAmount: _SELLERS,
        ReassignOpportunity: _MANAGERS,
        WinOpportunity: _SELLERS,
        LoseOpportunity: _SELLERS,
        ReopenOpportunity: _MANAGERS,
        DraftContract: _SELLERS,
        AmendContract: _SELLERS,
        SubmitContract: _SELLERS,
        DraftApprovalRoute: _MANAGERS,
        ActivateApprovalRoute: _ADMINISTRATORS,
        DecideApproval: DECIDING,
        DelegateApproval: DECIDING,
        ReplaceApprover: _ADMINISTRATORS,
        EscalateApproval: _NOBODY,
        DraftPlanningPolicy: _MANAGERS,
        ActivatePlanningPolicy: _ADMINISTRATORS,
        DraftAccountPlan: _SELLERS,
        ChangePlanAim: _SELLERS,
        ChangePlanBudget: _SELLERS,
        SetPlanObjective: _SELLERS,
        DropPlanObjective: _SELLERS,
        SetPlanAction: _SELLERS,
        DropPlanAction: _SELLERS,
        SetPlanTarget: _SELLERS,
        DropPlanTarget: _SELLERS,
        SubmitAccountPlan: _SELLERS,
        WithdrawAccountPlan: _SELLERS,
        ReturnAccountPlan: _MANAGERS,
        ApproveAccountPlan: _MANAGERS,
        ActivateAccountPlan: _MANAGERS,
        AmendAccountPlan: _SELLERS,
        DiscardPlanAmendment: _SELLERS,
        RecordPlanAttainment: _SELLERS,
        ReassignAccountPlan: _MANAGERS,
        CloseAccountPlan: _MANAGERS,
        StartJointProject: _SELLERS,
        AddProjectMilestone: _SELLERS,
        MoveProjectMilestone: _SELLERS,
        RecordMilestoneMet: _SELLERS,
        RecordMilestoneMissed: _SELLERS,
        AddProjectMember: _SELLERS,
        ReleaseProjectMember: _SELLERS,
        ChangeProjectStatus: _SELLERS,
        CloseJointProject: _SELLERS,
        ClaimValue: _SELLERS,
        CorrectValueClaim: _SELLERS,
        ConfirmValueClaim: _SELLERS,
        WithdrawValueClaim: _SELLERS,
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
