"""Which alert rules there are, and which of them hold on a day."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row

from projections.policies import PolicyDraftRow, PolicyInForceRow
from readmodels.moment import Moment
from readmodels.policies import holding
from readmodels.reading import bounded

READS: Final = ("policies",)
"""The read model it rests on."""

_PAGE: Final = """
    SELECT DISTINCT ON (policy_id) * FROM policy_draft
    WHERE kind = 'alert_rule' AND known_from <= %(known_at)s AND policy_id > %(after)s
        AND (%(cause)s::text IS NULL OR document ->> 'cause' = %(cause)s)
    ORDER BY policy_id, draft DESC LIMIT %(limit)s"""


def rules_in_force(
    connection: Connection[Any],
    moment: Moment,
    on: date,
    *,
    causes: Collection[str] | None = None,
) -> tuple[PolicyInForceRow, ...]:
    """The version of each rule that holds on the day ``on``, as known; in order of the rules.

    Those about one of ``causes``, or about any. Often empty; asked for inside
    :func:`readmodels.reading.reading`.
    """
    rows = holding(connection, moment, "alert_rule", on)
    return tuple(row for row in rows if causes is None or row.document["cause"] in causes)


def rules(
    connection: Connection[Any],
    moment: Moment,
    *,
    cause: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[PolicyDraftRow, ...]:
    """The last draft of up to ``limit`` rules, as known, in order of their ids."""
    values = {
        "known_at": moment.known_at,
        "cause": cause,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(PolicyDraftRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))
