"""Facts about account teams: who works for an account beside its owner, the account manager."""

from typing import ClassVar, Literal

from events.event import Event
from events.values import Id, PersonId

TeamRole = Literal["solution_architect", "delivery_expert", "executive_sponsor"]
"""What somebody is to an account. The account manager is its owner, told by the account itself."""


class AccountTeamMemberAssigned(Event):
    """An employee has this role for an account from now on, in the place of whoever had it."""

    NAME: ClassVar[str] = "account.team_member_assigned"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    role: TeamRole
    employee_id: PersonId


class AccountTeamMemberReleased(Event):
    """Nobody has this role for an account from now on."""

    NAME: ClassVar[str] = "account.team_member_released"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    role: TeamRole
    employee_id: PersonId
    """Who had it."""


AccountTeamEvent = AccountTeamMemberAssigned | AccountTeamMemberReleased
