"""Whom we know at a customer, one by one."""

from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.people import ContactRow
from readmodels.conditions import Conditions, all_of
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("people",)
"""The read models it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSelection(Conditions):
    """Contacts that meet every condition given; without one, all but those who were merged."""

    account: str | None = None
    role: str | None = None
    active: bool | None = None
    """Whether they work at the customer."""


EVERY_CONTACT: Final = ContactSelection()

_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "role": SQL("role = %(role)s"),
    "active": SQL("active = %(active)s"),
}
_PAGE: Final = SQL(
    "SELECT * FROM contact WHERE {valid} AND merged_into IS NULL AND contact_id > %(after)s"
    " AND {conditions} ORDER BY contact_id LIMIT %(limit)s"
)
_ANSWERING: Final = SQL(
    """
    WITH RECURSIVE asked (id) AS (
        SELECT contact_id FROM contact WHERE contact_id = %(id)s AND {valid}
        UNION SELECT merged_into FROM contact JOIN asked ON contact_id = id
        WHERE merged_into IS NOT NULL AND {valid})
    SELECT contact.* FROM contact JOIN asked ON contact_id = id
    WHERE merged_into IS NULL AND {valid}"""
).format(valid=VALID)


def contacts(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: ContactSelection = EVERY_CONTACT,
    after: str = "",
    limit: int = 100,
) -> tuple[ContactRow, ...]:
    """Up to ``limit`` contacts as of ``moment``, in order of their ids, from after ``after``.

    Who was merged then is not among them: another one answers. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        valid=VALID,
        conditions=all_of(_CONDITIONS, given),
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(ContactRow)) as cursor:
        return tuple(cursor.execute(query, values))


def contact(connection: Connection[Any], moment: Moment, contact_id: str) -> ContactRow | None:
    """Who answered for ``contact_id`` as of ``moment``: the contact, or the one it was merged into.

    ``None`` when there was none.
    """
    with connection.cursor(row_factory=args_row(ContactRow)) as cursor:
        return cursor.execute(_ANSWERING, {**moment.parameters, "id": contact_id}).fetchone()
