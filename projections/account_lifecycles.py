"""Which account lifecycle is in force where: each draft, and each day one is put in force from."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.policies.account_lifecycle import (
    AccountLifecycleActivated,
    AccountLifecycleDrafted,
    AccountLifecycleEvent,
)
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class LifecycleDraftRow(NamedTuple):
    """One version of a region's lifecycle."""

    region_id: str
    version: int
    document: dict[str, Any]


class LifecycleInForceRow(NamedTuple):
    """A version that was put in force."""

    region_id: str
    activation: int
    """The version of the stream it made: of two from one day the later holds."""
    version: int
    """The version that was drafted."""
    effective_on: str
    """The first day it holds, ISO 8601."""
    document: dict[str, Any]
    known_from: datetime


LIFECYCLE_DRAFT: Final = Table(
    "account_lifecycle_draft", LifecycleDraftRow, guard=ForEverybody(), key=("region_id", "version")
)
LIFECYCLE_IN_FORCE: Final = Table(
    "account_lifecycle_in_force",
    LifecycleInForceRow,
    guard=ForEverybody(),
    key=("region_id", "activation"),
)


def keys(recorded: Recorded[AccountLifecycleEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    match recorded.event:
        case AccountLifecycleDrafted():
            return ()
        case AccountLifecycleActivated(region_id=region_id, version=version):
            return ((LIFECYCLE_DRAFT, (region_id, version)),)
        case unknown:
            assert_never(unknown)


def evolve(rows: Rows, recorded: Recorded[AccountLifecycleEvent]) -> Rows:
    """The draft, or the version that is in force from a day on."""
    event, envelope = recorded.event, recorded.envelope
    match event:
        case AccountLifecycleDrafted(region_id=region_id, version=version):
            document = event.document.model_dump(mode="json")
            draft = LifecycleDraftRow(region_id, version, document)
            return {(LIFECYCLE_DRAFT, draft[:2]): draft}
        case AccountLifecycleActivated(region_id=region_id, version=version):
            (drafted,) = rows.values()
            row = LifecycleInForceRow(
                region_id,
                envelope.version,
                version,
                event.effective_on.isoformat(),
                drafted.document,
                envelope.recorded_at,
            )
            return {(LIFECYCLE_IN_FORCE, row[:2]): row}
        case unknown:
            assert_never(unknown)


ACCOUNT_LIFECYCLES: Final = Projection(
    name="account_lifecycles",
    version=1,
    tables=(LIFECYCLE_DRAFT, LIFECYCLE_IN_FORCE),
    subscribes=frozenset(get_args(AccountLifecycleEvent)),
    keys=keys,
    evolve=evolve,
)
