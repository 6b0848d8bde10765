"""Who has ever worked for a region, asked of the log itself, which is never behind."""

from typing import Final

from aggregates.organization.employee import EMPLOYEE
from runtime.store.ledger_pool import LedgerPool

# The payload is read in the database: a company has thousands of employees, a region a few.
_EVER_IN: Final = """
    SELECT DISTINCT originator_id FROM events
    WHERE topic IN ('employee.hired', 'employee.moved')
    AND convert_from(state, 'UTF8')::jsonb ->> 'region_id' = %s
    ORDER BY originator_id"""


def ever_in(pool: LedgerPool, region_id: str) -> tuple[str, ...]:
    """The employees who were ever hired for ``region_id`` or moved to it, in order of their ids.

    Raises:
        StoreUnavailable: PostgreSQL could not be read.
    """
    with pool.connection() as connection:
        rows = connection.execute(_EVER_IN, [region_id]).fetchall()
    return tuple(stream.removeprefix(EMPLOYEE.stream("")) for (stream,) in rows)
