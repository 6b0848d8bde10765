"""Facts about links between companies: shares, joint ventures, investments, each with its days."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from events.event import Event
from events.values import Id

LinkKind = Literal["equity", "joint_venture", "third_party_investment"]
"""``equity``: ``account_id`` holds shares of ``other_id``. ``joint_venture``: both run something
together. ``third_party_investment``: ``account_id`` invests in ``other_id`` through others."""


class AccountLinked(Event):
    """Two accounts are linked from a day on."""

    NAME: ClassVar[str] = "account.linked"
    PARTITION: ClassVar[str | None] = "account_id"

    link_id: Id
    account_id: Id
    other_id: Id
    kind: LinkKind
    share_bp: int | None = Field(ge=1, le=10_000)
    """The share held, in basis points; always told for equity."""
    from_on: date
    """The first day."""
    until_on: date | None
    """The last day, if it is known."""


class AccountUnlinked(Event):
    """The last day of a link is known."""

    NAME: ClassVar[str] = "account.unlinked"
    PARTITION: ClassVar[str | None] = "account_id"

    link_id: Id
    account_id: Id
    other_id: Id
    until_on: date


AccountLinkEvent = AccountLinked | AccountUnlinked
