"""What we plan with accounts, how far it is linked to their goals, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.planning.plan_action import still_done_by
from events.planning.plan_content import Action, Objective, PlanContent, Target
from projections.account_plans import AccountPlanRow, State
from readmodels.conditions import IN_REGION, Conditions, all_of
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "account_plans")
"""The read models it rests on."""

PlanState = State
"""Where a plan stands."""

_BASIS_POINTS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSelection(Conditions):
    """Plans that meet every condition given; without one, all of them."""

    account: str | None = None
    year: int | None = None
    """The fiscal year."""
    state: str | None = None
    owner: str | None = None
    """The employee who answers for it."""
    region: str | None = None
    """In this region or one below it, as the regions lay then."""


EVERY_PLAN: Final = PlanSelection()


class PlanLine(NamedTuple):
    """One plan in a list: what it is for, what it may cost, and what is missing."""

    plan_id: str
    version: int
    account_id: str
    fiscal_year: int
    region_id: str
    owner_id: str
    state: str
    aim: str
    budget_minor: int
    planned_minor: int
    """What its actions are to cost together, in minor units of ``currency``."""
    currency: str
    objectives: int
    unlinked: int
    """How many of its objectives serve no goal of the customer."""
    actions: int
    amendment: int
    amendment_state: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


@dataclass(frozen=True, slots=True)
class Attainment:
    """A target and what came of it."""

    target: Target
    attained: str | None
    """``None`` while nothing is recorded."""
    attained_bp: int | None
    """Attained of the target, in basis points, half up; ``None`` for a target of nothing."""
    reached: bool | None
    """Whether it is at least, or where less is better at most, the target."""


@dataclass(frozen=True, slots=True)
class Doing:
    """An action, who does it, and whether it is done."""

    action: Action
    done_by: str
    """Its owner, unless it was reassigned."""
    done_at: str | None
    """When it was done, ISO 8601."""


_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "year": SQL("fiscal_year = %(year)s"),
    "state": SQL("state = %(state)s"),
    "owner": SQL("owner_id = %(owner)s"),
    "region": IN_REGION,
}
_PAGE: Final = SQL(
    "WITH RECURSIVE {tree} SELECT * FROM account_plan WHERE {valid} AND plan_id > %(after)s"
    " AND {conditions} ORDER BY plan_id LIMIT %(limit)s"
)
_ONE: Final = SQL("SELECT * FROM account_plan WHERE plan_id = %(id)s AND {}").format(VALID)


def account_plans(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: PlanSelection = EVERY_PLAN,
    after: str = "",
    limit: int = 100,
) -> tuple[PlanLine, ...]:
    """Up to ``limit`` plans as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        tree=REGION_TREE,
        valid=VALID,
        conditions=all_of(_CONDITIONS, given),
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(AccountPlanRow)) as cursor:
        return tuple(_line(row) for row in cursor.execute(query, values))


def account_plan(
    connection: Connection[Any], moment: Moment, plan_id: str
) -> AccountPlanRow | None:
    """The plan as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(AccountPlanRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": plan_id}).fetchone()


def content_of(stored: Mapping[str, Any]) -> PlanContent:
    """What a plan or an amendment says, as it is stored in a row."""
    return PlanContent.model_validate(stored, strict=False)


def planned_minor(content: PlanContent) -> int:
    """What all actions are to cost, in minor units of the budget's currency."""
    return sum(action.budget.minor for action in content.actions)


def unlinked(content: PlanContent) -> tuple[Objective, ...]:
    """The objectives that serve no goal of the customer; often empty."""
    return tuple(one for one in content.objectives if one.goal_id is None)


def doings(row: AccountPlanRow, stored: Mapping[str, Any]) -> tuple[Doing, ...]:
    """The actions of ``stored``, which ``row`` has in force or proposes, and who does each."""
    content = content_of(stored)
    doers = still_done_by(row.doers, content_of(row.content), content)
    return tuple(
        Doing(
            one,
            doers[one.action_id][1] if one.action_id in doers else one.owner_id,
            row.done.get(one.action_id),
        )
        for one in content.actions
    )


def attainments(content: PlanContent, attained: Mapping[str, str]) -> tuple[Attainment, ...]:
    """Every target with what was recorded for it, by side, metric and period."""
    return tuple(
        _attainment(target, attained.get("/".join(target.key))) for target in content.targets
    )


def _attainment(target: Target, attained: str | None) -> Attainment:
    if attained is None:
        return Attainment(target, None, None, None)
    wanted, found = Decimal(target.value), Decimal(attained)
    reached = found >= wanted if target.better == "higher" else found <= wanted
    if wanted == 0:
        return Attainment(target, attained, None, reached)
    share = (found * _BASIS_POINTS / wanted).to_integral_value(ROUND_HALF_UP)
    return Attainment(target, attained, int(share), reached)


def _line(row: AccountPlanRow) -> PlanLine:
    content = content_of(row.content)
    return PlanLine(
        row.plan_id,
        row.version,
        row.account_id,
        row.fiscal_year,
        row.region_id,
        row.owner_id,
        row.state,
        content.aim,
        content.budget.minor,
        planned_minor(content),
        content.budget.currency,
        len(content.objectives),
        len(unlinked(content)),
        len(content.actions),
        row.amendment,
        row.amendment_state,
        *row[-4:],
    )
