"""Facts about commitments: what one account's contracts come to together, whatever their number."""

from datetime import date
from typing import ClassVar

from events.event import Event
from events.values import Id, Money


class CommitmentEntered(Event):
    """A contract of the account was put up for approval on this day, for this amount."""

    NAME: ClassVar[str] = "commitment.entered"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    contract_id: Id
    amount: Money
    on: date


CommitmentEvent = CommitmentEntered
