"""Who may see more than their own, over what, and until when: each grant, at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.organization.access_grant import AccessGranted, AccessGrantEvent, AccessRevoked
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByEmployee, Key, Projection, Rows, Table


class GrantRow(NamedTuple):
    """One grant as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    grant_id: str
    version: int
    employee_id: str
    region_id: str | None
    account_id: str | None
    level: str
    until_on: str
    """The last day, ISO 8601."""
    reason: str
    """Why it was granted or, by then, revoked."""
    revoked: bool
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


GRANT: Final = Table(
    "access_grant",
    GrantRow,
    guard=ByEmployee(),
    key=("grant_id", "version"),
    indexes=(("employee_id",),),
)


def keys(recorded: Recorded[AccessGrantEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(GRANT, recorded.event.grant_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccessGrantEvent]) -> Rows:
    """The grant as it was, closed, and as it is from now on."""
    event = recorded.event
    match event:
        case AccessGranted():
            return begin(GRANT, _granted(event, recorded))
        case AccessRevoked(reason=reason):
            return succeed(rows, recorded, {"revoked": True, "reason": reason})
        case unknown:
            assert_never(unknown)


def _granted(event: AccessGranted, recorded: Recorded[AccessGrantEvent]) -> GrantRow:
    return GrantRow(
        event.grant_id,
        recorded.envelope.version,
        event.employee_id,
        event.region_id,
        event.account_id,
        event.level,
        event.until_on.isoformat(),
        event.reason,
        False,
        *interval(recorded),
    )


ACCESS_GRANTS: Final = Projection(
    name="access_grants",
    version=1,
    tables=(GRANT,),
    subscribes=frozenset(get_args(AccessGrantEvent)),
    keys=keys,
    evolve=evolve,
)
