"""Facts about accounts: the companies we sell to."""

from typing import ClassVar

from pydantic import Field

from events.event import Event
from events.values import Id, Money, Name, PersonId


class AccountRegistered(Event):
    """A company is known as an account from now on."""

    NAME: ClassVar[str] = "account.registered"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    name: Name
    sector: Name | None
    country: Name | None
    founded_year: int | None = Field(ge=1, le=9999)
    employees: int | None = Field(ge=0, lt=2**53)
    revenue: Money | None
    """Of one year, as last told."""
    parent_id: Id | None
    """The account of the parent company."""
    owner_id: PersonId | None
    """The account manager."""
    region_id: Id | None


class AccountPlaced(Event):
    """An account belongs to another parent company, or to none."""

    NAME: ClassVar[str] = "account.placed"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    parent_id: Id | None


class AccountOwnerChanged(Event):
    """Another employee is the account manager; the region is the one decided at the time."""

    NAME: ClassVar[str] = "account.owner_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    owner_id: PersonId
    region_id: Id


class AccountDetailsChanged(Event):
    """A company is called or described otherwise; what is not given is not known."""

    NAME: ClassVar[str] = "account.details_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    name: Name
    sector: Name | None
    country: Name | None
    founded_year: int | None = Field(ge=1, le=9999)
    employees: int | None = Field(ge=0, lt=2**53)
    revenue: Money | None


AccountEvent = AccountRegistered | AccountPlaced | AccountOwnerChanged | AccountDetailsChanged
