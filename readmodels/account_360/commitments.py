"""What is promised to an account, and what waits for whose approval."""

from typing import Final

from readmodels.account_360.section import Asked, Part

LATEST: Final = 20
"""How many contracts, open approvals and ended ones are told, each."""


def contracts(asked: Asked) -> Part:
    """Its contracts: how many and how much in each state, and the latest ones."""
    states = asked.parts(
        """
        WITH by_currency AS (
            SELECT state, currency, count(*) AS count, sum(amount_minor)::bigint AS minor
            FROM contract WHERE account_id = %(account)s AND {valid} GROUP BY state, currency)
        SELECT state, sum(count)::bigint AS count, jsonb_agg(
            jsonb_build_object('minor', minor, 'currency', currency) ORDER BY currency) AS amounts
        FROM by_currency GROUP BY state ORDER BY state"""
    )
    latest = asked.parts(
        """
        SELECT contract_id, version, state, amount_minor, currency, discount_bps, runs_from,
            runs_until, approval_id
        FROM contract WHERE account_id = %(account)s AND {valid}
        ORDER BY runs_from DESC, contract_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    return {"count": sum(one["count"] for one in states), "states": states, "latest": latest}


def approvals(asked: Asked) -> Part:
    """What was put up for approval: counted by state, what waits, and what ended last."""
    states = asked.parts(
        """
        SELECT state, count(*) AS count FROM approval
        WHERE account_id = %(account)s AND {valid} GROUP BY state ORDER BY state"""
    )
    waiting = asked.parts(
        """
        SELECT approval_id, version, subject_kind, subject_id, state, requester_id, requested_at,
            ended_at, step, due_on, due_on < %(day)s AS overdue, waiting
        FROM approval WHERE account_id = %(account)s AND {valid} AND state = 'pending'
        ORDER BY due_on NULLS LAST, approval_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    ended = asked.parts(
        """
        SELECT approval_id, version, subject_kind, subject_id, state, requester_id, requested_at,
            ended_at, step, due_on, false AS overdue, waiting
        FROM approval WHERE account_id = %(account)s AND {valid} AND state <> 'pending'
        ORDER BY ended_at DESC, approval_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    count = sum(one["count"] for one in states)
    return {"count": count, "states": states, "waiting": waiting, "ended": ended}
