"""What is promised to whom: each contract, at every time."""

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.pipeline.contract import (
    ContractAmended,
    ContractApproved,
    ContractDrafted,
    ContractEvent,
    ContractReassigned,
    ContractRejected,
    ContractSubmitted,
    ContractTerms,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table

State = Literal["drafted", "submitted", "approved", "rejected"]


class ContractRow(NamedTuple):
    """One contract as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    contract_id: str
    version: int
    account_id: str
    region_id: str
    state: State
    amount_minor: int
    """In minor units of ``currency``."""
    currency: str
    discount_bps: int
    runs_from: str
    """The first day it is to hold, ISO 8601."""
    runs_until: str
    """The last one."""
    author_id: str | None
    """Who wrote it last; ``None`` where a program did."""
    owner_id: str | None
    """Who looks after it; ``None``: nobody beside the account's owner."""
    approval_id: str | None
    """The approval it was put up for as it stands."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


CONTRACT: Final = Table(
    "contract",
    ContractRow,
    guard=ByRecord("contract", "contract_id"),
    key=("contract_id", "version"),
    indexes=(("account_id",),),
)


def keys(recorded: Recorded[ContractEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(CONTRACT, recorded.event.contract_id, recorded)


def evolve(rows: Rows, recorded: Recorded[ContractEvent]) -> Rows:
    """The contract as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case ContractDrafted():
            return begin(CONTRACT, _drafted(event, recorded))
        case ContractAmended(terms=terms, author_id=author_id):
            names = ("amount_minor", "currency", "discount_bps", "runs_from", "runs_until")
            changes = dict(zip(names, _terms(terms), strict=True))
            changes |= {"state": "drafted", "author_id": author_id, "approval_id": None}
        case ContractSubmitted(approval_id=approval_id):
            changes = {"state": "submitted", "approval_id": approval_id}
        case ContractApproved():
            changes = {"state": "approved"}
        case ContractRejected(sent_back=sent_back):
            changes = {"state": "drafted" if sent_back else "rejected"}
        case ContractReassigned(owner_id=owner_id):
            changes = {"owner_id": owner_id}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, changes)


def _drafted(event: ContractDrafted, recorded: Recorded[Any]) -> ContractRow:
    return ContractRow(
        event.contract_id,
        recorded.envelope.version,
        event.account_id,
        event.region_id,
        "drafted",
        *_terms(event.terms),
        event.author_id,
        event.author_id,
        None,
        *interval(recorded),
    )


def _terms(terms: ContractTerms) -> tuple[int, str, int, str, str]:
    return (
        terms.amount.minor,
        terms.amount.currency,
        terms.discount_bps,
        terms.valid_from.isoformat(),
        terms.valid_until.isoformat(),
    )


CONTRACTS: Final = Projection(
    name="contracts",
    version=2,
    tables=(CONTRACT,),
    subscribes=frozenset(get_args(ContractEvent)),
    keys=keys,
    evolve=evolve,
)
