"""Facts about value claims: what we say a customer gained, and whether the customer says so too."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from events.event import Event
from events.planning.plan_content import Better, Measure, Statement
from events.values import Id, PersonId, Reason

Confirmation = Literal["meeting", "e_mail", "letter", "signed_document"]
"""How a customer has confirmed something."""


class ValueMeasured(BaseModel):
    """What was measured, against what, and where that can be seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    metric: Id
    unit: Id
    baseline: Measure
    """What it was before."""
    measured: Measure
    measured_on: date
    better: Better
    evidence: Statement


class ValueClaimClaimed(Event):
    """We say that the customer gained this."""

    NAME: ClassVar[str] = "value_claim.claimed"
    PARTITION: ClassVar[str | None] = "account_id"

    claim_id: Id
    account_id: Id
    plan_id: Id | None
    """The account plan it came of; that of the project, where only a project was named."""
    project_id: Id | None
    value: ValueMeasured


class ValueClaimCorrected(Event):
    """We say that it is otherwise than we said."""

    NAME: ClassVar[str] = "value_claim.corrected"
    PARTITION: ClassVar[str | None] = "account_id"

    claim_id: Id
    account_id: Id
    value: ValueMeasured
    reason: Reason


class ValueClaimConfirmed(Event):
    """The customer says so too; from now on it stands."""

    NAME: ClassVar[str] = "value_claim.confirmed"
    PARTITION: ClassVar[str | None] = "account_id"

    claim_id: Id
    account_id: Id
    contact_id: PersonId
    """Who confirmed it, for the customer."""
    confirmed_on: date
    how: Confirmation


class ValueClaimWithdrawn(Event):
    """We do not say so any more."""

    NAME: ClassVar[str] = "value_claim.withdrawn"
    PARTITION: ClassVar[str | None] = "account_id"

    claim_id: Id
    account_id: Id
    reason: Reason


ValueClaimEvent = (
    ValueClaimClaimed | ValueClaimCorrected | ValueClaimConfirmed | ValueClaimWithdrawn
)
