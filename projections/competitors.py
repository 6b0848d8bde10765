"""Who attacks what we have or want at customers: each entry of a competitor, at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.accounts.competitor import CompetitorEntered, CompetitorEvent, CompetitorLeft
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByAccount, Key, Projection, Rows, Table


class CompetitorRow(NamedTuple):
    """One entry as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    entry_id: str
    version: int
    account_id: str
    opportunity_id: str | None
    competitor: str
    attacks: str
    evidence: str | None
    active: bool
    """Whether they are at work there."""
    reason: str | None
    """Why they have left."""
    entered_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


COMPETITOR: Final = Table(
    "competitor",
    CompetitorRow,
    guard=ByAccount(),
    key=("entry_id", "version"),
    indexes=(("account_id",),),
)


def keys(recorded: Recorded[CompetitorEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(COMPETITOR, recorded.event.entry_id, recorded)


def evolve(rows: Rows, recorded: Recorded[CompetitorEvent]) -> Rows:
    """The entry as it was, closed, and as it is from now on."""
    event = recorded.event
    match event:
        case CompetitorEntered():
            row = CompetitorRow(
                event.entry_id,
                recorded.envelope.version,
                event.account_id,
                event.opportunity_id,
                event.competitor,
                event.attacks,
                event.evidence,
                True,
                None,
                recorded.envelope.occurred_at,
                *interval(recorded),
            )
            return begin(COMPETITOR, row)
        case CompetitorLeft(reason=reason):
            return succeed(rows, recorded, {"active": False, "reason": reason})
        case unknown:
            assert_never(unknown)


COMPETITORS: Final = Projection(
    name="competitors",
    version=1,
    tables=(COMPETITOR,),
    subscribes=frozenset(get_args(CompetitorEvent)),
    keys=keys,
    evolve=evolve,
)
