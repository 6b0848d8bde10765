"""Facts about opportunities: chances to sell, from their opening to their end.

Each carries the account it belongs to, so that a consumer of the log can keep an account's facts
together without asking back.
"""

from typing import ClassVar

from events.event import Event
from events.values import Id, Money, PersonId


class OpportunityOpened(Event):
    """There is a chance to sell a product."""

    NAME: ClassVar[str] = "opportunity.opened"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None
    product_id: Id
    owner_id: PersonId
    region_id: Id
    stage: Id
    engaged: bool
    """Whether the sales process counts this stage as engaged with the customer."""
    amount: Money | None
    """What the sale is expected to bring, where anybody dares to say."""


class OpportunityAdvanced(Event):
    """An opportunity has reached a later stage of the sales process."""

    NAME: ClassVar[str] = "opportunity.advanced"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None
    from_stage: Id
    to_stage: Id
    engaged: bool


class OpportunityAmountChanged(Event):
    """The sale is expected to bring another amount."""

    NAME: ClassVar[str] = "opportunity.amount_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None
    amount: Money


class OpportunityReassigned(Event):
    """Another employee pursues the opportunity, for the region decided at the time."""

    NAME: ClassVar[str] = "opportunity.reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None
    owner_id: PersonId
    region_id: Id


class OpportunityWon(Event):
    """The customer has bought, for this amount."""

    NAME: ClassVar[str] = "opportunity.won"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None
    amount: Money


class OpportunityLost(Event):
    """The customer has not bought."""

    NAME: ClassVar[str] = "opportunity.lost"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None
    reason: Id
    """One of the loss reasons of the sales process."""


class OpportunityReopened(Event):
    """A closed opportunity is pursued again, at the stage it had when it was closed."""

    NAME: ClassVar[str] = "opportunity.reopened"
    PARTITION: ClassVar[str | None] = "account_id"

    opportunity_id: Id
    account_id: Id | None


OpportunityEvent = (
    OpportunityOpened
    | OpportunityAdvanced
    | OpportunityAmountChanged
    | OpportunityReassigned
    | OpportunityWon
    | OpportunityLost
    | OpportunityReopened
)
