"""What customers want to reach, what we want to reach, and which serves which."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("goals",)
"""The read models it rests on."""


class CustomerGoal(NamedTuple):
    """One goal as it was, with the objectives of ours that served it and were pursued then."""

    goal_id: str
    version: int
    account_id: str
    title: str
    measure: str | None
    due_on: str | None
    dropped: bool
    objective_ids: list[str]
    linked: bool
    """Whether any objective of ours serves it."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class StrategicObjective(NamedTuple):
    """One objective of ours as it was, with the goals it served that customers pursued then."""

    objective_id: str
    version: int
    title: str
    region_id: str | None
    dropped: bool
    goal_ids: list[str]
    linked: bool
    """Whether it serves any goal of a customer."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


_GOALS: Final = SQL(
    """
    WITH pursued AS (SELECT * FROM strategic_objective WHERE {valid} AND NOT dropped),
    goal AS (
        SELECT *, ARRAY(
            SELECT objective_id FROM unnest(objective_ids) WITH ORDINALITY
                AS given (objective_id, place) JOIN pursued USING (objective_id) ORDER BY place
        ) AS serving FROM customer_goal WHERE {valid})
    SELECT goal_id, version, account_id, title, measure, due_on, dropped, serving,
        serving <> ARRAY[]::text[] AS linked, valid_from, valid_to, known_from, known_to
    FROM goal WHERE goal_id > %(after)s
        AND (%(account)s::text IS NULL OR account_id = %(account)s)
        AND (%(objective)s::text IS NULL OR %(objective)s = ANY(serving))
        AND (%(linked)s::bool IS NULL OR (serving <> ARRAY[]::text[]) = %(linked)s)
        AND (%(dropped)s::bool IS NULL OR dropped = %(dropped)s)
    ORDER BY goal_id LIMIT %(limit)s"""
).format(valid=VALID)
_OBJECTIVES: Final = SQL(
    """
    WITH pursued AS (SELECT * FROM customer_goal WHERE {valid} AND NOT dropped),
    objective AS (
        SELECT *, ARRAY(
            SELECT goal_id FROM pursued WHERE objective_id = ANY(objective_ids) ORDER BY goal_id
        ) AS served FROM strategic_objective WHERE {valid})
    SELECT objective_id, version, title, region_id, dropped, served,
        served <> ARRAY[]::text[] AS linked, valid_from, valid_to, known_from, known_to
    FROM objective WHERE objective_id > %(after)s
        AND (%(linked)s::bool IS NULL OR (served <> ARRAY[]::text[]) = %(linked)s)
        AND (%(dropped)s::bool IS NULL OR dropped = %(dropped)s)
    ORDER BY objective_id LIMIT %(limit)s"""
).format(valid=VALID)


def customer_goals(
    connection: Connection[Any],
    moment: Moment,
    *,
    account: str | None = None,
    objective: str | None = None,
    linked: bool | None = None,
    dropped: bool | None = False,
    after: str = "",
    limit: int = 100,
) -> tuple[CustomerGoal, ...]:
    """Up to ``limit`` goals as of ``moment``, in order of their ids, from after ``after``.

    ``None`` lets pass whatever there is; often empty, and asked for inside
    :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "account": account,
        "objective": objective,
        "linked": linked,
        "dropped": dropped,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(CustomerGoal)) as cursor:
        return tuple(cursor.execute(_GOALS, values))


def strategic_objectives(
    connection: Connection[Any],
    moment: Moment,
    *,
    linked: bool | None = None,
    dropped: bool | None = False,
    after: str = "",
    limit: int = 100,
) -> tuple[StrategicObjective, ...]:
    """Up to ``limit`` objectives of ours as of ``moment``, as :func:`customer_goals`."""
    values = {
        **moment.parameters,
        "linked": linked,
        "dropped": dropped,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(StrategicObjective)) as cursor:
        return tuple(cursor.execute(_OBJECTIVES, values))
