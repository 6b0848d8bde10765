"""Facts about white space policies: what to offer a customer that has not bought a product."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.accounts.account_class import Class
from events.event import Event
from events.policies.suggestion import SuggestedAction
from events.values import Id, Name


class Recommendation(BaseModel):
    """A product recommended to accounts of a class or a sector; to all where it names neither."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    recommendation_id: Id
    product_id: Id
    account_class: Class | None = None
    sector: Name | None = None
    action: SuggestedAction


class PeerRule(BaseModel):
    """What to do where enough other accounts of the same sector have bought the product."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    share_from_bp: int = Field(ge=1, le=10_000)
    """The least share of them, in basis points."""
    peers_from: int = Field(ge=1, le=1_000_000)
    """The least number of other accounts in the sector: of two, one is no trend."""
    action: SuggestedAction


class WhiteSpacePolicy(BaseModel):
    """The policy document: for an empty cell the first recommendation that fits, else the peers.

    Where neither says anything, what is to be done otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    recommendations: Annotated[tuple[Recommendation, ...], Field(max_length=500)] = ()
    peers: PeerRule | None = None
    otherwise: SuggestedAction


class WhiteSpacePolicyDrafted(Event):
    """A new version of a region's white space policy is written down; nothing follows it yet."""

    NAME: ClassVar[str] = "white_space_policy.drafted"

    region_id: Id
    version: int = Field(ge=1)
    document: WhiteSpacePolicy


class WhiteSpacePolicyActivated(Event):
    """A version is in force from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "white_space_policy.activated"

    region_id: Id
    version: int = Field(ge=1)
    effective_on: date


WhiteSpacePolicyEvent = WhiteSpacePolicyDrafted | WhiteSpacePolicyActivated
"""A region's white space policy: drafted in versions, each put in force from a day on."""
