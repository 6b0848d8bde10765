"""Two contacts that are one person: merged, and un-merged when they are not.

Each act is recorded on both streams, by a verb for each side.
"""

from aggregates.accounts.contact import Contact, registered
from aggregates.refusals import Invalid, WrongState
from events.accounts.contact import (
    ContactAbsorbed,
    ContactEvent,
    ContactMerged,
    ContactReleased,
    ContactUnmerged,
)


def merge(
    contact: Contact, *, contact_id: str, answered_by: str, into_id: str, above: tuple[str, ...]
) -> tuple[ContactEvent, ...]:
    """Have ``into_id``, who reports to ``above``, answer for them; nothing if it does.

    Now ``answered_by`` does, themselves where nobody else does. All of these are survivors.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``; ``contact-merged``, into another one.
        Invalid: ``merged-into-itself``; ``contact-cycle``, when the survivor reports to them: the
            two would be one person who reports to themselves.
    """
    found = registered(contact, field="contact_id")
    if found.merged_into is not None and answered_by == into_id:
        return ()
    if found.merged_into is not None:
        raise WrongState(
            "contact-merged", "another contact answers for this one", field="contact_id"
        )
    if contact_id == into_id:
        raise Invalid("merged-into-itself", "these two are one already", field="into_id")
    if contact_id in above:
        raise Invalid("contact-cycle", "nobody reports to themselves", field="into_id")
    return (ContactMerged(contact_id=contact_id, account_id=found.account_id, into_id=into_id),)


def absorb(contact: Contact, *, contact_id: str, absorbed_id: str) -> tuple[ContactEvent, ...]:
    """Have the survivor answer for ``absorbed_id``; nothing if it does.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``.
    """
    found = registered(contact, field="into_id")
    if absorbed_id in found.absorbed:
        return ()
    return (
        ContactAbsorbed(
            contact_id=contact_id, account_id=found.account_id, absorbed_id=absorbed_id
        ),
    )


def unmerge(
    contact: Contact, *, contact_id: str, above: tuple[str, ...]
) -> tuple[ContactEvent, ...]:
    """Have them answer for themselves again, as they were; nothing if they do.

    ``above`` are those they would then report to.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``.
        Invalid: ``contact-cycle``, when somebody above has come to report to them meanwhile.
    """
    found = registered(contact, field="contact_id")
    if found.merged_into is None:
        return ()
    if contact_id in above:
        raise Invalid("contact-cycle", "nobody reports to themselves", field="contact_id")
    return (
        ContactUnmerged(
            contact_id=contact_id, account_id=found.account_id, from_id=found.merged_into
        ),
    )


def release(contact: Contact, *, contact_id: str, released_id: str) -> tuple[ContactEvent, ...]:
    """Have the survivor answer for ``released_id`` no more; nothing if it does not.

    Raises:
        NotFound: ``unknown-contact``.
        WrongState: ``contact-erased``.
    """
    found = registered(contact, field="contact_id")
    if released_id not in found.absorbed:
        return ()
    return (
        ContactReleased(
            contact_id=contact_id, account_id=found.account_id, released_id=released_id
        ),
    )
