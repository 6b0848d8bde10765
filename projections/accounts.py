"""Who we sell to: each account, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.accounts.account import (
    AccountDetailsChanged,
    AccountEvent,
    AccountOwnerChanged,
    AccountPlaced,
    AccountRegistered,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table


class AccountRow(NamedTuple):
    """One account as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    account_id: str
    version: int
    name: str
    sector: str | None
    country: str | None
    founded_year: int | None
    employees: int | None
    revenue_minor: int | None
    """Of one year, as last told; in minor units of ``revenue_currency``."""
    revenue_currency: str | None
    parent_id: str | None
    owner_id: str | None
    region_id: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ACCOUNT: Final = Table(
    "account",
    AccountRow,
    guard=ByAccount(),
    key=("account_id", "version"),
    indexes=(("parent_id",),),
)


def keys(recorded: Recorded[AccountEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT, recorded.event.account_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountEvent]) -> Rows:
    """The account as it was, closed, and as it is from now on."""
    event = recorded.event
    match event:
        case AccountRegistered():
            return begin(ACCOUNT, _registered(event, recorded))
        case AccountPlaced(parent_id=parent_id):
            return succeed(rows, recorded, {"parent_id": parent_id})
        case AccountOwnerChanged(owner_id=owner_id, region_id=region_id):
            return succeed(rows, recorded, {"owner_id": owner_id, "region_id": region_id})
        case AccountDetailsChanged():
            return succeed(rows, recorded, _details(event))
        case unknown:
            assert_never(unknown)


def _registered(event: AccountRegistered, recorded: Recorded[AccountEvent]) -> AccountRow:
    valid_from, valid_to, known_from, known_to = interval(recorded)
    return AccountRow(
        account_id=event.account_id,
        version=recorded.envelope.version,
        **_details(event),
        parent_id=event.parent_id,
        owner_id=event.owner_id,
        region_id=event.region_id,
        valid_from=valid_from,
        valid_to=valid_to,
        known_from=known_from,
        known_to=known_to,
    )


def _details(event: AccountRegistered | AccountDetailsChanged) -> dict[str, Any]:
    """The columns that say what it is called and how it is described."""
    return {
        "name": event.name,
        "sector": event.sector,
        "country": event.country,
        "founded_year": event.founded_year,
        "employees": event.employees,
        "revenue_minor": None if event.revenue is None else event.revenue.minor,
        "revenue_currency": None if event.revenue is None else event.revenue.currency,
    }


ACCOUNTS: Final = Projection(
    name="accounts",
    version=1,
    tables=(ACCOUNT,),
    subscribes=frozenset(get_args(AccountEvent)),
    keys=keys,
    evolve=evolve,
)
