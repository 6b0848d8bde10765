"""Who we sell to: each account, at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.accounts.account import (
    AccountEvent,
    AccountOwnerChanged,
    AccountPlaced,
    AccountRegistered,
)
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import Key, Projection, Rows, Table


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
    "account", AccountRow, key=("account_id", "version"), indexes=(("parent_id",),)
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
        case unknown:
            assert_never(unknown)


def _registered(event: AccountRegistered, recorded: Recorded[AccountEvent]) -> AccountRow:
    return AccountRow(
        event.account_id,
        recorded.envelope.version,
        event.name,
        event.sector,
        event.country,
        event.founded_year,
        event.employees,
        None if event.revenue is None else event.revenue.minor,
        None if event.revenue is None else event.revenue.currency,
        event.parent_id,
        event.owner_id,
        event.region_id,
        *interval(recorded),
    )


ACCOUNTS: Final = Projection(
    name="accounts",
    version=1,
    tables=(ACCOUNT,),
    subscribes=frozenset(get_args(AccountEvent)),
    keys=keys,
    evolve=evolve,
)
