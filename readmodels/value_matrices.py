"""By what accounts are ranked, where, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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
_VERSIONS: Final = SQL("SELECT matrix_id, versions FROM value_matrix WHERE {}").format(VALID)


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
    """Where matrices hold: the region tree, and what is in force of each matrix."""

    parents: Mapping[str, str | None]
    in_force: Mapping[str, Mapping[str, Any]]
    """Matrix id to the document in force; without those of which nothing ever was."""


def reach(connection: Connection[Any], moment: Moment, on: date) -> Reach:
    """The region tree as of ``moment``, and the matrices in force on the day ``on``."""
    parents = connection.execute(_PARENTS, moment.parameters).fetchall()
    rows = connection.execute(_VERSIONS, moment.parameters).fetchall()
    found = {matrix_id: _in_force(versions, on.isoformat()) for matrix_id, versions in rows}
    in_force = {matrix_id: document for matrix_id, document in found.items() if document}
    return Reach(dict(parents), in_force)


def _in_force(versions: Mapping[str, Any], on: str) -> Mapping[str, Any] | None:
    """The document of the last version from that day or an earlier one; else of the first."""
    dated = sorted(
        (told for told in versions.values() if told["effective_on"] is not None),
        key=lambda told: (told["effective_on"], told["state"] == "activated"),
    )
    if not dated:
        return None
    by_then = [told for told in dated if told["effective_on"] <= on]
    document: Mapping[str, Any] = (by_then[-1] if by_then else dated[0])["document"]
    return document
