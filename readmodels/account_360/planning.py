"""What we plan with an account, do together with it, and what it gained by that."""

from typing import Final

from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.account_plans import AccountPlanRow
from readmodels import account_plans, value_claims
from readmodels.account_360.section import Asked, Part
from readmodels.moment import VALID
from readmodels.value_claims import ClaimSelection, ValueDelivered

PLANS_MAX: Final = 10
"""How many plans are told, the latest fiscal year first."""

TARGETS_MAX: Final = 20
"""How many targets of a plan are told."""

LATEST: Final = 20
"""How many projects and how many value claims are told."""

_PLANS: Final = SQL(
    "SELECT * FROM account_plan WHERE account_id = %(account)s AND {}"
    " ORDER BY fiscal_year DESC, plan_id LIMIT %(limit)s"
).format(VALID)


def plans(asked: Asked) -> Part:
    """Its plans of this and other years, with what their targets came to and what it gained."""
    (total,) = asked.parts(
        """
        SELECT count(*) AS count, count(*) FILTER (WHERE state = 'active') AS active
        FROM account_plan WHERE account_id = %(account)s AND {valid}"""
    )
    values = {**asked.moment.parameters, "account": asked.account.account_id, "limit": PLANS_MAX}
    with asked.connection.cursor(row_factory=args_row(AccountPlanRow)) as cursor:
        rows = cursor.execute(_PLANS, values).fetchall()
    gained = value_claims.value_delivered(
        asked.connection,
        asked.moment,
        per="plan",
        selection=ClaimSelection(account=asked.account.account_id),
    )
    return {**total, "latest": [_plan(row, gained) for row in rows]}


def _plan(row: AccountPlanRow, gained: tuple[ValueDelivered, ...]) -> Part:
    content = account_plans.content_of(row.content)
    attained = account_plans.attainments(content, row.attained)
    return {
        "plan_id": row.plan_id,
        "version": row.version,
        "fiscal_year": row.fiscal_year,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "state": row.state,
        "aim": content.aim,
        "owner_id": row.owner_id,
        "budget": content.budget.model_dump(),
        "planned_minor": account_plans.planned_minor(content),
        "objectives": len(content.objectives),
        "unlinked": len(account_plans.unlinked(content)),
        "actions": len(content.actions),
        "targets": len(attained),
        "recorded": sum(one.attained is not None for one in attained),
        "reached": sum(one.reached is True for one in attained),
        "attainment": [
            {
                "side": one.target.side,
                "metric": one.target.metric,
                "period": one.target.period,
                "unit": one.target.unit,
                "value": one.target.value,
                "attained": one.attained,
                "attained_bp": one.attained_bp,
                "reached": one.reached,
            }
            for one in attained[:TARGETS_MAX]
        ],
        "value_delivered": [_gained(one) for one in gained if one.plan_id == row.plan_id],
    }


def _gained(one: ValueDelivered) -> Part:
    told = one._asdict()
    del told["account_id"], told["plan_id"]
    return told


def projects(asked: Asked) -> Part:
    """Its joint projects, those that go on first, with their milestones counted."""
    (total,) = asked.parts(
        """
        SELECT count(*) AS count, count(*) FILTER (WHERE closed_at IS NULL) AS running
        FROM joint_project WHERE account_id = %(account)s AND {valid}"""
    )
    latest = asked.parts(
        """
        SELECT project_id, version, name, plan_id, state, reason, closed_at,
            open, met, missed, next_due_on,
            (SELECT count(*) FROM jsonb_object_keys(members)) AS members
        FROM joint_project CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE one.value ->> 'state' = 'open') AS open,
                count(*) FILTER (WHERE one.value ->> 'state' = 'met') AS met,
                count(*) FILTER (WHERE one.value ->> 'state' = 'missed') AS missed,
                min(one.value ->> 'due_on') FILTER (WHERE one.value ->> 'state' = 'open')
                    AS next_due_on
            FROM jsonb_each(milestones) AS one) AS counted
        WHERE account_id = %(account)s AND {valid}
        ORDER BY closed_at DESC NULLS FIRST, project_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    return {**total, "latest": latest}


def value(asked: Asked) -> Part:
    """What it gained by all we did, claimed and confirmed apart, and the claims made last."""
    (total,) = asked.parts(
        """
        SELECT count(*) AS count FROM value_claim
        WHERE account_id = %(account)s AND {valid} AND state <> 'withdrawn'"""
    )
    latest = asked.parts(
        """
        SELECT claim_id, version, plan_id, project_id, state, metric, unit, gained, measured_on,
            contact_id, confirmed_on
        FROM value_claim WHERE account_id = %(account)s AND {valid} AND state <> 'withdrawn'
        ORDER BY measured_on DESC, claim_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    delivered = value_claims.value_delivered(
        asked.connection,
        asked.moment,
        per="account",
        selection=ClaimSelection(account=asked.account.account_id),
    )
    return {**total, "delivered": [_gained(one) for one in delivered], "latest": latest}
