"""Which opportunities a question is about, each with its place in the company."""

from dataclasses import dataclass
from typing import Any, Final

from psycopg.sql import SQL, Composable, Composed, Identifier, Placeholder

from projections.funnel import State
from readmodels.conditions import IN_REGION, Conditions
from readmodels.moment import REGION_TREE, VALID, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Conditions):
    """Opportunities that meet every condition given; without one, all of them."""

    region: str | None = None
    """In this region or one below it, as the regions lay then."""
    manager: str | None = None
    """The employee whom the owner reported to then."""
    agent: str | None = None
    """The employee who owns it."""
    product: str | None = None
    account: str | None = None
    sector: str | None = None
    """The sector of its account."""
    stage: str | None = None
    """The stage it was at, or had when it was closed."""
    month: str | None = None
    """``YYYY-MM``: the month in which it was closed, or opened while it is open."""
    quarter: str | None = None
    """``YYYY-Qn``, likewise."""
    state: State | None = None


EVERYTHING: Final = Selection()

_OPPORTUNITIES: Final = SQL(
    """
    employee_then AS (SELECT employee_id, manager_id FROM employee WHERE {valid}),
    account_then AS (SELECT account_id, sector FROM account WHERE {valid}),
    opportunity_then AS (SELECT * FROM opportunity WHERE {valid}),
    placed AS (
        SELECT opportunity_then.*, region_id AS region, manager_id AS manager, owner_id AS agent,
            product_id AS product, account_id AS account, sector,
            to_char(coalesce(closed_at, opened_at) AT TIME ZONE ledger.zone, 'YYYY-MM') AS month,
            to_char(coalesce(closed_at, opened_at) AT TIME ZONE ledger.zone, 'YYYY-"Q"Q')
                AS quarter,
            CASE state WHEN 'won' THEN (closed_at AT TIME ZONE ledger.zone)::date
                - (engaged_at AT TIME ZONE ledger.zone)::date END AS days
        FROM opportunity_then
        LEFT JOIN employee_then ON employee_id = owner_id
        LEFT JOIN account_then USING (account_id)
        CROSS JOIN ledger)"""
).format(valid=VALID)


def selected(selection: Selection) -> Composed:
    """The beginning of a query whose rows ``selected`` are the opportunities of ``selection``.

    Its columns are those of ``OpportunityRow`` and the dimensions of the funnel, and ``days``,
    from the day a won one was engaged to the day it was closed. The table ``within`` holds the
    regions. It takes :func:`parameters`.
    """
    conditions = [_condition(name) for name in selection.conditions]
    return SQL("WITH RECURSIVE {}, {}, selected AS (SELECT * FROM placed WHERE {})").format(
        REGION_TREE, _OPPORTUNITIES, SQL(" AND ").join([SQL("true"), *conditions])
    )


def parameters(selection: Selection, moment: Moment) -> dict[str, Any]:
    """What a query that begins with :func:`selected` is to be executed with."""
    return {**moment.parameters, **selection.conditions}


def _condition(name: str) -> Composable:
    if name == "region":
        return IN_REGION
    return SQL("{} = {}").format(Identifier(name), Placeholder(name))
