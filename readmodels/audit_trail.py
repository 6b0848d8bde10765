"""Who did what, when, and what it changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.audit_trail import AuditRow
from readmodels.conditions import Conditions, all_of
from readmodels.moment import Moment
from readmodels.reading import LIMIT_MAX, bounded

READS: Final = ("audit_trail",)
"""The read models it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSelection(Conditions):
    """Facts that meet every condition given; without one, all of them. Bounds are inclusive."""

    actor: str | None = None
    """Who: ``employee-<id>``, ``api_key-<id>`` or ``system``."""
    name: str | None = None
    """What: the name of the fact, such as ``opportunity.won``."""
    record: str | None = None
    """On what: the stream, such as ``opportunity-1C1I7A6R``."""
    account: str | None = None
    """The account the fact belongs to."""
    field: str | None = None
    """Facts that changed this field of their record."""
    command_id: str | None = None
    correlation_id: str | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    position_from: int | None = None
    position_to: int | None = None


EVERY_FACT: Final = AuditSelection()

_CONDITIONS: Final = MappingProxyType(
    {
        "actor": SQL("actor = %(actor)s"),
        "name": SQL("name = %(name)s"),
        "record": SQL("record = %(record)s"),
        "account": SQL("account_id = %(account)s"),
        "field": SQL("changes ? %(field)s"),
        "command_id": SQL("command_id = %(command_id)s"),
        "correlation_id": SQL("correlation_id = %(correlation_id)s"),
        "occurred_from": SQL("occurred_at >= %(occurred_from)s"),
        "occurred_to": SQL("occurred_at <= %(occurred_to)s"),
        "recorded_from": SQL("recorded_at >= %(recorded_from)s"),
        "recorded_to": SQL("recorded_at <= %(recorded_to)s"),
        "position_from": SQL("position >= %(position_from)s"),
        "position_to": SQL("position <= %(position_to)s"),
    }
)
_PAGE: Final = SQL(
    "SELECT * FROM audit WHERE position > %(after)s"
    " AND recorded_at <= %(known_at)s AND occurred_at < %(valid_before)s AND {}"
    " ORDER BY position LIMIT %(limit)s"
)


def audit_trail(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: AuditSelection = EVERY_FACT,
    after: int = 0,
    limit: int = 100,
) -> tuple[AuditRow, ...]:
    """Up to ``limit`` facts in order of position, from after position ``after``; often empty.

    Those that had occurred and were recorded as of ``moment``. Asked for inside
    :func:`readmodels.reading.reading`. Personal values are sealed.
    """
    given = selection.conditions
    query = _PAGE.format(all_of(_CONDITIONS, given))
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(AuditRow)) as cursor:
        return tuple(cursor.execute(query, values))


def whole_audit_trail(
    connection: Connection[Any], moment: Moment, *, selection: AuditSelection = EVERY_FACT
) -> Iterator[AuditRow]:
    """Every fact of ``selection`` as of ``moment`` in order of position, a page at a time.

    Asked for inside :func:`readmodels.reading.reading`, so that it ends where it ended when it
    was begun.
    """
    after = 0
    while page := audit_trail(
        connection, moment, selection=selection, after=after, limit=LIMIT_MAX
    ):
        yield from page
        after = page[-1].position
