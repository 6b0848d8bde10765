"""The group of companies an account belongs to, and where we look after it."""

from typing import Final

from readmodels.account_360.section import Asked, Part

DEPTH_MAX: Final = 100
"""How far up is looked; two late corrections together could make a circle in the past."""


def parents(asked: Asked) -> list[Part]:
    """The companies above, nearest first; often empty."""
    return asked.parts(
        """
        WITH RECURSIVE account_then AS (SELECT * FROM account WHERE {valid}),
        above AS (
            SELECT parent_id, 1 AS depth FROM account_then WHERE account_id = %(account)s
            UNION ALL SELECT account_then.parent_id, depth + 1
            FROM above JOIN account_then ON account_then.account_id = above.parent_id
            WHERE depth < %(depth_max)s)
        SELECT account_id, name FROM above
        JOIN account_then ON account_then.account_id = above.parent_id ORDER BY depth""",
        depth_max=DEPTH_MAX,
    )


def children(asked: Asked) -> list[Part]:
    """The companies that belong to it directly, in order of their ids; often empty."""
    return asked.parts(
        """
        SELECT account_id, name FROM account WHERE parent_id = %(account)s AND {valid}
        ORDER BY account_id"""
    )


def region(asked: Asked) -> Part | None:
    """The region that looks after it; ``None`` where none does."""
    found = asked.parts(
        "SELECT region_id, name FROM region WHERE region_id = %(region)s AND {valid}",
        region=asked.account.region_id,
    )
    return found[0] if found else None
