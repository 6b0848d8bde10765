"""How it ended with customers: what was lost, and when."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.accounts.account_outcome import OutcomeKind
from projections.account_outcomes import AccountOutcomeRow
from readmodels.conditions import IN_REGION, Conditions, all_of
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("account_outcomes",)
"""The read model outcomes rest on."""

LIST_READS: Final = (*READS, "accounts", "organization")
"""The read models a list of them rests on: it may be asked by region."""

OutcomeOf = OutcomeKind
"""How it may have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSelection(Conditions):
    """Outcomes that meet every condition given; without one, all of them."""

    account: str | None = None
    kind: str | None = None
    region: str | None = None
    """Of accounts that lay in this region or below it then."""


EVERY_OUTCOME: Final = OutcomeSelection()


class Outcome(NamedTuple):
    """How it ended with one customer."""

    account_id: str
    outcome: OutcomeKind
    occurred_on: date


_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "kind": SQL("outcome = %(kind)s"),
    "region": SQL(
        "account_id IN (SELECT account_id FROM account WHERE {valid} AND {in_region})"
    ).format(valid=VALID, in_region=IN_REGION),
}
_TOLD: Final = SQL(
    """known_from <= %(known_at)s AND (known_to IS NULL OR known_to > %(known_at)s)
    AND occurred_on::timestamp AT TIME ZONE (SELECT zone FROM ledger) < %(valid_before)s"""
)
KNOWN: Final = SQL("{} AND NOT withdrawn").format(_TOLD)
"""Picks the one row of each outcome that was known, where it had happened by then."""

_PAGE: Final = SQL(
    """
    WITH RECURSIVE {tree}
    SELECT * FROM account_outcome WHERE {known} AND outcome_id > %(after)s AND {conditions}
    ORDER BY outcome_id LIMIT %(limit)s"""
)
_ONE: Final = SQL("SELECT * FROM account_outcome WHERE outcome_id = %(id)s AND {}").format(_TOLD)
_ALL: Final = SQL(
    "SELECT account_id, outcome, occurred_on::date FROM account_outcome WHERE {}"
    " ORDER BY occurred_on, account_id, outcome_id"
).format(KNOWN)


def account_outcomes(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: OutcomeSelection = EVERY_OUTCOME,
    after: str = "",
    limit: int = 100,
) -> tuple[AccountOutcomeRow, ...]:
    """Up to ``limit`` outcomes by ``moment``, in order of their ids, from after ``after``.

    What was withdrawn by then is not among them. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    conditions = all_of(_CONDITIONS, given)
    query = _PAGE.format(tree=REGION_TREE, known=KNOWN, conditions=conditions)
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(AccountOutcomeRow)) as cursor:
        return tuple(cursor.execute(query, values))


def account_outcome(
    connection: Connection[Any], moment: Moment, outcome_id: str
) -> AccountOutcomeRow | None:
    """The outcome as known, also when withdrawn; ``None`` when it had not happened yet."""
    with connection.cursor(row_factory=args_row(AccountOutcomeRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": outcome_id}).fetchone()


def every_outcome(connection: Connection[Any], moment: Moment) -> tuple[Outcome, ...]:
    """All outcomes by ``moment`` that were not withdrawn by then, in order of their days.

    Asked for inside :func:`readmodels.reading.reading`.
    """
    with connection.cursor(row_factory=args_row(Outcome)) as cursor:
        return tuple(cursor.execute(_ALL, moment.parameters))
