"""What we did together with customers, and what is to follow from it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.interactions import InteractionRow
from readmodels.conditions import Conditions, all_of
from readmodels.moment import Moment
from readmodels.reading import bounded

READS: Final = ("interactions",)
"""The read models it rests on."""

KNOWN: Final = SQL(
    """known_from <= %(known_at)s AND (known_to IS NULL OR known_to > %(known_at)s)
    AND occurred_at < %(valid_before)s"""
)
"""Picks the one row of each interaction that was known, where it had taken place by then."""

_PLACE: Final = SQL(
    """(to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || ' '
    || interaction_id) COLLATE "C\""""
)
"""Where an interaction stands in the order of time; two at the same instant in that of their ids"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionSelection(Conditions):
    """Interactions that meet every condition given; without one, all of them."""

    account: str | None = None
    contact: str | None = None
    """One in which this contact took part."""
    employee: str | None = None
    """One in which this employee took part."""
    kind: str | None = None
    since: datetime | None = None
    """It took place then or later."""
    before: datetime | None = None
    """It took place earlier than then."""


EVERY_INTERACTION: Final = InteractionSelection()

_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "contact": SQL("%(contact)s = ANY(contact_ids)"),
    "employee": SQL("%(employee)s = ANY(employee_ids)"),
    "kind": SQL("kind = %(kind)s"),
    "since": SQL("occurred_at >= %(since)s"),
    "before": SQL("occurred_at < %(before)s"),
}
_PAGE: Final = SQL(
    "SELECT * FROM interaction WHERE {known} AND NOT withdrawn AND {conditions}"
    " AND (%(after)s = '' OR {place} < %(after)s) ORDER BY {place} DESC LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM interaction WHERE interaction_id = %(id)s AND {}").format(KNOWN)


def interactions(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: InteractionSelection = EVERY_INTERACTION,
    after: str = "",
    limit: int = 100,
) -> tuple[InteractionRow, ...]:
    """Up to ``limit`` interactions that had taken place by ``moment``, the latest first.

    ``after`` is the :func:`place` of the one before the page. What was withdrawn by then is not
    among them. Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        known=KNOWN,
        conditions=all_of(_CONDITIONS, given),
        place=_PLACE,
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(InteractionRow)) as cursor:
        return tuple(cursor.execute(query, values))


def place(row: InteractionRow, utc: datetime) -> str:
    """Where ``row`` stands in the order of time; ``utc`` is its ``occurred_at`` in UTC."""
    return f"{utc:%Y-%m-%dT%H:%M:%S.%f} {row.interaction_id}"


def interaction(
    connection: Connection[Any], moment: Moment, interaction_id: str
) -> InteractionRow | None:
    """The interaction as known, also when withdrawn; ``None`` when it had not taken place yet."""
    with connection.cursor(row_factory=args_row(InteractionRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": interaction_id}).fetchone()


class FollowUpRow(NamedTuple):
    """One follow-up as it was."""

    interaction_id: str
    follow_up_id: str
    account_id: str
    text: str
    owner_id: str
    """Who was to do it then."""
    due_on: str
    done_at: datetime | None
    """When it was done; ``None`` while it was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSelection:
    """Follow-ups that meet every condition given; without one, all of them."""

    owner: str | None = None
    account: str | None = None
    due_to: date | None = None
    """Due on this day or earlier."""
    open: bool | None = None
    """Whether they were still to be done."""


EVERY_FOLLOW_UP: Final = FollowUpSelection()

PROMISED: Final = SQL(
    """
    promised AS (
        SELECT interaction_id, one.key AS follow_up_id, account_id,
            one.value ->> 'text' AS text,
            owned.since_who ->> 1 AS owner_id,
            one.value ->> 'due_on' AS due_on,
            CASE WHEN (one.value ->> 'done_at')::timestamptz < %(valid_before)s
                THEN (one.value ->> 'done_at')::timestamptz END AS done_at,
            (owned.since_who ->> 0)::timestamptz AS owner_since
        FROM interaction CROSS JOIN LATERAL jsonb_each(follow_ups) AS one
        LEFT JOIN LATERAL (
            SELECT since_who
            FROM jsonb_array_elements(one.value -> 'owners') WITH ORDINALITY AS of (since_who, nth)
            WHERE (since_who ->> 0)::timestamptz < %(valid_before)s
            ORDER BY nth DESC LIMIT 1) AS owned ON true
        WHERE {known} AND NOT withdrawn)"""
).format(known=KNOWN)
"""A common table expression: every follow-up as of a moment, with its owner then."""

_FOLLOW_UPS: Final = SQL(
    """
    WITH {promised}
    SELECT interaction_id, follow_up_id, account_id, text, owner_id, due_on, done_at FROM promised
    WHERE (due_on || ' ' || interaction_id || ' ' || follow_up_id) COLLATE "C" > %(after)s
        AND (%(owner)s::text IS NULL OR owner_id = %(owner)s)
        AND (%(account)s::text IS NULL OR account_id = %(account)s)
        AND (%(due_to)s::text IS NULL OR due_on <= %(due_to)s)
        AND (%(open)s::boolean IS NULL OR (done_at IS NULL) = %(open)s)
    ORDER BY (due_on || ' ' || interaction_id || ' ' || follow_up_id) COLLATE "C"
    LIMIT %(limit)s"""
).format(promised=PROMISED)


def follow_ups(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: FollowUpSelection = EVERY_FOLLOW_UP,
    after: str = "",
    limit: int = 100,
) -> tuple[FollowUpRow, ...]:
    """Up to ``limit`` follow-ups as of ``moment``, those due first at the front.

    ``after`` is the :func:`follow_up_place` of the one before the page. Often empty; asked for
    inside :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "owner": selection.owner,
        "account": selection.account,
        "due_to": None if selection.due_to is None else selection.due_to.isoformat(),
        "open": selection.open,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(FollowUpRow)) as cursor:
        return tuple(cursor.execute(_FOLLOW_UPS, values))


def follow_ups_of(row: InteractionRow, moment: Moment) -> tuple[FollowUpRow, ...]:
    """The follow-ups of one interaction as of ``moment``, in order of their ids."""
    return tuple(_follow_up(row, one, moment) for one in sorted(row.follow_ups))


def _follow_up(row: InteractionRow, follow_up_id: str, moment: Moment) -> FollowUpRow:
    told = row.follow_ups[follow_up_id]
    owners = [who for since, who in told["owners"] if _by_then(since, moment)]
    done_at = told["done_at"]
    return FollowUpRow(
        row.interaction_id,
        follow_up_id,
        row.account_id,
        told["text"],
        owners[-1],
        told["due_on"],
        datetime.fromisoformat(done_at) if done_at and _by_then(done_at, moment) else None,
    )


def _by_then(instant: str, moment: Moment) -> bool:
    return datetime.fromisoformat(instant) < moment.valid_before


def follow_up_place(row: FollowUpRow) -> str:
    """Where ``row`` stands in the order of days due."""
    return f"{row.due_on} {row.interaction_id} {row.follow_up_id}"
