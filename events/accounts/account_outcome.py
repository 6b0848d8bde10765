"""Facts about outcomes: how it ended with a customer, for as much as warnings are measured by."""

from datetime import date
from typing import ClassVar, Literal

from events.event import Event
from events.values import Id, Reason

OutcomeKind = Literal["churned", "renewal_lost"]
"""The customer has left us, or has not renewed a contract."""


class AccountOutcomeRecorded(Event):
    """A customer was lost, or a renewal."""

    NAME: ClassVar[str] = "account_outcome.recorded"
    PARTITION: ClassVar[str | None] = "account_id"

    outcome_id: Id
    account_id: Id
    outcome: OutcomeKind
    occurred_on: date
    """The day it happened, which may be long before it was recorded."""
    contract_id: Id | None
    """The contract that was not renewed or was ended; ``None`` where none is named."""
    reason: Reason


class AccountOutcomeWithdrawn(Event):
    """An outcome that had been recorded never happened."""

    NAME: ClassVar[str] = "account_outcome.withdrawn"
    PARTITION: ClassVar[str | None] = "account_id"

    outcome_id: Id
    account_id: Id
    reason: Reason


AccountOutcomeEvent = AccountOutcomeRecorded | AccountOutcomeWithdrawn
"""One outcome: recorded once, perhaps withdrawn."""
