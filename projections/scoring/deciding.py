"""What decides whose score is made when and how: days, policies in force, accounts and regions.

Rows are appended under the position of their fact and stay, so that what decided at an earlier
position can be asked again.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.accounts.account import AccountOwnerChanged, AccountRegistered
from events.organization.calendar import DayClosed
from events.organization.region import RegionMoved, RegionOpened
from events.policies.place import place_of
from events.policies.scoring import ScoringPolicyActivated, ScoringPolicyDrafted
from events.recorded import Recorded
from projections.projection import ByAccount, ForEverybody, Key, Rows, Table


class ClosedDayRow(NamedTuple):
    """A day that is over."""

    day: str
    """ISO 8601."""
    position: int
    """Of the fact that says so."""
    recorded_at: datetime
    """When it was closed: its scores are as known then."""


class ScoringDraftRow(NamedTuple):
    """One version of a scoring policy."""

    policy_id: str
    """The region it is for; ``*``: the whole group."""
    draft: int
    """The version of the policy, 1 for the first."""
    document: dict[str, Any]


class ScoringInForceRow(NamedTuple):
    """A version put in force from a day on."""

    policy_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    effective_on: str
    """The first day whose scores it makes, ISO 8601."""
    document: dict[str, Any]
    position: int


class ScoredAccountRow(NamedTuple):
    """The region of an account from ``occurred_at`` on."""

    account_id: str
    version: int
    region_id: str | None
    occurred_at: datetime
    position: int


class ScoredRegionRow(NamedTuple):
    """What a region lies under from ``occurred_at`` on."""

    region_id: str
    version: int
    parent_id: str | None
    occurred_at: datetime
    position: int


CLOSED_DAY: Final = Table("closed_day", ClosedDayRow, guard=ForEverybody(), key=("day",))
SCORING_DRAFT: Final = Table(
    "scoring_draft", ScoringDraftRow, guard=ForEverybody(), key=("policy_id", "draft")
)
SCORING_IN_FORCE: Final = Table(
    "scoring_in_force", ScoringInForceRow, guard=ForEverybody(), key=("policy_id", "version")
)
SCORED_ACCOUNT: Final = Table(
    "scored_account", ScoredAccountRow, guard=ByAccount(), key=("account_id", "version")
)
SCORED_REGION: Final = Table(
    "scored_region", ScoredRegionRow, guard=ForEverybody(), key=("region_id", "version")
)

DecidingEvent = (
    DayClosed
    | ScoringPolicyDrafted
    | ScoringPolicyActivated
    | AccountRegistered
    | AccountOwnerChanged
    | RegionOpened
    | RegionMoved
)
DECIDING: Final[tuple[type[Any], ...]] = get_args(DecidingEvent)
"""The facts that decide."""


def keys(recorded: Recorded[DecidingEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    event = recorded.event
    if isinstance(event, ScoringPolicyActivated):
        return ((SCORING_DRAFT, (place_of(event.region_id), event.version)),)
    return ()


def evolve(rows: Rows, recorded: Recorded[DecidingEvent]) -> Rows:
    """The row that the fact appends."""
    event, envelope = recorded.event, recorded.envelope
    version, at, position = envelope.version, envelope.occurred_at, envelope.position
    row: Any
    match event:
        case DayClosed(day=day):
            row = ClosedDayRow(day.isoformat(), position, envelope.recorded_at)
            return {(CLOSED_DAY, row[:1]): row}
        case ScoringPolicyDrafted():
            document = event.document.model_dump(mode="json")
            row = ScoringDraftRow(place_of(event.region_id), event.version, document)
            return {(SCORING_DRAFT, row[:2]): row}
        case ScoringPolicyActivated():
            (draft,) = rows.values()
            since = event.effective_on.isoformat()
            row = ScoringInForceRow(
                draft.policy_id, version, draft.draft, since, draft.document, position
            )
            return {(SCORING_IN_FORCE, row[:2]): row}
        case AccountRegistered() | AccountOwnerChanged():
            row = ScoredAccountRow(event.account_id, version, event.region_id, at, position)
            return {(SCORED_ACCOUNT, row[:2]): row}
        case RegionOpened() | RegionMoved():
            row = ScoredRegionRow(event.region_id, version, event.parent_id, at, position)
            return {(SCORED_REGION, row[:2]): row}
        case unknown:
            assert_never(unknown)
