"""What the doors about people at customers answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.answers import Answer, Body, Page, PersonName
from api.field_classes import PERSONAL


class ContactItem(Body):
    """One contact as they were. What is personal is opened, or marked as erased."""

    contact_id: str
    version: int
    account_id: str
    name: Annotated[PersonName, PERSONAL]
    email: Annotated[PersonName, PERSONAL]
    phone: Annotated[PersonName, PERSONAL]
    title: Annotated[PersonName, PERSONAL]
    department: str | None
    role: str | None = Field(description="In the customer's decision chain.")
    influence: Annotated[int | None, PERSONAL] = Field(
        description="1 hardly counts to 5 decides alone."
    )
    sentiment: Annotated[int | None, PERSONAL] = Field(
        description="1 against us to 5 speaks for us."
    )
    reports_to: str | None
    active: bool = Field(description="Whether they work at the customer.")
    erased: bool
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class ContactsPage(Page):
    """Contacts in order of their ids."""

    items: list[ContactItem]


class ContactAnswer(Answer):
    """One contact; for a merged one, the contact that answers for it."""

    item: ContactItem


class AcquaintanceItem(Body):
    """One of our people who knows the contact."""

    employee_id: str
    name: PersonName
    employed: bool = Field(description="Whether they worked here then.")
    contact_id: str = Field(description="The contact it was recorded for, merged since or not.")
    strength: Annotated[int, PERSONAL] = Field(description="1 have met to 5 trust each other.")
    since: datetime = Field(description="From when it was of this strength.")


class PlacedContact(Body):
    """One contact at their place in the tree."""

    contact_id: str
    version: int
    level: int = Field(description="0 at the top, 1 for who reports to one of these, and so on.")
    reports_to: str | None = Field(description="Who is right above them on the map.")
    answers_for: list[str] = Field(description="The contacts that were merged into this one.")
    name: Annotated[PersonName, PERSONAL]
    title: Annotated[PersonName, PERSONAL]
    department: str | None
    role: str | None
    influence: Annotated[int | None, PERSONAL]
    sentiment: Annotated[int | None, PERSONAL]
    relationships: list[AcquaintanceItem] = Field(description="The strongest first.")


class CoveragePolicyInForce(Body):
    """A policy that coverage was judged under."""

    region_id: str
    version: int
    effective_on: date


class CoverageItem(Body):
    """Whether we know whom we must."""

    complete: bool
    minimum: dict[str, int] = Field(description="How many contacts of each role it takes.")
    missing: dict[str, int] = Field(description="How many more of each role it takes.")
    policies: list[CoveragePolicyInForce] = Field(
        description="Of the region and those above it; of each role the largest minimum counts."
    )


class RelationshipMapAnswer(Answer):
    """The people of one customer as a tree, and how well we cover them."""

    account_id: str
    people: list[PlacedContact] = Field(
        description="In the order in which the tree is read from the top."
    )
    coverage: CoverageItem | None = Field(description="Null where no policy is in force.")
