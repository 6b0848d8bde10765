"""What can be asked of contacts.

Every command that names a merged contact is carried out on the one who answers for them.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from aggregates.accounts import account, contact, leaving, merging
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.contact import CONTACT, Contact, Registered
from commands.ancestry import ancestors
from commands.command import Command
from commands.look import Decided, ExternalKey, Look
from commands.ports import Write
from events.accounts.contact import (
    ContactDetailsChanged,
    ContactEvent,
    ContactRegistered,
    DecisionRole,
    Influence,
    Sentiment,
)
from events.values import Id, Name, PersonId

PersonText = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
"""A name, a title or an address of a person; sealed from the first."""


class RegisterContact(Command):
    """Register a person at a customer, named by an id of ours or by the key of another system."""

    contact_id: PersonId | None = None
    external_key: ExternalKey | None = None
    account_id: Id
    name: PersonText
    email: PersonText | None = None
    phone: PersonText | None = None
    title: PersonText | None = None
    department: Name | None = None

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if (self.contact_id is None) == (self.external_key is None):
            raise ValueError("give either contact_id or external_key")
        return self


class ChangeContactDetails(Command):
    """Change who a contact is and how they are reached; what is not given is not known."""

    contact_id: PersonId
    name: PersonText
    email: PersonText | None = None
    phone: PersonText | None = None
    title: PersonText | None = None
    department: Name | None = None


class ChangeContactRole(Command):
    """Give a contact a role in the customer's decision chain, or none."""

    contact_id: PersonId
    role: DecisionRole | None


class AssessContact(Command):
    """Judge how much a contact's word counts and what they think of us, each 1 to 5 or unknown."""

    contact_id: PersonId
    influence: Influence | None
    sentiment: Sentiment | None


class ChangeContactReportsTo(Command):
    """Have a contact report to another one of the same customer, or to nobody."""

    contact_id: PersonId
    reports_to: PersonId | None


class RecordContactLeft(Command):
    """Record that a contact has left the customer."""

    contact_id: PersonId


class MoveContact(Command):
    """Have a contact work for another customer; role, influence and superior end with that."""

    contact_id: PersonId
    account_id: Id


class MergeContact(Command):
    """Have another contact, who is the same person, answer for this one from now on."""

    contact_id: PersonId
    into_id: PersonId


class UnmergeContact(Command):
    """Have a merged contact back as they were; what happened since stays where it was recorded."""

    contact_id: PersonId


class EraseContact(Command):
    """Make a person's data unreadable, everywhere and for good, with all contacts merged there."""

    contact_id: PersonId


def register_contact(command: RegisterContact, look: Look) -> Decided:
    """Register them; the account must exist."""
    contact_id = command.contact_id
    if contact_id is None:
        assert command.external_key is not None
        contact_id = look.person(command.external_key)
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    given = command.model_dump(exclude={"external_key"}) | {"contact_id": contact_id}
    fact = ContactRegistered.model_validate(given)
    return look.begin(CONTACT, contact_id, contact.register, fact=fact)


def change_contact_details(command: ChangeContactDetails, look: Look) -> Decided:
    """Change them."""
    contact_id = survivor(look, command.contact_id)
    found = contact.present(look(CONTACT, contact_id), field="contact_id")
    given = {**dict(command), "contact_id": contact_id, "account_id": found.account_id}
    fact = ContactDetailsChanged.model_validate(given)
    return look.decide(CONTACT, contact_id, contact.change_details, fact=fact)


def change_contact_role(command: ChangeContactRole, look: Look) -> Decided:
    """Change it."""
    return _decided(look, command.contact_id, contact.change_role, role=command.role)


def assess_contact(command: AssessContact, look: Look) -> Decided:
    """Record the judgement."""
    return _decided(
        look,
        command.contact_id,
        contact.assess,
        influence=command.influence,
        sentiment=command.sentiment,
    )


