"""Facts about contacts: the people at a customer, and their part in what the customer decides.

Each carries the account the person belonged to at the time, so that a consumer of the log can keep
an account's facts together without asking back.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from events.event import Event
from events.personal import Personal
from events.values import Id, Name, PersonId

DecisionRole = Literal[
    "decision_maker",
    "executive_sponsor",
    "economic_buyer",
    "technical_buyer",
    "champion",
    "influencer",
    "gatekeeper",
    "user",
    "blocker",
]
"""What somebody is in the customer's decision chain."""

Influence = Annotated[int, Field(ge=1, le=5)]
"""How much somebody's word counts: 1 hardly at all, 5 decides alone."""

Sentiment = Annotated[int, Field(ge=1, le=5)]
"""What somebody thinks of us: 1 against us, 2 critical, 3 neutral, 4 for us, 5 speaks for us."""


class ContactRegistered(Event):
    """A person at a customer is known as a contact from now on."""

    NAME: ClassVar[str] = "contact.registered"
    PERSON: ClassVar[str | None] = "contact_id"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    name: Personal[str]
    email: Personal[str | None]
    phone: Personal[str | None]
    title: Personal[str | None]
    """What is on the business card; at a small company it names the person."""
    department: Name | None


class ContactDetailsChanged(Event):
    """A contact is called, reached or placed otherwise; what is not given is not known."""

    NAME: ClassVar[str] = "contact.details_changed"
    PERSON: ClassVar[str | None] = "contact_id"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    name: Personal[str]
    email: Personal[str | None]
    phone: Personal[str | None]
    title: Personal[str | None]
    department: Name | None


class ContactRoleChanged(Event):
    """A contact has this role in the decision chain, or none."""

    NAME: ClassVar[str] = "contact.role_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    role: DecisionRole | None


class ContactAssessed(Event):
    """Somebody of ours has judged how much a contact's word counts and what they think of us."""

    NAME: ClassVar[str] = "contact.assessed"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    influence: Influence | None
    sentiment: Sentiment | None


class ContactReportsToChanged(Event):
    """A contact reports to another contact of the same account, or to nobody we know."""

    NAME: ClassVar[str] = "contact.reports_to_changed"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    reports_to: PersonId | None


class ContactLeft(Event):
    """A contact has left the customer."""

    NAME: ClassVar[str] = "contact.left"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id


class ContactMoved(Event):
    """A contact works for another customer; role, influence and superior stay behind."""

    NAME: ClassVar[str] = "contact.moved"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    from_account_id: Id


class ContactMerged(Event):
    """A contact has turned out to be the same person as another, who answers from now on."""

    NAME: ClassVar[str] = "contact.merged"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    into_id: PersonId


class ContactAbsorbed(Event):
    """A contact answers for another one as well: the other side of ``contact.merged``.

    As both streams have a fact of it, two merges that contradict each other cannot both be
    recorded, and neither can lie before what happened to the other person.
    """

    NAME: ClassVar[str] = "contact.absorbed"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    absorbed_id: PersonId


class ContactUnmerged(Event):
    """A contact is a person of their own after all, and just as they were before the merge."""

    NAME: ClassVar[str] = "contact.unmerged"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    from_id: PersonId


class ContactReleased(Event):
    """A contact answers for another one no more: the other side of ``contact.unmerged``."""

    NAME: ClassVar[str] = "contact.released"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id
    released_id: PersonId


class ContactErased(Event):
    """A person's data is to be unreadable from now on: the person's key is destroyed."""

    NAME: ClassVar[str] = "contact.erased"
    PARTITION: ClassVar[str | None] = "account_id"

    contact_id: PersonId
    account_id: Id


ContactEvent = (
    ContactRegistered
    | ContactDetailsChanged
    | ContactRoleChanged
    | ContactAssessed
    | ContactReportsToChanged
    | ContactLeft
    | ContactMoved
    | ContactMerged
    | ContactAbsorbed
    | ContactUnmerged
    | ContactReleased
    | ContactErased
)
