"""How it ended with customers: each outcome, as it was known at every time.

An outcome happens on a day and is withdrawn as if it never had, so a row tells all of it as it was
known from one fact to the next.
"""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.accounts.account_outcome import (
    AccountOutcomeEvent,
    AccountOutcomeRecorded,
    AccountOutcomeWithdrawn,
    OutcomeKind,
)
from events.recorded import Recorded
from projections.history import begin, row_before
from projections.projection import ByAccount, Key, Projection, Rows, Table


class AccountOutcomeRow(NamedTuple):
    """One outcome as it was known from ``known_from`` (inclusive) to ``known_to``."""

    outcome_id: str
    version: int
    account_id: str
    outcome: OutcomeKind
    occurred_on: str
    """The day it happened, ISO 8601."""
    contract_id: str | None
    reason: str
    """Why it happened, or why it was withdrawn."""
    withdrawn: bool
    """Whether it is known that it never happened."""
    known_from: datetime
    known_to: datetime | None


ACCOUNT_OUTCOME: Final = Table(
    "account_outcome",
    AccountOutcomeRow,
    guard=ByAccount(),
    key=("outcome_id", "version"),
    indexes=(("account_id",),),
)


def keys(recorded: Recorded[AccountOutcomeEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT_OUTCOME, recorded.event.outcome_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountOutcomeEvent]) -> Rows:
    """The outcome as it was known until now, and as it is known from now on."""
    event, known_at = recorded.event, recorded.envelope.recorded_at
    match event:
        case AccountOutcomeRecorded():
            row = AccountOutcomeRow(
                event.outcome_id,
                recorded.envelope.version,
                event.account_id,
                event.outcome,
                event.occurred_on.isoformat(),
                event.contract_id,
                event.reason,
                False,
                known_at,
                None,
            )
            return begin(ACCOUNT_OUTCOME, row)
        case AccountOutcomeWithdrawn(reason=reason):
            ((key, last),) = rows.items()
            following = last._replace(
                version=recorded.envelope.version,
                reason=reason,
                withdrawn=True,
                known_from=known_at,
                known_to=None,
            )
            closed = last._replace(known_to=known_at)
            return {key: closed, (ACCOUNT_OUTCOME, following[:2]): following}
        case unknown:
            assert_never(unknown)


ACCOUNT_OUTCOMES: Final = Projection(
    name="account_outcomes",
    version=1,
    tables=(ACCOUNT_OUTCOME,),
    subscribes=frozenset(get_args(AccountOutcomeEvent)),
    keys=keys,
    evolve=evolve,
)
