"""What the door of white space answers."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.answers import Body, Page
from api.field_classes import COMMERCIAL
from events.values import Money


class NextActionPart(Body):
    """What to do about an empty cell."""

    kind: str
    text: str
    source: str = Field(description="In the policy: recommendation, peers or otherwise.")
    recommendation_id: str | None
    policy_region_id: str
    policy_version: int


class WhiteSpaceItem(Body):
    """One product at one account."""

    account_id: str
    account_name: str
    owner_id: str | None
    region_id: str | None
    account_class: str | None
    sector: str | None
    product_id: str
    product_name: str
    series: str | None
    state: str = Field(description="owned, open, lost or empty.")
    empty: bool
    amounts: Annotated[list[Money], COMMERCIAL] = Field(
        description="What was won, an entry a currency."
    )
    won_on: date | None = Field(description="The day it was last won.")
    lost_on: date | None
    in_pipeline: int = Field(description="How many opportunities for it are open.")
    sale: str | None = Field(
        description="first_sale, cross_sell or up_sell: what selling it would be; null: owned."
    )
    peers: int = Field(description="How many other accounts there are in the same sector.")
    buyers: int = Field(description="How many of them own it.")
    buyers_bp: int = Field(description="Their share in basis points, rounded down.")
    next_action: NextActionPart | None = Field(
        description="For an empty cell, where a policy is in force."
    )


class WhiteSpacePage(Page):
    """Cells by account, then by product."""

    items: list[WhiteSpaceItem]
