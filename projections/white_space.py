"""What an account has not bought: the next action for it under a policy."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from events.policies.suggestion import SuggestedAction
from events.policies.white_space import WhiteSpacePolicy

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
