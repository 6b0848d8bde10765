"""Contacts who go: leave the customer, work for another one, or are to be forgotten."""

from dataclasses import replace

from aggregates.accounts.contact import Contact, Forgotten, present, registered
from events.accounts.contact import ContactErased, ContactEvent, ContactLeft, ContactMoved


def leave(contact: Contact, *, contact_id: str) -> tuple[ContactEvent, ...]:
    """Record that they have left the customer; nothing if they have.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``, ``contact-merged``.
    """
    if registered(contact, field="contact_id").left:
        return ()
    found = present(contact, field="contact_id")
    return (ContactLeft(contact_id=contact_id, account_id=found.account_id),)


def move(contact: Contact, *, contact_id: str, account_id: str) -> tuple[ContactEvent, ...]:
    """Have them work for ``account_id``, also after they had left; nothing if they do.

    What they think of us goes with them. Role, influence and superior were those of the old
    company, and so end.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``, ``contact-merged``.
    """
    found = registered(contact, field="contact_id")
    if found.account_id == account_id and not found.left:
        return ()
    present(replace(found, left=False), field="contact_id")
    return (
        ContactMoved(
            contact_id=contact_id, account_id=account_id, from_account_id=found.account_id
        ),
    )


def erase(contact: Contact, *, contact_id: str) -> tuple[ContactEvent, ...]:
    """Have their personal data made unreadable; nothing if it is.

    They need not have left: a customer's person may ask for it at any time.

    Raises:
        NotFound: ``unknown-contact``.
    """
    if isinstance(contact, Forgotten):
        return ()
    found = registered(contact, field="contact_id")
    return (ContactErased(contact_id=contact_id, account_id=found.account_id),)
