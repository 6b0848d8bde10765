"""What can be asked of account teams."""

from typing import Literal

from aggregates.accounts import account, account_team
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_team import ACCOUNT_TEAM
from aggregates.organization.employee import EMPLOYEE, active
from commands.command import Command
from commands.look import Decided, Look
from events.accounts.account_team import TeamRole
from events.values import Id, PersonId


class AssignTeamMember(Command):
    """Give an employee a role for an account, in the place of whoever has it.

    The account manager is the account's owner: assigning one changes the owner, and with that the
    region.
    """

    account_id: Id
    role: TeamRole | Literal["account_manager"]
    employee_id: PersonId


class ReleaseTeamMember(Command):
    """Have nobody in a role for an account. It keeps an account manager until there is another."""

    account_id: Id
    role: TeamRole


def assign_team_member(command: AssignTeamMember, look: Look) -> Decided:
    """Assign them; they must work here."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    employee = active(look(EMPLOYEE, command.employee_id), field="employee_id")
    if command.role == "account_manager":
        return look.decide(
            ACCOUNT,
            command.account_id,
            account.change_owner,
            account_id=command.account_id,
            owner_id=command.employee_id,
            region_id=employee.region_id,
        )
    return look.decide(
        ACCOUNT_TEAM,
        command.account_id,
        account_team.assign,
        account_id=command.account_id,
        role=command.role,
        employee_id=command.employee_id,
    )


def release_team_member(command: ReleaseTeamMember, look: Look) -> Decided:
    """Release whoever has it."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    return look.decide(
        ACCOUNT_TEAM,
        command.account_id,
        account_team.release,
        account_id=command.account_id,
        role=command.role,
    )
