"""The whole account in one answer: where its sections are put together.

A further section is a function in this folder, a line in ``SECTIONS``, the read models it rests on
in ``READS``, and a field of the answer in ``api/account_answers.py``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from psycopg import Connection

from projections.accounts import AccountRow
from readmodels import accounts
from readmodels.account_360.custom_fields import custom_fields
from readmodels.account_360.documents import documents
from readmodels.account_360.family import children, parents, region
from readmodels.account_360.goals import goals
from readmodels.account_360.links import links
from readmodels.account_360.pipeline import opportunities
from readmodels.account_360.section import Asked
from readmodels.account_360.stage import stage
from readmodels.account_360.team import owner, team
from readmodels.moment import Moment

Section = Callable[[Asked], Any]

SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(
    {
        "parents": parents,
        "children": children,
        "owner": owner,
        "region": region,
        "stage": stage,
        "goals": goals,
        "team": team,
        "links": links,
        "documents": documents,
        "opportunities": opportunities,
        "fields": custom_fields,
    }
)
"""The sections of the answer, by the names of its fields."""

READS: Final = (
    "organization",
    "accounts",
    "account_classes",
    "account_lifecycles",
    "account_stages",
    "account_teams",
    "employee_trainings",
    "account_links",
    "goals",
    "solution_documents",
    "funnel",
    "record_fields",
)
"""The read models it rests on."""


def account_360(
    connection: Connection[Any], moment: Moment, day: date, account_id: str
) -> tuple[AccountRow, Mapping[str, Any]] | None:
    """The account as of ``moment`` with its sections, ``None`` when there was none.

    ``day`` is the day of business the question is about; asked for inside
    :func:`readmodels.reading.reading`, so that all sections tell of the same moment.
    """
    row = accounts.account(connection, moment, account_id)
    if row is None:
        return None
    asked = Asked(connection, moment, day, row)
    return row, {name: section(asked) for name, section in SECTIONS.items()}
