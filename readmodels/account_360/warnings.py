"""What rules have noticed about an account, and how it ended."""

from typing import Final

from readmodels.account_360.section import Asked, Part

LATEST: Final = 20
"""How many alerts that are not resolved and how many outcomes are told."""


def alerts(asked: Asked) -> Part:
    """How many alerts there are in each state, and those not resolved, due first first."""
    states = asked.parts(
        """
        SELECT state, count(*) AS count FROM alert
        WHERE account_id = %(account)s AND {valid} GROUP BY state ORDER BY state"""
    )
    waiting = asked.parts(
        """
        SELECT alert_id, version, cause, caused_on, severity, state, owner_id, due_on,
            due_on < %(day)s AS overdue, rule_id, rule_version, actions -> 'actions' AS actions
        FROM alert WHERE account_id = %(account)s AND {valid} AND state <> 'resolved'
        ORDER BY due_on, alert_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    return {"count": sum(one["count"] for one in states), "states": states, "waiting": waiting}


def outcomes(asked: Asked) -> Part:
    """What was lost, the latest first."""
    (total,) = asked.parts(
        """
        SELECT count(*) AS count FROM account_outcome
        WHERE account_id = %(account)s AND {happened}"""
    )
    latest = asked.parts(
        """
        SELECT outcome_id, outcome, occurred_on, contract_id, reason
        FROM account_outcome WHERE account_id = %(account)s AND {happened}
        ORDER BY occurred_on DESC, outcome_id LIMIT %(limit)s""",
        limit=LATEST,
    )
    return {**total, "latest": latest}
