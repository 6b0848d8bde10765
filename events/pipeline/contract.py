"""Facts about contracts: what is promised for how much, and whether that was approved."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.values import Id, Money, PersonId


class ContractTerms(BaseModel):
    """What a contract says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    amount: Money
    discount_bps: int = Field(ge=0, le=10_000)
    """Off the list price, in basis points."""
    valid_from: date
    valid_until: date
    """Inclusive."""


class ContractDrafted(Event):
    """A contract is written down; nobody is bound by it."""

    NAME: ClassVar[str] = "contract.drafted"
    PARTITION: ClassVar[str | None] = "account_id"

    contract_id: Id
    account_id: Id
    region_id: Id
    terms: ContractTerms
    author_id: PersonId | None
    """Who wrote it; ``None`` where a program did."""


class ContractAmended(Event):
    """A contract says something else; what was approved of it is approved no longer."""

    NAME: ClassVar[str] = "contract.amended"
    PARTITION: ClassVar[str | None] = "account_id"

    contract_id: Id
    account_id: Id
    terms: ContractTerms
    author_id: PersonId | None


class ContractSubmitted(Event):
    """A contract is put up for approval."""

    NAME: ClassVar[str] = "contract.submitted"
    PARTITION: ClassVar[str | None] = "account_id"

    contract_id: Id
    account_id: Id
    approval_id: Id


class ContractApproved(Event):
    """A contract may be signed as it stands."""

    NAME: ClassVar[str] = "contract.approved"
    PARTITION: ClassVar[str | None] = "account_id"

    contract_id: Id
    account_id: Id
    approval_id: Id


class ContractRejected(Event):
    """A contract may not be signed as it stands."""

    NAME: ClassVar[str] = "contract.rejected"
    PARTITION: ClassVar[str | None] = "account_id"

    contract_id: Id
    account_id: Id
    approval_id: Id
    sent_back: bool
    """Whether it may be put up for approval again."""


class ContractReassigned(Event):
    """Another employee looks after a contract, in the place of whoever did."""

    NAME: ClassVar[str] = "contract.reassigned"
    PARTITION: ClassVar[str | None] = "account_id"

    contract_id: Id
    account_id: Id
    owner_id: PersonId


ContractEvent = (
    ContractDrafted
    | ContractAmended
    | ContractSubmitted
    | ContractApproved
    | ContractRejected
    | ContractReassigned
)