def change_contact_reports_to(command: ChangeContactReportsTo, look: Look) -> Decided:
    """Change it; the superior must work for the same customer and not report to the contact."""
    superior = None if command.reports_to is None else survivor(look, command.reports_to)
    return _decided(
        look,
        command.contact_id,
        contact.change_reports_to,
        reports_to=superior,
        superior=None if superior is None else look(CONTACT, superior),
        above=_superiors_from(look, superior),
    )


def record_contact_left(command: RecordContactLeft, look: Look) -> Decided:
    """Record it."""
    return _decided(look, command.contact_id, leaving.leave)


def move_contact(command: MoveContact, look: Look) -> Decided:
    """Move them; the account must exist."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    return _decided(look, command.contact_id, leaving.move, account_id=command.account_id)


def merge_contact(command: MergeContact, look: Look) -> Decided:
    """Merge them, on both streams."""
    into_id = survivor(look, command.into_id)
    contact.registered(look(CONTACT, into_id), field="into_id")
    merged = look.decide(
        CONTACT,
        command.contact_id,
        merging.merge,
        contact_id=command.contact_id,
        answered_by=survivor(look, command.contact_id),
        into_id=into_id,
        above=_superiors_from(look, _reports_to(look(CONTACT, into_id))),
    )
    absorbed = look.decide(
        CONTACT, into_id, merging.absorb, contact_id=into_id, absorbed_id=command.contact_id
    )
    return Decided(merged.stream, (*merged.writes, *absorbed.writes) if merged.writes else ())


def unmerge_contact(command: UnmergeContact, look: Look) -> Decided:
    """Un-merge them, on both streams."""
    contact_id, found = command.contact_id, look(CONTACT, command.contact_id)
    unmerged = look.decide(
        CONTACT,
        contact_id,
        merging.unmerge,
        contact_id=contact_id,
        above=_superiors_from(look, _reports_to(found), apart=contact_id),
    )
    from_id = found.merged_into if isinstance(found, Registered) else None
    if from_id is None:
        return unmerged
    released = look.decide(
        CONTACT, from_id, merging.release, contact_id=from_id, released_id=contact_id
    )
    return Decided(unmerged.stream, (*unmerged.writes, *released.writes))


def erase_contact(command: EraseContact, look: Look) -> Decided:
    """Erase whoever answers and all they answer for; their keys are destroyed when it is seen."""
    contact_id = survivor(look, command.contact_id)
    writes = tuple(_erasures(look, contact_id))
    return Decided(CONTACT.stream(contact_id), writes)


def survivor(look: Look, contact_id: str) -> str:
    """Who answers for ``contact_id``: the one they were merged into, and so on; else themselves."""
    return _answering(look, contact_id, apart=None)


def _answering(look: Look, contact_id: str, *, apart: str | None) -> str:
    # This ends: a merge goes to a survivor, and is recorded on both streams.
    found = look(CONTACT, contact_id)
    while isinstance(found, Registered) and found.merged_into and contact_id != apart:
        contact_id = found.merged_into
        found = look(CONTACT, contact_id)
    return contact_id


def _decided(
    look: Look, contact_id: str, verb: Callable[..., tuple[ContactEvent, ...]], **arguments: Any
) -> Decided:
    found = survivor(look, contact_id)
    return look.decide(CONTACT, found, verb, contact_id=found, **arguments)


def _reports_to(found: Contact) -> str | None:
    return found.reports_to if isinstance(found, Registered) else None


def _superiors_from(
    look: Look, contact_id: str | None, *, apart: str | None = None
) -> tuple[str, ...]:
    """``contact_id`` and those above, nearest first, each the one who answers; ``apart`` alone."""

    def answering(superior: str | None) -> str | None:
        return None if superior is None else _answering(look, superior, apart=apart)

    return ancestors(
        look, CONTACT, answering(contact_id), lambda found: answering(_reports_to(found))
    )


def _erasures(look: Look, contact_id: str) -> Iterator[Write]:
    found = look(CONTACT, contact_id)
    yield from look.decide(CONTACT, contact_id, leaving.erase, contact_id=contact_id).writes
    if isinstance(found, Registered):
        for absorbed in found.absorbed:
            yield from _erasures(look, absorbed)
