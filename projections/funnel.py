"""What is in the pipeline, and where it stands: each opportunity, at every time."""

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityAmountChanged,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityReopened,
    OpportunityWon,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table

State = Literal["open", "won", "lost"]


class OpportunityRow(NamedTuple):
    """One opportunity as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    opportunity_id: str
    version: int
    account_id: str | None
    product_id: str
    owner_id: str
    region_id: str
    stage: str
    """The stage it is at, or was at when it was closed."""
    state: State
    amount_minor: int | None
    """What it is expected to bring, or brought; in minor units of ``currency``."""
    currency: str | None
    loss_reason: str | None
    opened_at: datetime
    engaged_at: datetime | None
    """When it first reached a stage that counts as engaged."""
    closed_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


OPPORTUNITY: Final = Table(
    "opportunity",
    OpportunityRow,
    guard=ByRecord("opportunity", "opportunity_id"),
    key=("opportunity_id", "version"),
    indexes=(("account_id",), ("valid_from",)),
)


def keys(recorded: Recorded[OpportunityEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(OPPORTUNITY, recorded.event.opportunity_id, recorded)


def evolve(rows: Rows, recorded: Recorded[OpportunityEvent]) -> Rows:
    """The opportunity as it was, closed, and as it is from now on."""
    event, at = recorded.event, recorded.envelope.occurred_at
    changes: dict[str, Any]
    match event:
        case OpportunityOpened():
            return begin(OPPORTUNITY, _opened(event, recorded))
        case OpportunityAdvanced(to_stage=stage, engaged=engaged):
            (last,) = rows.values()
            changes = {"stage": stage, "engaged_at": last.engaged_at or (at if engaged else None)}
        case OpportunityAmountChanged(amount=amount):
            changes = {"amount_minor": amount.minor, "currency": amount.currency}
        case OpportunityReassigned(owner_id=owner_id, region_id=region_id):
            changes = {"owner_id": owner_id, "region_id": region_id}
        case OpportunityWon(amount=amount):
            paid = {"amount_minor": amount.minor, "currency": amount.currency}
            changes = {"state": "won", "closed_at": at, **paid}
        case OpportunityLost(reason=reason):
            changes = {"state": "lost", "closed_at": at, "loss_reason": reason}
        case OpportunityReopened():
            changes = {"state": "open", "closed_at": None, "loss_reason": None}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, changes)


def _opened(event: OpportunityOpened, recorded: Recorded[Any]) -> OpportunityRow:
    at = recorded.envelope.occurred_at
    return OpportunityRow(
        event.opportunity_id,
        recorded.envelope.version,
        event.account_id,
        event.product_id,
        event.owner_id,
        event.region_id,
        event.stage,
        "open",
        None if event.amount is None else event.amount.minor,
        None if event.amount is None else event.amount.currency,
        None,
        at,
        at if event.engaged else None,
        None,
        *interval(recorded),
    )


FUNNEL: Final = Projection(
    name="funnel",
    version=1,
    tables=(OPPORTUNITY,),
    subscribes=frozenset(get_args(OpportunityEvent)),
    keys=keys,
    evolve=evolve,
)
