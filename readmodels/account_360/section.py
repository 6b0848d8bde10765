"""What every section of the answer is asked with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL

from projections.accounts import AccountRow
from readmodels import account_outcomes, employee_trainings, interactions
from readmodels.moment import VALID, Moment

_PICKING: Final = {
    "valid": VALID,
    "known": interactions.KNOWN,
    "completed": employee_trainings.KNOWN,
    "happened": account_outcomes.KNOWN,
}
"""What picks rows of history, interactions and survey answers, trainings completed by the day, and
outcomes."""

Part = dict[str, Any]
"""A part of a section: JSON values, instants, and names of persons sealed as they are stored."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which account, and as of when; asked inside :func:`readmodels.reading.reading`."""

    connection: Connection[Any]
    moment: Moment
    day: date
    """The day of business the question is about: what has days of its own is picked by it."""
    zone: ZoneInfo
    """The ledger's zone, in which a date means a whole day."""
    account: AccountRow

    def parts(self, query: LiteralString, **values: Any) -> list[Part]:
        """The rows of ``query``, in which the names of ``_PICKING`` in braces pick some.

        It takes ``account``, ``day`` and the parameters of a moment besides ``values``.
        """
        given: Mapping[str, Any] = {
            **self.moment.parameters,
            "day": self.day.isoformat(),
            "account": self.account.account_id,
            **values,
        }
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(SQL(query).format(**_PICKING), given).fetchall()
