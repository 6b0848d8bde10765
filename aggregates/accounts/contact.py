"""One person at a customer: known, judged, moved about, merged with a double, in the end forgotten.

A merged contact answers under the one it was merged into, the survivor: whoever asks for the one
finds the other, so what is recorded meanwhile is recorded on the survivor and stays there. Nothing
else happens to the merged one, so to un-merge is to have it back exactly as it was.
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.contact import (
    ContactAbsorbed,
    ContactAssessed,
    ContactDetailsChanged,
    ContactErased,
    ContactEvent,
    ContactLeft,
    ContactMerged,
    ContactMoved,
    ContactRegistered,
    ContactReleased,
    ContactReportsToChanged,
    ContactRoleChanged,
    ContactUnmerged,
    DecisionRole,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unregistered:
    """There is no such contact."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A person at a customer; who they are is not needed to decide anything."""

    account_id: str
    role: DecisionRole | None = None
    influence: int | None = None
    sentiment: int | None = None
    reports_to: str | None = None
    left: bool = False
    """Whether they work there no more."""
    merged_into: str | None = None
    """Who answers for them."""
    absorbed: tuple[str, ...] = ()
    """For whom they answer, in the order in which they were merged."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody whose data cannot be read any more."""


Contact = Unregistered | Registered | Forgotten

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(contact: Contact, event: ContactEvent) -> Contact:
    """The contact after ``event``."""
    match event:
        case ContactRegistered(account_id=account_id):
            return Registered(account_id)
        case ContactErased():
            return Forgotten()
        case ContactMerged() | ContactUnmerged() | ContactAbsorbed() | ContactReleased():
            return _evolve_merging(_registered(contact), event)
        case _:
            return _evolve_registered(_registered(contact), event)


def _evolve_merging(
    contact: Registered,
    event: ContactMerged | ContactUnmerged | ContactAbsorbed | ContactReleased,
) -> Registered:
    match event:
        case ContactMerged(into_id=into_id):
            return replace(contact, merged_into=into_id)
        case ContactUnmerged():
            return replace(contact, merged_into=None)
        case ContactAbsorbed(absorbed_id=absorbed_id):
            return replace(contact, absorbed=(*contact.absorbed, absorbed_id))
        case ContactReleased(released_id=released_id):
            rest = tuple(one for one in contact.absorbed if one != released_id)
            return replace(contact, absorbed=rest)
        case unknown:
            assert_never(unknown)


def _evolve_registered(
    contact: Registered,
    event: ContactDetailsChanged
    | ContactRoleChanged
    | ContactAssessed
    | ContactReportsToChanged
    | ContactLeft
    | ContactMoved,
) -> Registered:
    match event:
        case ContactRoleChanged(role=role):
            return replace(contact, role=role)
        case ContactAssessed(influence=influence, sentiment=sentiment):
            return replace(contact, influence=influence, sentiment=sentiment)
        case ContactReportsToChanged(reports_to=reports_to):
            return replace(contact, reports_to=reports_to)
        case ContactLeft():
            return replace(contact, left=True)
        case ContactMoved(account_id=account_id):
            return Registered(account_id, sentiment=contact.sentiment, absorbed=contact.absorbed)
        case ContactDetailsChanged():
            return contact
        case unknown:
            assert_never(unknown)


def _registered(contact: Contact) -> Registered:
    assert isinstance(contact, Registered)
    return contact


CONTACT: Final[Decider[Contact, ContactEvent]] = Decider("contact", Unregistered(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def registered(contact: Contact, *, field: str) -> Registered:
    """The contact, who must be known and not erased; merged or left is nothing against it.

    Raises:
        NotFound: ``unknown-contact``; ``field`` named them.
        WrongState: ``contact-erased``.
    """
    match contact:
        case Registered():
            return contact
        case Unregistered():
            raise NotFound("unknown-contact", "there is no such contact", field=field)
        case Forgotten():
            raise WrongState("contact-erased", "the person was erased", field=field)
        case unknown:
            assert_never(unknown)


def present(contact: Contact, *, field: str) -> Registered:
    """The contact, who must work at the customer; a merged one never does.

    Raises:
        NotFound: ``unknown-contact``; ``field`` named them.
        WrongState: ``contact-erased``, ``contact-left``, ``contact-merged``.
    """
    found = registered(contact, field=field)
    if found.merged_into is not None:
        raise WrongState("contact-merged", "another contact answers for this one", field=field)
    if found.left:
        raise WrongState("contact-left", "the contact has left the customer", field=field)
    return found


def register(contact: Contact, *, fact: ContactRegistered) -> tuple[ContactEvent, ...]:
    """Register them as ``fact`` says; nothing when they are registered at this account.

    Whether name and address are the same cannot be told: they are sealed. They change by
    :func:`change_details`.

    Raises:
        WrongState: ``contact-already-registered`` at another account; ``contact-erased``.
    """
    if isinstance(contact, Unregistered):
        return (fact,)
    if registered(contact, field="contact_id").account_id == fact.account_id:
        return ()
    raise WrongState(
        "contact-already-registered", "the contact belongs to another account", field="contact_id"
    )


def change_details(contact: Contact, *, fact: ContactDetailsChanged) -> tuple[ContactEvent, ...]:
    """Change who they are and how they are reached, whatever was known before: it is sealed.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``, ``contact-left``, ``contact-merged``.
    """
    present(contact, field="contact_id")
    return (fact,)


def change_role(
    contact: Contact, *, contact_id: str, role: DecisionRole | None
) -> tuple[ContactEvent, ...]:
    """Give them ``role`` in the decision chain, or none; nothing if they have it.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``, ``contact-left``, ``contact-merged``.
    """
    found = present(contact, field="contact_id")
    if found.role == role:
        return ()
    return (ContactRoleChanged(contact_id=contact_id, account_id=found.account_id, role=role),)


def assess(
    contact: Contact, *, contact_id: str, influence: int | None, sentiment: int | None
) -> tuple[ContactEvent, ...]:
    """Judge influence and sentiment, each 1 to 5 or unknown; nothing if they were judged just so.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``, ``contact-left``, ``contact-merged``.
    """
    found = present(contact, field="contact_id")
    if (found.influence, found.sentiment) == (influence, sentiment):
        return ()
    return (
        ContactAssessed(
            contact_id=contact_id,
            account_id=found.account_id,
            influence=influence,
            sentiment=sentiment,
        ),
    )


def change_reports_to(
    contact: Contact,
    *,
    contact_id: str,
    reports_to: str | None,
    superior: Contact | None,
    above: tuple[str, ...],
) -> tuple[ContactEvent, ...]:
    """Have them report to ``reports_to``, who is ``superior`` and reports to ``above``.

    Nothing if they do. Each id is that of a survivor.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``, ``contact-left``, ``contact-merged``, of either of the two.
        Invalid: ``other-account``, when the two work for different customers; ``contact-cycle``,
            when the superior is the contact or reports to them.
    """
    found = present(contact, field="contact_id")
    if found.reports_to == reports_to:
        return ()
    if superior is not None:
        over = present(superior, field="reports_to")
        if over.account_id != found.account_id:
            raise Invalid(
                "other-account", "the two work for different customers", field="reports_to"
            )
    if contact_id in (reports_to, *above):
        raise Invalid("contact-cycle", "nobody reports to themselves", field="reports_to")
    return (
        ContactReportsToChanged(
            contact_id=contact_id, account_id=found.account_id, reports_to=reports_to
        ),
    )
