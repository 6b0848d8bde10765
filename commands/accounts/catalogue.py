"""What can be asked about accounts and people: handlers and roles."""

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
from commands.accounts.account_outcome import (
    RecordAccountOutcome,
    WithdrawAccountOutcome,
    record_account_outcome,
    withdraw_account_outcome,
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
from commands.accounts.competitor import (
    RecordCompetitor,
    RecordCompetitorLeft,
    record_competitor,
    record_competitor_left,
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
from commands.issuable import Catalogue, Issuable
from commands.roles import ADMINISTRATORS, MANAGERS, SELLERS

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {
        RegisterAccount: Issuable(register_account, SELLERS),
        ChangeAccountDetails: Issuable(change_account_details, SELLERS),
        PlaceAccount: Issuable(place_account, MANAGERS),
        ChangeAccountOwner: Issuable(change_account_owner, MANAGERS),
        ReassignPortfolio: Issuable(reassign_portfolio, MANAGERS),
        RecordAccountCheck: Issuable(record_account_check, SELLERS),
        MoveAccountStage: Issuable(move_account_stage, SELLERS),
        AssignTeamMember: Issuable(assign_team_member, MANAGERS),
        ReleaseTeamMember: Issuable(release_team_member, MANAGERS),
        StateCustomerGoal: Issuable(state_customer_goal, SELLERS),
        ChangeCustomerGoal: Issuable(change_customer_goal, SELLERS),
        DropCustomerGoal: Issuable(drop_customer_goal, SELLERS),
        LinkCustomerGoal: Issuable(link_customer_goal, SELLERS),
        UnlinkCustomerGoal: Issuable(unlink_customer_goal, SELLERS),
        StateStrategicObjective: Issuable(state_strategic_objective, MANAGERS),
        ChangeStrategicObjective: Issuable(change_strategic_objective, MANAGERS),
        DropStrategicObjective: Issuable(drop_strategic_objective, MANAGERS),
        LinkAccounts: Issuable(link_accounts, SELLERS),
        UnlinkAccounts: Issuable(unlink_accounts, SELLERS),
        PublishSolutionDocument: Issuable(publish_solution_document, SELLERS),
        ClassifyAccount: Issuable(classify_account, SELLERS),
        ReclassifyAccount: Issuable(reclassify_account, MANAGERS),
        RegisterContact: Issuable(register_contact, SELLERS),
        ChangeContactDetails: Issuable(change_contact_details, SELLERS),
        ChangeContactRole: Issuable(change_contact_role, SELLERS),
        AssessContact: Issuable(assess_contact, SELLERS),
        ChangeContactReportsTo: Issuable(change_contact_reports_to, SELLERS),
        RecordContactLeft: Issuable(record_contact_left, SELLERS),
        MoveContact: Issuable(move_contact, SELLERS),
        MergeContact: Issuable(merge_contact, MANAGERS),
        UnmergeContact: Issuable(unmerge_contact, MANAGERS),
        EraseContact: Issuable(erase_contact, ADMINISTRATORS),
        EstablishRelationship: Issuable(establish_relationship, SELLERS),
        ChangeRelationshipStrength: Issuable(change_relationship_strength, SELLERS),
        EndRelationship: Issuable(end_relationship, SELLERS),
        LogInteraction: Issuable(log_interaction, SELLERS),
        CorrectInteraction: Issuable(correct_interaction, SELLERS),
        WithdrawInteraction: Issuable(withdraw_interaction, SELLERS),
        CompleteFollowUp: Issuable(complete_follow_up, SELLERS),
        ReassignFollowUp: Issuable(reassign_follow_up, SELLERS),
        RecordCompetitor: Issuable(record_competitor, SELLERS),
        RecordCompetitorLeft: Issuable(record_competitor_left, SELLERS),
        RecordAccountOutcome: Issuable(record_account_outcome, SELLERS),
        WithdrawAccountOutcome: Issuable(withdraw_account_outcome, SELLERS),
    }
)
