"""Which alert rules hold on a day."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.alert_rules import AlertRuleDraftRow, AlertRuleInForceRow
from readmodels.moment import Moment
from readmodels.reading import bounded

READS: Final = ("alert_rules",)
"""The read model it rests on."""

_ACTIVATED: Final = SQL(
    "SELECT * FROM alert_rule_in_force WHERE known_from <= %(known_at)s"
    " AND (%(causes)s::text[] IS NULL OR cause = ANY(%(causes)s)) ORDER BY rule_id, version"
)
_PAGE: Final = SQL(
    """
    SELECT DISTINCT ON (rule_id) * FROM alert_rule_draft
    WHERE known_from <= %(known_at)s AND rule_id > %(after)s
        AND (%(cause)s::text IS NULL OR cause = %(cause)s)
    ORDER BY rule_id, draft DESC LIMIT %(limit)s"""
)


def rules_in_force(
    connection: Connection[Any],
    moment: Moment,
    on: date,
    *,
    causes: Sequence[str] | None = None,
) -> tuple[AlertRuleInForceRow, ...]:
    """The version of each rule that holds on the day ``on``, as known; in order of the rules.

    Those about one of ``causes``, or about any. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = {"known_at": moment.known_at, "causes": None if causes is None else list(causes)}
    with connection.cursor(row_factory=args_row(AlertRuleInForceRow)) as cursor:
        rows = cursor.execute(_ACTIVATED, values).fetchall()
    return tuple(
        _holding(list(of_one), on) for _, of_one in groupby(rows, key=lambda row: row.rule_id)
    )


def rules(
    connection: Connection[Any],
    moment: Moment,
    *,
    cause: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[AlertRuleDraftRow, ...]:
    """The last draft of up to ``limit`` rules, as known, in order of their ids."""
    values = {
        "known_at": moment.known_at,
        "cause": cause,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(AlertRuleDraftRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def _holding(activations: list[AlertRuleInForceRow], on: date) -> AlertRuleInForceRow:
    # What came first holds from the beginning of time, until the first of the days is reached.
    reached = [row for row in activations if row.effective_on <= on.isoformat()]
    return reached[-1] if reached else activations[0]
