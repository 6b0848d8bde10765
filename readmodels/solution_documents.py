"""What was worked out with and for accounts."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.solution_documents import SolutionDocumentRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("solution_documents",)
"""The read models it rests on."""

_PAGE: Final = SQL(
    """
    SELECT * FROM solution_document WHERE {} AND document_id > %(after)s
        AND (%(account)s::text IS NULL OR account_id = %(account)s)
    ORDER BY document_id LIMIT %(limit)s"""
).format(VALID)
_REVISIONS: Final = """
    SELECT * FROM solution_document WHERE document_id = %(document)s
        AND known_from <= %(known_at)s AND valid_from < %(valid_before)s
    ORDER BY revision"""


def solution_documents(
    connection: Connection[Any],
    moment: Moment,
    *,
    account: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[SolutionDocumentRow, ...]:
    """Up to ``limit`` documents, each in its newest revision as of ``moment``, by their ids.

    From after ``after``; often empty, and asked for inside :func:`readmodels.reading.reading`.
    """
    values = {
        **moment.parameters,
        "account": account,
        "after": after,
        "limit": bounded(limit),
    }
    with connection.cursor(row_factory=args_row(SolutionDocumentRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def revisions(
    connection: Connection[Any], moment: Moment, document_id: str
) -> tuple[SolutionDocumentRow, ...]:
    """Every revision there was as of ``moment``, the first one first; empty without a document."""
    with connection.cursor(row_factory=args_row(SolutionDocumentRow)) as cursor:
        values = {**moment.parameters, "document": document_id}
        return tuple(cursor.execute(_REVISIONS, values))
