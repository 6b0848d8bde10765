"""What our accounts are to us: the most valuable first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.accounts.account_class import Class
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "accounts", "account_classes")
"""The read models it rests on."""

METRIC: Final = "strategic_value_score"
"""The metric that the score is."""


class RankedAccount(NamedTuple):
    """One account and its class, as they were."""

    rank: int
    """1 for the greatest score; equal scores have one rank."""
    account_id: str
    version: int
    """Of its class."""
    name: str | None
    """``None`` where the account was not known then."""
    region_id: str | None
    account_class: Class
    score: int
    """In ten-thousandths of a point."""
    ratings: dict[str, Any]
    """By dimension: band, amount and evidence."""
    matrix_id: str
    matrix_version: int
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


_RANKED: Final = SQL(
    """WITH RECURSIVE {tree},
    account_then AS (SELECT account_id, name, region_id FROM account WHERE {valid}),
    class_then AS (SELECT * FROM account_class WHERE {valid}),
    ranked AS (
        SELECT rank() OVER (ORDER BY score DESC) AS rank, account_id, version, name, region_id,
            account_class, score, ratings, matrix_id, matrix_version,
            valid_from, valid_to, known_from, known_to
        FROM class_then LEFT JOIN account_then USING (account_id)
        WHERE %(region)s::text IS NULL OR region_id = %(region)s
            OR region_id IN (SELECT region_id FROM within WHERE ancestor_id = %(region)s))
    SELECT * FROM ranked
    WHERE (%(class)s::text IS NULL OR account_class = %(class)s)
        AND (%(account)s::text IS NULL OR account_id = %(account)s)
    ORDER BY rank, account_id"""
).format(tree=REGION_TREE, valid=VALID)
_PAGE: Final = SQL("{} OFFSET %(skip)s LIMIT %(limit)s").format(_RANKED)
_CLASSES: Final = SQL(
    "SELECT account_id, account_class FROM account_class WHERE account_id = ANY(%(ids)s) AND {}"
).format(VALID)


def account_classes(
    connection: Connection[Any],
    moment: Moment,
    *,
    region: str | None = None,
    account_class: Class | None = None,
    skip: int = 0,
    limit: int = 100,
) -> tuple[RankedAccount, ...]:
    """Up to ``limit`` classified accounts as of ``moment``, after the first ``skip``; often empty.

    The greatest score first, of equal ones in order of their ids. With a region, those in it or
    below it are ranked among themselves. Asked for inside :func:`readmodels.reading.reading`.
    """
    values = _values(moment, region=region, account_class=account_class)
    with connection.cursor(row_factory=args_row(RankedAccount)) as cursor:
        return tuple(cursor.execute(_PAGE, {**values, "skip": skip, "limit": bounded(limit)}))


def every_account_class(connection: Connection[Any], moment: Moment) -> tuple[RankedAccount, ...]:
    """All classified accounts as of ``moment``, in the same order."""
    with connection.cursor(row_factory=args_row(RankedAccount)) as cursor:
        return tuple(cursor.execute(_RANKED, _values(moment)))


def account_class(
    connection: Connection[Any], moment: Moment, account_id: str
) -> RankedAccount | None:
    """The class of one account as of ``moment``, ranked among all; ``None`` when it had none."""
    with connection.cursor(row_factory=args_row(RankedAccount)) as cursor:
        return cursor.execute(_RANKED, _values(moment, account=account_id)).fetchone()


def classes_of(
    connection: Connection[Any], moment: Moment, account_ids: Iterable[str]
) -> Mapping[str, str]:
    """The class of each of ``account_ids`` that had one as of ``moment``."""
    values = {**moment.parameters, "ids": list(account_ids)}
    return dict(connection.execute(_CLASSES, values).fetchall())


def _values(
    moment: Moment,
    *,
    region: str | None = None,
    account_class: Class | None = None,
    account: str | None = None,
) -> dict[str, Any]:
    return {**moment.parameters, "region": region, "class": account_class, "account": account}
