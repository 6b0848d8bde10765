"""How deep we stand with each account: its stage and what was checked, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.accounts.account_stage import (
    AccountCheckRecorded,
    AccountStageEvent,
    AccountStageMoved,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table


class AccountStageRow(NamedTuple):
    """Where an account stood from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    account_id: str
    version: int
    stage: str | None
    """``None`` until it was first moved: it is at the first stage of the lifecycle."""
    reason: str | None
    """Why it was moved there, if somebody said so."""
    moved_at: datetime | None
    checks: dict[str, Any]
    """The newest result of each check: ``{"result", "evidence", "recorded_at"}`` by its id."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ACCOUNT_STAGE: Final = Table(
    "account_stage", AccountStageRow, guard=ByAccount(), key=("account_id", "version")
)


def keys(recorded: Recorded[AccountStageEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT_STAGE, recorded.event.account_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountStageEvent]) -> Rows:
    """Where the account stood, closed, and where it stands from now on."""
    event, at = recorded.event, recorded.envelope.occurred_at
    last = next(iter(rows.values()), None)
    changes: dict[str, Any]
    match event:
        case AccountCheckRecorded(check_id=check_id):
            checks = {} if last is None else last.checks
            found = {
                "result": event.result,
                "evidence": event.evidence,
                "recorded_at": at.isoformat(),
            }
            changes = {"checks": {**checks, check_id: found}}
        case AccountStageMoved(to_stage=stage, reason=reason):
            changes = {"stage": stage, "reason": reason, "moved_at": at}
        case unknown:
            assert_never(unknown)
    if last is None:
        row = AccountStageRow(event.account_id, 1, None, None, None, {}, *interval(recorded))
        return begin(ACCOUNT_STAGE, row._replace(**changes))
    return succeed(rows, recorded, changes)


ACCOUNT_STAGES: Final = Projection(
    name="account_stages",
    version=1,
    tables=(ACCOUNT_STAGE,),
    subscribes=frozenset(get_args(AccountStageEvent)),
    keys=keys,
    evolve=evolve,
)
