"""What an account has not bought: the next action for it under a policy, and the policies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.policies.suggestion import SuggestedAction
from events.policies.white_space import (
    WhiteSpacePolicy,
    WhiteSpacePolicyActivated,
    WhiteSpacePolicyDrafted,
    WhiteSpacePolicyEvent,
)
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table

# --- what to do about an empty cell -----------------------------------------------

Sale = Literal["first_sale", "cross_sell", "up_sell"]
"""What selling it would be. Up-sell: something of the same series was bought before."""

Source = Literal["recommendation", "peers", "otherwise"]
"""What in a policy a next action comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyCell:
    """A product that an account has not bought, and what speaks for it."""

    product_id: str
    account_class: str | None
    sector: str | None
    peers: int
    """How many other accounts of the same sector there are."""
    buyers: int
    """How many of them have bought it."""


@dataclass(frozen=True, slots=True)
class NextAction:
    """What to do, and what in the policy says so."""

    action: SuggestedAction
    source: Source
    recommendation_id: str | None


def next_action(cell: EmptyCell, policy: WhiteSpacePolicy) -> NextAction:
    """The first recommendation that fits, else what the peers suggest, else the rest."""
    for one in policy.recommendations:
        fits_class = one.account_class in {None, cell.account_class}
        if one.product_id == cell.product_id and fits_class and one.sector in {None, cell.sector}:
            return NextAction(one.action, "recommendation", one.recommendation_id)
    peers = policy.peers
    if (
        peers is not None
        and cell.peers >= peers.peers_from
        and share_bp(cell.buyers, cell.peers) >= peers.share_from_bp
    ):
        return NextAction(peers.action, "peers", None)
    return NextAction(policy.otherwise, "otherwise", None)


def share_bp(buyers: int, peers: int) -> int:
    """The share of buyers among peers in basis points, rounded down; 0 where there are none."""
    return buyers * 10_000 // peers if peers else 0


def sale_of(series: str | None, owned_series: Collection[str], owns: bool) -> Sale:
    """What selling a product of ``series`` would be to an account that ``owns`` anything."""
    if not owns:
        return "first_sale"
    return "up_sell" if series is not None and series in owned_series else "cross_sell"


# --- the policies: a row for each draft and each activation ------------------------


class WhiteSpaceDraftRow(NamedTuple):
    """One version of a region's white space policy."""

    region_id: str
    draft: int
    """The version of the policy, 1 for the first."""
    document: dict[str, Any]


class WhiteSpaceInForceRow(NamedTuple):
    """One version put in force from a day on."""

    region_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    effective_on: str
    """The first day it holds, as ``2026-01-31``."""
    document: dict[str, Any]
    known_from: datetime


WHITE_SPACE_DRAFT: Final = Table(
    "white_space_draft", WhiteSpaceDraftRow, guard=ForEverybody(), key=("region_id", "draft")
)
WHITE_SPACE_IN_FORCE: Final = Table(
    "white_space_in_force", WhiteSpaceInForceRow, guard=ForEverybody(), key=("region_id", "version")
)


def keys(recorded: Recorded[WhiteSpacePolicyEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    match recorded.event:
        case WhiteSpacePolicyActivated(region_id=region_id, version=version):
            return ((WHITE_SPACE_DRAFT, (region_id, version)),)
        case WhiteSpacePolicyDrafted():
            return ()
        case unknown:
            assert_never(unknown)


def evolve(rows: Rows, recorded: Recorded[WhiteSpacePolicyEvent]) -> Rows:
    """The draft, or the draft put in force."""
    event = recorded.event
    row: Any
    match event:
        case WhiteSpacePolicyDrafted():
            document = event.document.model_dump(mode="json")
            row = WhiteSpaceDraftRow(event.region_id, event.version, document)
            return {(WHITE_SPACE_DRAFT, row[:2]): row}
        case WhiteSpacePolicyActivated():
            (drafted,) = rows.values()
            row = WhiteSpaceInForceRow(
                event.region_id,
                recorded.envelope.version,
                event.version,
                event.effective_on.isoformat(),
                drafted.document,
                recorded.envelope.recorded_at,
            )
            return {(WHITE_SPACE_IN_FORCE, row[:2]): row}
        case unknown:
            assert_never(unknown)


WHITE_SPACE: Final = Projection(
    name="white_space",
    version=1,
    tables=(WHITE_SPACE_DRAFT, WHITE_SPACE_IN_FORCE),
    subscribes=frozenset(get_args(WhiteSpacePolicyEvent)),
    keys=keys,
    evolve=evolve,
)
