"""What customers gained: claim by claim, and added up per account and plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.value_claims import State, ValueClaimRow
from readmodels.conditions import Conditions, all_of
from readmodels.moment import VALID, Moment
from readmodels.reading import LIMIT_MAX, bounded

READS: Final = ("value_claims",)
"""The read model it rests on."""

ClaimState = State
"""Where a claim stands."""

Per = Literal["account", "plan"]
"""What value is added up by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSelection(Conditions):
    """Claims that meet every condition given; without one, all of them."""

    account: str | None = None
    plan: str | None = None
    project: str | None = None
    state: str | None = None


EVERY_CLAIM: Final = ClaimSelection()


class ValueDelivered(NamedTuple):
    """What one account gained in one metric, by a plan where that is asked for."""

    account_id: str
    plan_id: str | None
    metric: str
    unit: str
    claims: int
    """How many are claimed and not confirmed."""
    claimed: str
    """What they add up to, as an exact decimal number; nothing confirmed is in it."""
    confirmations: int
    confirmed: str


_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "plan": SQL("plan_id = %(plan)s"),
    "project": SQL("project_id = %(project)s"),
    "state": SQL("state = %(state)s"),
}
_PAGE: Final = SQL(
    "SELECT * FROM value_claim WHERE {valid} AND claim_id > %(after)s"
    " AND {conditions} ORDER BY claim_id LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM value_claim WHERE claim_id = %(id)s AND {}").format(VALID)
_PLAN: Final[Mapping[Per, SQL]] = {"account": SQL("NULL::text"), "plan": SQL("plan_id")}
_DELIVERED: Final = SQL(
    """
    SELECT account_id, {plan} AS plan, metric, unit,
        count(*) FILTER (WHERE state = 'claimed'),
        trim_scale(coalesce(sum(gained::numeric) FILTER (WHERE state = 'claimed'), 0))::text,
        count(*) FILTER (WHERE state = 'confirmed'),
        trim_scale(coalesce(sum(gained::numeric) FILTER (WHERE state = 'confirmed'), 0))::text
    FROM value_claim WHERE {valid} AND state <> 'withdrawn' AND {conditions}
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2 NULLS FIRST, 3, 4 OFFSET %(skip)s LIMIT %(limit)s"""
)


def value_claims(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: ClaimSelection = EVERY_CLAIM,
    after: str = "",
    limit: int = 100,
) -> tuple[ValueClaimRow, ...]:
    """Up to ``limit`` claims as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    query = _PAGE.format(valid=VALID, conditions=_all_of(selection))
    values = {
        **moment.parameters,
        **selection.conditions,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(ValueClaimRow)) as cursor:
        return tuple(cursor.execute(query, values))


def value_claim(connection: Connection[Any], moment: Moment, claim_id: str) -> ValueClaimRow | None:
    """The claim as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(ValueClaimRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": claim_id}).fetchone()


def value_delivered(
    connection: Connection[Any],
    moment: Moment,
    *,
    per: Per,
    selection: ClaimSelection = EVERY_CLAIM,
    skip: int = 0,
    limit: int = LIMIT_MAX,
) -> tuple[ValueDelivered, ...]:
    """What was gained as of ``moment``, a row for each account or plan, metric and unit.

    Withdrawn claims do not count. In order of account, plan, metric and unit; often empty.
    """
    query = _DELIVERED.format(plan=_PLAN[per], valid=VALID, conditions=_all_of(selection))
    values = {**moment.parameters, **selection.conditions, "skip": skip, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(ValueDelivered)) as cursor:
        return tuple(cursor.execute(query, values))


def _all_of(selection: ClaimSelection) -> Any:
    return all_of(_CONDITIONS, selection.conditions)
