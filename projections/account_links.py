"""How companies are linked: each link with its days, as it was known at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.accounts.account_link import AccountLinked, AccountLinkEvent, AccountUnlinked, LinkKind
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table


class AccountLinkRow(NamedTuple):
    """One link as it was told from ``valid_from`` (inclusive) to ``valid_to`` (exclusive).

    When it held is told by its own days, both inclusive.
    """

    link_id: str
    version: int
    account_id: str
    other_id: str
    kind: LinkKind
    share_bp: int | None
    """The share ``account_id`` holds, in basis points."""
    from_on: str
    """The first day, ISO 8601."""
    until_on: str | None
    """The last day, ISO 8601; ``None``: not known."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ACCOUNT_LINK: Final = Table(
    "account_link",
    AccountLinkRow,
    guard=ByRecord("account_link", "link_id"),
    key=("link_id", "version"),
    indexes=(("account_id",), ("other_id",)),
)


def keys(recorded: Recorded[AccountLinkEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT_LINK, recorded.event.link_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountLinkEvent]) -> Rows:
    """The link as it was told, closed, and as it is told from now on."""
    event = recorded.event
    match event:
        case AccountLinked():
            row = AccountLinkRow(
                event.link_id,
                recorded.envelope.version,
                event.account_id,
                event.other_id,
                event.kind,
                event.share_bp,
                event.from_on.isoformat(),
                None if event.until_on is None else event.until_on.isoformat(),
                *interval(recorded),
            )
            return begin(ACCOUNT_LINK, row)
        case AccountUnlinked(until_on=until_on):
            return succeed(rows, recorded, {"until_on": until_on.isoformat()})
        case unknown:
            assert_never(unknown)


ACCOUNT_LINKS: Final = Projection(
    name="account_links",
    version=1,
    tables=(ACCOUNT_LINK,),
    subscribes=frozenset(get_args(AccountLinkEvent)),
    keys=keys,
    evolve=evolve,
)
