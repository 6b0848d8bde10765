"""What rules have noticed, who is accountable for it, and what each rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.policies.alert_rule import Severity
from projections.alerts import AlertRow, State
from readmodels.conditions import IN_REGION, Conditions, all_of
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "policies", "alerts", "audit_trail")
"""The read models it rests on."""

AlertState = State
"""Where an alert stands."""

AlertSeverity = Severity
"""How badly it matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSelection(Conditions):
    """Alerts that meet every condition given; without one, all of them."""

    account: str | None = None
    owner: str | None = None
    rule: str | None = None
    cause: str | None = None
    severity: str | None = None
    state: str | None = None
    region: str | None = None
    """Of accounts that lay in this region or below it when the alert was raised."""
    overdue_on: date | None = None
    """Not resolved, and due before this day."""


EVERY_ALERT: Final = AlertSelection()

_CONDITIONS: Final = {
    "account": SQL("account_id = %(account)s"),
    "owner": SQL("owner_id = %(owner)s"),
    "rule": SQL("rule_id = %(rule)s"),
    "cause": SQL("cause = %(cause)s"),
    "severity": SQL("severity = %(severity)s"),
    "state": SQL("state = %(state)s"),
    "region": IN_REGION,
    "overdue_on": SQL("state <> 'resolved' AND due_on < %(overdue_on)s::date::text"),
}
_PAGE: Final = SQL(
    """
    WITH RECURSIVE {tree}
    SELECT * FROM alert WHERE {valid} AND alert_id > %(after)s AND {conditions}
    ORDER BY alert_id LIMIT %(limit)s"""
)
_ONE: Final = SQL("SELECT * FROM alert WHERE alert_id = %(id)s AND {}").format(VALID)
_THESE: Final = SQL("SELECT * FROM alert WHERE alert_id = ANY(%(ids)s::text[]) AND {}").format(
    VALID
)
_HISTORY: Final = SQL(
    "SELECT * FROM alert WHERE alert_id = %(id)s AND known_from <= %(known_at)s"
    " AND valid_from < %(valid_before)s ORDER BY version"
)
_RULE: Final = """
    SELECT document FROM policy_draft
    WHERE kind = 'alert_rule' AND policy_id = %s AND draft = %s"""
_EVENTS: Final = """
    SELECT record || '/' || version, name, occurred_at, recorded_at, position, actor
    FROM unnest(%(records)s::text[], %(versions)s::bigint[]) AS wanted (record, version)
    JOIN audit USING (record, version) ORDER BY position"""


class EventBehind(NamedTuple):
    """A fact an alert rests on."""

    event_id: str
    name: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    actor: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an alert was raised, and what became of it."""

    rule: Mapping[str, Any]
    """The rule as it was in the version the alert was raised under."""
    events: tuple[EventBehind, ...]
    """The facts behind it, in order of the log."""
    history: tuple[AlertRow, ...]
    """The alert after each of its facts, the first one first."""


def alerts(
    connection: Connection[Any],
    moment: Moment,
    *,
    selection: AlertSelection = EVERY_ALERT,
    after: str = "",
    limit: int = 100,
) -> tuple[AlertRow, ...]:
    """Up to ``limit`` alerts as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    given = selection.conditions
    query = _PAGE.format(
        tree=REGION_TREE,
        valid=VALID,
        conditions=all_of(_CONDITIONS, given),
    )
    values = {**moment.parameters, **given, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        return tuple(cursor.execute(query, values))


def alert(connection: Connection[Any], moment: Moment, alert_id: str) -> AlertRow | None:
    """The alert as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": alert_id}).fetchone()


def alerts_by_id(
    connection: Connection[Any], moment: Moment, alert_ids: Sequence[str]
) -> Mapping[str, AlertRow]:
    """Those of ``alert_ids`` there were as of ``moment`` and that may be seen, by id."""
    values = {**moment.parameters, "ids": list(alert_ids)}
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        return {row.alert_id: row for row in cursor.execute(_THESE, values)}


def explanation(connection: Connection[Any], moment: Moment, row: AlertRow) -> Explanation:
    """Why the alert was raised, and what became of it up to ``moment``."""
    rule = connection.execute(_RULE, [row.rule_id, row.rule_version]).fetchone()
    assert rule is not None, "an alert has a rule"
    behind = [one.rpartition("/") for one in row.events]
    places = {
        "records": [record for record, _, _ in behind],
        "versions": [int(version) for _, _, version in behind],
    }
    with connection.cursor(row_factory=args_row(EventBehind)) as cursor:
        events = tuple(cursor.execute(_EVENTS, places))
    with connection.cursor(row_factory=args_row(_read)) as cursor:
        told = tuple(cursor.execute(_HISTORY, {**moment.parameters, "id": row.alert_id}))
    return Explanation(rule[0], events, told)


def raised(connection: Connection[Any], alert_ids: Sequence[str]) -> frozenset[str]:
    """Which of ``alert_ids`` have been raised."""
    found = connection.execute(
        "SELECT alert_id FROM alert WHERE alert_id = ANY(%s) AND version = 1", [list(alert_ids)]
    )
    return frozenset(one for (one,) in found)


def _read(*columns: Any) -> AlertRow:
    """Lists come as such; rows hold tuples."""
    return AlertRow._make(tuple(one) if isinstance(one, list) else one for one in columns)
