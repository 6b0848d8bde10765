"""By what accounts are ranked, where, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.value_matrices import ValueMatrixRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("organization", "value_matrices")
"""The read models it rests on."""

_PAGE: Final = SQL(
    "SELECT * FROM value_matrix WHERE {} AND matrix_id > %(after)s"
    " ORDER BY matrix_id LIMIT %(limit)s"
).format(VALID)
_ONE: Final = SQL("SELECT * FROM value_matrix WHERE matrix_id = %(id)s AND {}").format(VALID)
_PARENTS: Final = SQL("SELECT region_id, parent_id FROM region WHERE {}").format(VALID)
_IN_FORCE: Final = SQL(
    "SELECT DISTINCT matrix_id FROM value_matrix, jsonb_each(versions) AS one (number, told)"
    " WHERE {} AND told ->> 'effective_on' IS NOT NULL"
).format(VALID)


def value_matrices(
    connection: Connection[Any], moment: Moment, *, after: str = "", limit: int = 100
) -> tuple[ValueMatrixRow, ...]:
    """Up to ``limit`` matrices as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {**moment.parameters, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(ValueMatrixRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def value_matrix(
    connection: Connection[Any], moment: Moment, matrix_id: str
) -> ValueMatrixRow | None:
    """The matrix as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(ValueMatrixRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": matrix_id}).fetchone()


@dataclass(frozen=True, slots=True)
class Reach:
    """Where matrices hold: the region tree, and which matrices have ever been in force."""

    parents: Mapping[str, str | None]
    in_force: frozenset[str]


def reach(connection: Connection[Any], moment: Moment) -> Reach:
    """The region tree and the matrices in force as of ``moment``."""
    parents = connection.execute(_PARENTS, moment.parameters).fetchall()
    in_force = connection.execute(_IN_FORCE, moment.parameters).fetchall()
    return Reach(dict(parents), frozenset(matrix_id for (matrix_id,) in in_force))
