"""What customers gained: each value claim, at every time."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.planning.value_claim import (
    ValueClaimClaimed,
    ValueClaimConfirmed,
    ValueClaimCorrected,
    ValueClaimEvent,
    ValueClaimWithdrawn,
    ValueMeasured,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table

State = Literal["claimed", "confirmed", "withdrawn"]


class ValueClaimRow(NamedTuple):
    """One claim as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    claim_id: str
    version: int
    account_id: str
    plan_id: str | None
    project_id: str | None
    state: State
    metric: str
    unit: str
    baseline: str
    measured: str
    gained: str
    """How much better than the baseline; below zero for what got worse. A decimal number."""
    better: str
    measured_on: str
    evidence: str
    contact_id: str | None
    """Who confirmed it, for the customer."""
    confirmed_on: str | None
    how: str | None
    reason: str | None
    """Why it was last corrected or withdrawn."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


VALUE_CLAIM: Final = Table(
    "value_claim",
    ValueClaimRow,
    guard=ByAccount(),
    key=("claim_id", "version"),
    indexes=(("account_id",), ("plan_id",)),
)


def keys(recorded: Recorded[ValueClaimEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(VALUE_CLAIM, recorded.event.claim_id, recorded)


def evolve(rows: Rows, recorded: Recorded[ValueClaimEvent]) -> Rows:
    """The claim as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case ValueClaimClaimed():
            return begin(VALUE_CLAIM, _claimed(event, recorded))
        case ValueClaimCorrected(value=value, reason=reason):
            changes = {**_columns(value), "reason": reason}
        case ValueClaimConfirmed(contact_id=contact_id, confirmed_on=day, how=how):
            who = {"contact_id": contact_id, "confirmed_on": day.isoformat(), "how": how}
            changes = {"state": "confirmed", **who}
        case ValueClaimWithdrawn(reason=reason):
            changes = {"state": "withdrawn", "reason": reason}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, changes)


def gained(value: ValueMeasured) -> str:
    """How much better than the baseline, as an exact decimal number without idle zeros."""
    more = Decimal(value.measured) - Decimal(value.baseline)
    found = more if value.better == "higher" else -more
    return format(found.normalize(), "f") if found else "0"


def _columns(value: ValueMeasured) -> dict[str, str]:
    return {**value.model_dump(mode="json"), "gained": gained(value)}


def _claimed(event: ValueClaimClaimed, recorded: Recorded[Any]) -> ValueClaimRow:
    of, at, known, until = interval(recorded)
    return ValueClaimRow(
        claim_id=event.claim_id,
        version=recorded.envelope.version,
        account_id=event.account_id,
        plan_id=event.plan_id,
        project_id=event.project_id,
        state="claimed",
        **_columns(event.value),
        contact_id=None,
        confirmed_on=None,
        how=None,
        reason=None,
        valid_from=of,
        valid_to=at,
        known_from=known,
        known_to=until,
    )


VALUE_CLAIMS: Final = Projection(
    name="value_claims",
    version=1,
    tables=(VALUE_CLAIM,),
    subscribes=frozenset(get_args(ValueClaimEvent)),
    keys=keys,
    evolve=evolve,
)
