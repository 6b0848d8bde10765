"""Who works for each account beside its owner, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.accounts.account_team import (
    AccountTeamEvent,
    AccountTeamMemberAssigned,
    AccountTeamMemberReleased,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table


class AccountTeamRow(NamedTuple):
    """The team of an account from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    account_id: str
    version: int
    solution_architect: str | None
    """The employee who has the role; ``None``: nobody."""
    delivery_expert: str | None
    executive_sponsor: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ACCOUNT_TEAM: Final = Table(
    "account_team",
    AccountTeamRow,
    guard=ByAccount(),
    key=("account_id", "version"),
    indexes=(("solution_architect",), ("delivery_expert",), ("executive_sponsor",)),
)


def keys(recorded: Recorded[AccountTeamEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT_TEAM, recorded.event.account_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountTeamEvent]) -> Rows:
    """The team as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case AccountTeamMemberAssigned(role=role, employee_id=employee_id):
            changes = {role: employee_id}
        case AccountTeamMemberReleased(role=role):
            changes = {role: None}
        case unknown:
            assert_never(unknown)
    if not rows:
        row = AccountTeamRow(event.account_id, 1, None, None, None, *interval(recorded))
        return begin(ACCOUNT_TEAM, row._replace(**changes))
    return succeed(rows, recorded, changes)


ACCOUNT_TEAMS: Final = Projection(
    name="account_teams",
    version=1,
    tables=(ACCOUNT_TEAM,),
    subscribes=frozenset(get_args(AccountTeamEvent)),
    keys=keys,
    evolve=evolve,
)
