"""Which policies there are, in which versions, and which of them hold where on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.policies.place import GROUP
from projections.places import chain
from projections.policies import ApprovalStatus, PolicyDraftRow, PolicyInForceRow, PolicyKind
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "policies")
"""The read models it rests on."""

Kind = PolicyKind
"""The kinds of policies."""

Status = ApprovalStatus
"""How far a version has come."""

InForce = PolicyInForceRow
"""A version that holds."""

# What came first holds from the beginning of time, until the first of the days is reached.
_HOLDING: Final = SQL(
    """
    SELECT DISTINCT ON (kind, policy_id) * FROM policy_in_force
    WHERE known_from <= %(known_at)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
        AND starts_with(policy_id, %(prefix)s)
    ORDER BY kind, policy_id, effective_on <= %(day)s DESC,
        CASE WHEN effective_on <= %(day)s THEN -version ELSE version END"""
)
_PARENTS: Final = SQL("SELECT region_id, parent_id FROM region WHERE {}").format(VALID)
_DRAFTED: Final = SQL("known_from <= %(known_at)s AND drafted_at < %(valid_before)s")
_DRAFT: Final = SQL(
    "SELECT * FROM policy_draft"
    " WHERE kind = %(kind)s AND policy_id = %(policy)s AND draft = %(draft)s AND {}"
).format(_DRAFTED)
_VERSIONS: Final = SQL(
    """
    SELECT kind, policy_id, draft, region_id, document, drafted_at, known_from, (
        SELECT coalesce(array_agg(DISTINCT effective_on ORDER BY effective_on), '{{}}')
        FROM policy_in_force AS activated
        WHERE (activated.kind, activated.policy_id, activated.draft)
            = (policy_draft.kind, policy_draft.policy_id, policy_draft.draft)
            AND activated.known_from <= %(known_at)s
    ) AS in_force_from, status, approval_id
    FROM policy_draft LEFT JOIN (
        SELECT DISTINCT ON (kind, policy_id, draft) kind, policy_id, draft, status, approval_id
        FROM policy_step WHERE known_from <= %(known_at)s AND occurred_at < %(valid_before)s
        ORDER BY kind, policy_id, draft, version DESC) AS step USING (kind, policy_id, draft)
    WHERE {drafted} AND kind = %(kind)s
        AND (%(policy)s::text IS NULL OR policy_id = %(policy)s)
        AND starts_with(policy_id, %(prefix)s)
        AND (%(place)s::text IS NULL OR coalesce(region_id, '*') = %(place)s)
    ORDER BY policy_id, draft OFFSET %(skip)s LIMIT %(limit)s"""
).format(drafted=_DRAFTED)
_STANDINGS: Final = SQL(
    """
    WITH holding AS ({holding}),
    drafted AS (
        SELECT DISTINCT ON (kind, policy_id) kind, policy_id, region_id,
            count(*) OVER (PARTITION BY kind, policy_id) AS drafts
        FROM policy_draft WHERE known_from <= %(known_at)s ORDER BY kind, policy_id, draft DESC),
    standing AS (
        SELECT kind, policy_id,
            CASE WHEN draft IS NULL THEN drafted.region_id ELSE holding.region_id END AS region_id,
            draft AS version, effective_on, drafts
        FROM drafted LEFT JOIN holding USING (kind, policy_id))
    SELECT * FROM standing
    WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
        AND (%(policy)s::text IS NULL OR policy_id = %(policy)s)
        AND (%(place)s::text IS NULL OR coalesce(region_id, '*') = %(place)s)
        AND (kind, policy_id) > (%(kind_from)s, %(policy_from)s)
    ORDER BY kind, policy_id LIMIT %(limit)s"""
).format(holding=_HOLDING)


@dataclass(frozen=True, slots=True)
class PoliciesInForce:
    """The policies of one kind that hold on a day, one a region, and the regions as they lay."""

    by_place: Mapping[str, PolicyInForceRow]
    """By the region that has set it; ``*`` is the whole group."""
    parents: Mapping[str, str | None]
    """The region tree."""

    def chain(self, region_id: str | None) -> tuple[str, ...]:
        """The places whose policies hold in a region, topmost first, those without one as well."""
        return chain(self.parents, region_id)

    def rows(self, region_id: str | None) -> tuple[PolicyInForceRow, ...]:
        """The policies that hold in a region, topmost first; often empty."""
        return tuple(
            self.by_place[place] for place in self.chain(region_id) if place in self.by_place
        )

    def nearest(self, region_id: str | None) -> PolicyInForceRow | None:
        """That of the region, else of the nearest above it that has one."""
        return next(reversed(self.rows(region_id)), None)


class PolicyVersion(NamedTuple):
    """One version of a policy, and the days from which it was put in force."""

    kind: PolicyKind
    policy_id: str
    version: int
    region_id: str | None
    document: dict[str, Any]
    drafted_at: datetime
    recorded_at: datetime
    in_force_from: list[str]
    status: ApprovalStatus | None
    """How far it has come; ``None`` before it was put up, and where nobody has to approve it."""
    approval_id: str | None
    """The approval it was put up for last."""


class PolicyStanding(NamedTuple):
    """A policy, and which version of it holds on a day."""

    kind: PolicyKind
    policy_id: str
    region_id: str | None
    """As that version says; as the last one does where none was ever put in force."""
    version: int | None
    effective_on: str | None
    drafts: int
    """How many versions of it there are."""

    @property
    def place(self) -> str:
        """Where it stands in a list."""
        return f"{self.kind} {self.policy_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySelection:
    """The policies that meet every condition given; without one, all of them."""

    kind: PolicyKind | None = None
    policy_id: str | None = None
    place: str | None = None
    """The region it is for; ``*``: those for all."""


def policies(
    connection: Connection[Any],
    moment: Moment,
    on: date,
    *,
    selection: PolicySelection,
    after: str = "",
    limit: int = 100,
) -> tuple[PolicyStanding, ...]:
    """Up to ``limit`` policies as known, by kind and id, with what holds on the day ``on``.

    ``after`` is the place of the policy before the page. What holds on a day may have been written
    down later. Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    kind_from, _, policy_from = after.partition(" ")
    values = {
        "known_at": moment.known_at,
        "day": on.isoformat(),
        "kind": selection.kind,
        "policy": selection.policy_id,
        "prefix": "",
        "place": selection.place,
        "kind_from": kind_from,
        "policy_from": policy_from,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(PolicyStanding)) as cursor:
        return tuple(cursor.execute(_STANDINGS, values))


