"""Every command there is and the handler that carries it out: the table of contents."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commands.accounts.account import (
    ChangeAccountDetails,
    ChangeAccountOwner,
    PlaceAccount,
    ReassignPortfolio,
    RegisterAccount,
    change_account_details,
    change_account_owner,
    place_account,
    reassign_portfolio,
    register_account,
)
from commands.accounts.account_class import (
    ClassifyAccount,
    ReclassifyAccount,
    classify_account,
    reclassify_account,
)
from commands.accounts.account_link import (
    LinkAccounts,
    UnlinkAccounts,
    link_accounts,
    unlink_accounts,
)
from commands.accounts.account_stage import (
    MoveAccountStage,
    RecordAccountCheck,
    move_account_stage,
    record_account_check,
)
from commands.accounts.account_team import (
    AssignTeamMember,
    ReleaseTeamMember,
    assign_team_member,
    release_team_member,
)
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
    assess_contact,
    change_contact_details,
    change_contact_reports_to,
    change_contact_role,
    erase_contact,
    merge_contact,
    move_contact,
    record_contact_left,
    register_contact,
    unmerge_contact,
)
from commands.accounts.customer_goal import (
    ChangeCustomerGoal,
    DropCustomerGoal,
    LinkCustomerGoal,
    StateCustomerGoal,
    UnlinkCustomerGoal,
    change_customer_goal,
    drop_customer_goal,
    link_customer_goal,
    state_customer_goal,
    unlink_customer_goal,
)
from commands.accounts.interaction import (
    CompleteFollowUp,
    CorrectInteraction,
    LogInteraction,
    ReassignFollowUp,
    WithdrawInteraction,
    complete_follow_up,
    correct_interaction,
    log_interaction,
    reassign_follow_up,
    withdraw_interaction,
)
from commands.accounts.relationship import (
    ChangeRelationshipStrength,
    EndRelationship,
    EstablishRelationship,
    change_relationship_strength,
    end_relationship,
    establish_relationship,
)
from commands.accounts.solution_document import PublishSolutionDocument, publish_solution_document
from commands.accounts.strategic_objective import (
    ChangeStrategicObjective,
    DropStrategicObjective,
    StateStrategicObjective,
    change_strategic_objective,
    drop_strategic_objective,
    state_strategic_objective,
)
from commands.carry_out import Handler
from commands.command import Command
from commands.organization_catalogue import ORGANIZATION
from commands.pipeline.contract import (
    AmendContract,
    DraftContract,
    ReassignContract,
    SubmitContract,
    amend_contract,
    draft_contract,
    reassign_contract,
    submit_contract,
)
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
from commands.planning_catalogue import PLANNING
from commands.policies_catalogue import POLICIES
from commands.warning_catalogue import WARNINGS
from commands.work_catalogue import WORK

HANDLERS: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {
        **ORGANIZATION,
        RegisterAccount: register_account,
        ChangeAccountDetails: change_account_details,
        PlaceAccount: place_account,
        ChangeAccountOwner: change_account_owner,
        ReassignPortfolio: reassign_portfolio,
        RecordAccountCheck: record_account_check,
        MoveAccountStage: move_account_stage,
        AssignTeamMember: assign_team_member,
        ReleaseTeamMember: release_team_member,
        StateCustomerGoal: state_customer_goal,
        ChangeCustomerGoal: change_customer_goal,
        DropCustomerGoal: drop_customer_goal,
        LinkCustomerGoal: link_customer_goal,
        UnlinkCustomerGoal: unlink_customer_goal,
        StateStrategicObjective: state_strategic_objective,
        ChangeStrategicObjective: change_strategic_objective,
        DropStrategicObjective: drop_strategic_objective,
        LinkAccounts: link_accounts,
        UnlinkAccounts: unlink_accounts,
        PublishSolutionDocument: publish_solution_document,
        ClassifyAccount: classify_account,
        ReclassifyAccount: reclassify_account,
        RegisterContact: register_contact,
        ChangeContactDetails: change_contact_details,
        ChangeContactRole: change_contact_role,
        AssessContact: assess_contact,
        ChangeContactReportsTo: change_contact_reports_to,
        RecordContactLeft: record_contact_left,
        MoveContact: move_contact,
        MergeContact: merge_contact,
        UnmergeContact: unmerge_contact,
        EraseContact: erase_contact,
        EstablishRelationship: establish_relationship,
        ChangeRelationshipStrength: change_relationship_strength,
        EndRelationship: end_relationship,
        LogInteraction: log_interaction,
        CorrectInteraction: correct_interaction,
        WithdrawInteraction: withdraw_interaction,
        CompleteFollowUp: complete_follow_up,
        ReassignFollowUp: reassign_follow_up,
        ListProduct: list_product,
        RepriceProduct: reprice_product,
        RetireProduct: retire_product,
        OpenOpportunity: open_opportunity,
        AdvanceOpportunity: advance_opportunity,
        ChangeOpportunityAmount: change_opportunity_amount,
        ReassignOpportunity: reassign_opportunity,
        WinOpportunity: win_opportunity,
        LoseOpportunity: lose_opportunity,
        ReopenOpportunity: reopen_opportunity,
        DraftContract: draft_contract,
        AmendContract: amend_contract,
        SubmitContract: submit_contract,
        ReassignContract: reassign_contract,
        **WORK,
        **PLANNING,
        **POLICIES,
        **WARNINGS,
    }
)
