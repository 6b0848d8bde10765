"""What we did together with an account lately, what is to follow, and how deep we stand with it."""

from typing import Final

from readmodels import depth as depths
from readmodels.account_360.section import Asked, Part
from readmodels.interactions import (
    FollowUpSelection,
    InteractionSelection,
    follow_ups,
)
from readmodels.interactions import interactions as interactions_of

LATEST: Final = 10
"""How many interactions and how many open follow-ups are told."""

_OF_ACCOUNT: Final = (
    " FROM interaction WHERE account_id = %(account)s AND NOT withdrawn AND {known}"
)


def interactions(asked: Asked) -> Part:
    """How many of each kind, how they were rated, the latest ones, and the follow-ups still open.

    A rating is the mean in hundredths, half up; ``None`` where nothing was rated.
    """
    (total,) = asked.parts(
        "SELECT count(*) AS count, round(avg(rating) * 100)::int AS rating_centi" + _OF_ACCOUNT
    )
    kinds = asked.parts(
        "SELECT kind, count(*) AS count, max(occurred_at) AS last_at"
        + _OF_ACCOUNT
        + " GROUP BY kind ORDER BY kind"
    )
    latest = interactions_of(
        asked.connection,
        asked.moment,
        selection=InteractionSelection(account=asked.account.account_id),
        limit=LATEST,
    )
    return {
        **total,
        "kinds": kinds,
        "latest": [
            {
                "interaction_id": row.interaction_id,
                "kind": row.kind,
                "subject": row.subject,
                "occurred_at": row.occurred_at,
                "rating": row.rating,
                "feedback": row.feedback,
                "contact_ids": list(row.contact_ids),
                "employee_ids": list(row.employee_ids),
            }
            for row in latest
        ],
        "follow_ups": _follow_ups(asked),
    }


def _follow_ups(asked: Asked) -> Part:
    (counted,) = asked.parts(
        """
        SELECT count(*) AS open, count(*) FILTER (WHERE one.value ->> 'due_on' < %(day)s) AS overdue
        FROM interaction CROSS JOIN LATERAL jsonb_each(follow_ups) AS one
        WHERE account_id = %(account)s AND NOT withdrawn AND {known}
            AND ((one.value ->> 'done_at') IS NULL
                OR (one.value ->> 'done_at')::timestamptz >= %(valid_before)s)"""
    )
    first = follow_ups(
        asked.connection,
        asked.moment,
        selection=FollowUpSelection(account=asked.account.account_id, open=True),
        limit=LATEST,
    )
    return {
        **counted,
        "first_due": [
            {
                "interaction_id": row.interaction_id,
                "follow_up_id": row.follow_up_id,
                "text": row.text,
                "owner_id": row.owner_id,
                "due_on": row.due_on,
                "overdue": row.due_on < asked.day.isoformat(),
            }
            for row in first
        ],
    }


def depth(asked: Asked) -> Part:
    """How deep the relationship is under the depth policy; ``None`` everywhere without one."""
    ground = depths.ground(
        asked.connection,
        asked.moment,
        asked.account.account_id,
        on=asked.day,
        zone=asked.zone,
    )
    assert ground is not None, "the account was found a moment ago"
    told = depths.relationship_depth(ground, asked.day)
    return {
        "policy": told.policy
        and {"region_id": told.policy.region_id, "version": told.policy.version},
        "level": told.account and told.account.level,
        "points": told.account and told.account.points,
        "interactions": told.account and len(told.account.interaction_ids),
        "contacts": len(told.contacts),
    }