def versions(
    connection: Connection[Any],
    moment: Moment,
    kind: PolicyKind,
    *,
    policy_id: str | None = None,
    prefix: str = "",
    place: str | None = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[PolicyVersion, ...]:
    """Versions of policies that were written down as of ``moment``, in order of id and version.

    ``prefix`` is what their ids begin with, ``place`` as in :class:`PolicySelection`. Often empty.
    """
    values = {
        **moment.parameters,
        "kind": kind,
        "policy": policy_id,
        "prefix": prefix,
        "place": place,
        "skip": skip,
        "limit": limit,
    }
    with connection.cursor(row_factory=args_row(PolicyVersion)) as cursor:
        return tuple(cursor.execute(_VERSIONS, values))


def draft(
    connection: Connection[Any], moment: Moment, kind: PolicyKind, policy_id: str, version: int
) -> PolicyDraftRow | None:
    """The version of a policy as of ``moment``; ``None`` when there was none."""
    values = {**moment.parameters, "kind": kind, "policy": policy_id, "draft": version}
    with connection.cursor(row_factory=args_row(PolicyDraftRow)) as cursor:
        return cursor.execute(_DRAFT, values).fetchone()


def holding(
    connection: Connection[Any],
    moment: Moment,
    kind: PolicyKind,
    on: date,
    *,
    prefix: str = "",
) -> tuple[PolicyInForceRow, ...]:
    """Of each policy the version that holds on the day ``on``, as known, in order of their ids.

    Those whose ids begin with ``prefix``. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = {
        "known_at": moment.known_at,
        "kind": kind,
        "prefix": prefix,
        "day": on.isoformat(),
    }
    with connection.cursor(row_factory=args_row(PolicyInForceRow)) as cursor:
        return tuple(cursor.execute(_HOLDING, values))


def policies_in_force(
    connection: Connection[Any],
    moment: Moment,
    kind: PolicyKind,
    on: date,
    *,
    prefix: str = "",
) -> PoliciesInForce:
    """What is :func:`holding`, by place, with the regions as of ``moment``."""
    rows = holding(connection, moment, kind, on, prefix=prefix)
    parents = dict(connection.execute(_PARENTS, moment.parameters).fetchall())
    return PoliciesInForce({row.region_id or GROUP: row for row in rows}, parents)
