"""Which fields records have where: the forms that hold for a kind of record."""

from datetime import date
from typing import Any, Final

from psycopg import Connection

from events.policies.form import RecordType
from readmodels import policies
from readmodels.moment import Moment
from readmodels.policies import PoliciesInForce

READS: Final = policies.READS
"""The read models it rests on."""

FormedType = RecordType
"""The kinds of records that have forms."""


def forms_in_force(
    connection: Connection[Any], moment: Moment, record_type: str, on: date
) -> PoliciesInForce:
    """The forms of a kind of record that hold on the day ``on``, as far as they were known."""
    return policies.policies_in_force(connection, moment, "form", on, prefix=f"{record_type}.")
