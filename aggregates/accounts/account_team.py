"""The team of one account: one employee in each role, or nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never

from aggregates.decider import Decider
from events.accounts.account_team import (
    AccountTeamEvent,
    AccountTeamMemberAssigned,
    AccountTeamMemberReleased,
    TeamRole,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Team:
    """Who has which role; a role nobody has is not in it."""

    members: Mapping[TeamRole, str] = field(default_factory=dict)


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(team: Team, event: AccountTeamEvent) -> Team:
    """The team after ``event``."""
    match event:
        case AccountTeamMemberAssigned():
            return Team({**team.members, event.role: event.employee_id})
        case AccountTeamMemberReleased():
            return Team({role: who for role, who in team.members.items() if role != event.role})
        case unknown:
            assert_never(unknown)


ACCOUNT_TEAM: Final[Decider[Team, AccountTeamEvent]] = Decider("account_team", Team(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def assign(
    team: Team, *, account_id: str, role: TeamRole, employee_id: str
) -> tuple[AccountTeamEvent, ...]:
    """Give them the role, whoever had it; nothing if it is theirs."""
    if team.members.get(role) == employee_id:
        return ()
    return (AccountTeamMemberAssigned(account_id=account_id, role=role, employee_id=employee_id),)


def release(team: Team, *, account_id: str, role: TeamRole) -> tuple[AccountTeamEvent, ...]:
    """Take the role from whoever has it; nothing if nobody has."""
    if role not in team.members:
        return ()
    return (
        AccountTeamMemberReleased(account_id=account_id, role=role, employee_id=team.members[role]),
    )
