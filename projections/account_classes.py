"""What each account is to us, and what that rests on, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from events.accounts.account_class import AccountClassified, Class
from events.policies.place import place_of
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table


class AccountClassRow(NamedTuple):
    """One account's class as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    account_id: str
    version: int
    account_class: Class
    score: int
    """In ten-thousandths of a point."""
    ratings: dict[str, Any]
    """By dimension: band, amount and evidence."""
    matrix_id: str
    """The region whose matrix it was, or ``*``."""
    matrix_version: int
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ACCOUNT_CLASS: Final = Table(
    "account_class", AccountClassRow, guard=ByAccount(), key=("account_id", "version")
)


def keys(recorded: Recorded[AccountClassified]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT_CLASS, recorded.event.account_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountClassified]) -> Rows:
    """The class as it was, closed, and as it is from now on."""
    row = _classified(recorded.event, recorded)
    if not rows:
        return begin(ACCOUNT_CLASS, row)
    return succeed(rows, recorded, row._asdict())


def _classified(event: AccountClassified, recorded: Recorded[AccountClassified]) -> AccountClassRow:
    return AccountClassRow(
        event.account_id,
        recorded.envelope.version,
        event.account_class,
        event.score,
        {
            rating.dimension_id: rating.model_dump(mode="json", exclude={"dimension_id"})
            for rating in event.ratings
        },
        place_of(event.matrix_region_id),
        event.matrix_version,
        *interval(recorded),
    )


ACCOUNT_CLASSES: Final = Projection(
    name="account_classes",
    version=1,
    tables=(ACCOUNT_CLASS,),
    subscribes=frozenset({AccountClassified}),
    keys=keys,
    evolve=evolve,
)
