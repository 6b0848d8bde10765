"""How deep the relationship with a customer is, how often we meet, and where it has gone quiet."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.policies.depth import DepthPolicy
from projections.depth import Depth, Touch, depth, effective
from readmodels.accounts import account
from readmodels.interactions import KNOWN
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.policies import policies_in_force
from readmodels.reading import bounded

READS: Final = ("organization", "accounts", "people", "interactions", "policies")
"""The read models it rests on."""

KEY_ROLES: Final = ("decision_maker", "executive_sponsor", "economic_buyer", "champion")
"""Who is a key contact where the question does not say: by role in the decision chain."""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The depth policy that held for a customer on a day."""

    region_id: str
    """The region that has set it: the customer's, or the nearest one above."""
    version: int
    effective_on: str
    document: DepthPolicy


@dataclass(frozen=True, slots=True)
class Ground:
    """What depth and frequency rest on."""

    policy: PolicyInForce | None
    """``None`` where no region of the customer has one."""
    touches: tuple[Touch, ...]
    """All interactions known by then, the earliest first; merged contacts replaced by whoever
    answers for them."""


@dataclass(frozen=True, slots=True)
class RelationshipDepth:
    """How deep the relationship with a customer and each of its contacts is."""

    policy: PolicyInForce | None
    account: Depth | None
    """``None`` without a policy."""
    contacts: Mapping[str, Depth]
    """By contact id, each who took part within the window."""


_TOUCHES: Final = SQL(
    "SELECT interaction_id, kind, (occurred_at AT TIME ZONE %(zone)s)::date, minutes, rating,"
    " contact_ids FROM interaction WHERE account_id = %(account)s AND NOT withdrawn AND {}"
    " ORDER BY occurred_at, interaction_id"
).format(KNOWN)
_ANSWERING: Final = SQL(
    """
    WITH RECURSIVE answering (asked, id) AS (
        SELECT one, one COLLATE "C" FROM unnest(%(ids)s::text[]) AS one
        UNION SELECT asked, merged_into FROM contact JOIN answering ON contact_id = id
        WHERE merged_into IS NOT NULL AND {valid})
    SELECT asked, id FROM answering WHERE NOT EXISTS (
        SELECT FROM contact WHERE contact_id = id AND merged_into IS NOT NULL AND {valid})"""
).format(valid=VALID)


def ground(
    connection: Connection[Any], moment: Moment, account_id: str, *, on: date, zone: ZoneInfo
) -> Ground | None:
    """What depth rests on as of ``moment``, whose day is ``on``; ``None`` for no such account.

    Asked for inside :func:`readmodels.reading.reading`.
    """
    found = account(connection, moment, account_id)
    if found is None:
        return None
    values = {**moment.parameters, "account": account_id, "zone": zone.key}
    rows = connection.execute(_TOUCHES, values).fetchall()
    ids = sorted({contact for row in rows for contact in row[5]})
    answering: dict[str, str] = dict(
        connection.execute(_ANSWERING, {**moment.parameters, "ids": ids}).fetchall()
    )
    touches = tuple(
        Touch(one, kind, day, minutes, rating, frozenset(answering.get(met, met) for met in who))
        for one, kind, day, minutes, rating, who in rows
    )
    return Ground(_in_force(connection, moment, found.region_id, on), touches)


def _in_force(
    connection: Connection[Any], moment: Moment, region_id: str | None, on: date
) -> PolicyInForce | None:
    row = policies_in_force(connection, moment, "depth_policy", on).nearest(region_id)
    if row is None:
        return None
    # By way of JSON, where a strict model takes a list for the tuple it is.
    document = DepthPolicy.model_validate_json(json.dumps(row.document))
    return PolicyInForce(row.policy_id, row.draft, row.effective_on, document)


def relationship_depth(found: Ground, on: date) -> RelationshipDepth:
    """How deep the relationship was on the day ``on``: a pure function of its ground."""
    if found.policy is None:
        return RelationshipDepth(None, None, {})
    policy = found.policy.document
    contacts = sorted({one for touch in found.touches for one in touch.contact_ids})
    depths = {
        one: depth(
            [touch for touch in found.touches if one in touch.contact_ids],
            policy,
            policy.contact_levels,
            on,
        )
        for one in contacts
    }
    return RelationshipDepth(
        found.policy,
        depth(found.touches, policy, policy.account_levels, on),
        {one: its for one, its in depths.items() if its.interaction_ids},
    )


def effective_with(
    found: Ground, contact_ids: Iterable[str], *, since: date, on: date
) -> tuple[Touch, ...]:
    """The effective interactions from ``since`` to ``on``, both inclusive, with key contacts.

    None without a policy: nothing then says what is effective.
    """
    if found.policy is None:
        return ()
    policy, wanted = found.policy.document, frozenset(contact_ids)
    return tuple(
        touch
        for touch in found.touches
        if since <= touch.on <= on and touch.contact_ids & wanted and effective(touch, policy)
    )


_KEY_CONTACTS: Final = SQL(
    "SELECT contact_id FROM contact WHERE account_id = %(account)s AND active AND NOT erased"
    " AND merged_into IS NULL AND role = ANY(%(roles)s) AND {} ORDER BY contact_id"
).format(VALID)


def key_contacts(
    connection: Connection[Any], moment: Moment, account_id: str, roles: Iterable[str]
) -> tuple[str, ...]:
    """The contacts of the account with one of ``roles`` in its decision chain; often none."""
    values = {**moment.parameters, "account": account_id, "roles": list(roles)}
    return tuple(one for (one,) in connection.execute(_KEY_CONTACTS, values))


class ActivityRow(NamedTuple):
    """An account, and when we last did something with it that builds a long relationship."""

    account_id: str
    name: str
    owner_id: str | None
    region_id: str | None
    last_on: date | None
    """The day of the last such activity, in the ledger's zone; ``None``: never."""


ACTIVITIES: Final = ("executive_visit", "joint_event")
"""The kinds of interaction that build a long relationship."""

_ACTIVITY: Final = SQL(
    """
    WITH RECURSIVE {tree},
    active AS (
        SELECT account_id, max((occurred_at AT TIME ZONE %(zone)s)::date) AS last_on
        FROM interaction WHERE {known} AND NOT withdrawn AND kind = ANY(%(kinds)s)
        GROUP BY account_id)
    SELECT account_id, name, owner_id, region_id, last_on
    FROM account LEFT JOIN active USING (account_id)
    WHERE {valid} AND account_id > %(after)s
        AND (%(region)s::text IS NULL OR region_id = %(region)s
             OR region_id IN (SELECT region_id FROM within WHERE ancestor_id = %(region)s))
        AND (%(quiet_since)s::date IS NULL OR last_on IS NULL OR last_on <= %(quiet_since)s)
    ORDER BY account_id LIMIT %(limit)s"""
).format(tree=REGION_TREE, known=KNOWN, valid=VALID)


def activity(
    connection: Connection[Any],
    moment: Moment,
    *,
    zone: ZoneInfo,
    region: str | None = None,
    quiet_since: date | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[ActivityRow, ...]:
    """Up to ``limit`` accounts as of ``moment`` in order of their ids, from after ``after``.

    With ``quiet_since`` only those whose last activity was on that day or earlier, or never.
    """
    values = {
        **moment.parameters,
        "zone": zone.key,
        "kinds": list(ACTIVITIES),
        "region": region,
        "quiet_since": quiet_since,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(ActivityRow)) as cursor:
        return tuple(cursor.execute(_ACTIVITY, values))
