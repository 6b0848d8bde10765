"""What we sell, have sold and have not sold to an account."""

from readmodels.account_360.section import Asked, Part


def opportunities(asked: Asked) -> list[Part]:
    """How many and how much, a part for each state in the order open, won, lost."""
    found = asked.parts(
        """
        WITH by_currency AS (
            SELECT state, currency, count(*) AS count, sum(amount_minor)::bigint AS minor
            FROM opportunity WHERE account_id = %(account)s AND {valid} GROUP BY state, currency)
        SELECT state, sum(count)::bigint AS count,
            coalesce(jsonb_agg(jsonb_build_object('minor', minor, 'currency', currency)
                ORDER BY currency) FILTER (WHERE currency IS NOT NULL), '[]') AS amounts
        FROM by_currency GROUP BY state"""
    )
    counted = {part["state"]: part for part in found}
    return [
        counted.get(state, {"state": state, "count": 0, "amounts": []})
        for state in ("open", "won", "lost")
    ]
