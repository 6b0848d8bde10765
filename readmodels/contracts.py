"""What is promised to whom."""

from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.contracts import ContractRow
from readmodels.moment import VALID, Moment
from readmodels.reading import bounded

READS: Final = ("contracts",)
"""The read models it rests on."""

_PAGE: Final = SQL(
    "SELECT * FROM contract WHERE {valid} AND contract_id > %(after)s"
    " AND (%(account)s::text IS NULL OR account_id = %(account)s)"
    " AND (%(state)s::text IS NULL OR state = %(state)s)"
    " ORDER BY contract_id LIMIT %(limit)s"
).format(valid=VALID)
_ONE: Final = SQL("SELECT * FROM contract WHERE contract_id = %(id)s AND {}").format(VALID)


def contracts(
    connection: Connection[Any],
    moment: Moment,
    *,
    account: str | None = None,
    state: str | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[ContractRow, ...]:
    """Up to ``limit`` contracts as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {"account": account, "state": state, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(ContractRow)) as cursor:
        return tuple(cursor.execute(_PAGE, {**moment.parameters, **values}))


def contract(connection: Connection[Any], moment: Moment, contract_id: str) -> ContractRow | None:
    """The contract as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(ContractRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": contract_id}).fetchone()
