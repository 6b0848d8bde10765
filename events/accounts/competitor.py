"""Facts about competitors: who attacks what we have or want at a customer, and who has gone."""

from typing import ClassVar

from events.event import Event
from events.values import Id, Name, Reason


class CompetitorEntered(Event):
    """A competitor is at work at a customer."""

    NAME: ClassVar[str] = "competitor.entered"
    PARTITION: ClassVar[str | None] = "account_id"

    entry_id: Id
    account_id: Id
    opportunity_id: Id | None
    """The opportunity they compete for; ``None`` where it is the customer as a whole."""
    competitor: Name
    """The company."""
    attacks: Reason
    """What of ours they are after."""
    evidence: Reason | None
    """How we know."""


class CompetitorLeft(Event):
    """A competitor is not at work there any more."""

    NAME: ClassVar[str] = "competitor.left"
    PARTITION: ClassVar[str | None] = "account_id"

    entry_id: Id
    account_id: Id
    reason: Reason


CompetitorEvent = CompetitorEntered | CompetitorLeft
"""One entry of one competitor at one customer, until they leave."""
