"""The whole account in one answer: where its sections are put together.

A further section is a function in this folder, a line in ``SECTIONS``, the read models it rests on
in ``READS``, and a field of the answer in ``api/account_answers.py``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg import Connection

from projections.accounts import AccountRow
from readmodels import accounts
from readmodels.account_360.commitments import approvals, contracts
from readmodels.account_360.custom_fields import custom_fields
from readmodels.account_360.documents import documents
from readmodels.account_360.events import events
from readmodels.account_360.family import children, parents, region
from readmodels.account_360.goals import goals
from readmodels.account_360.health import health
from readmodels.account_360.interactions import depth, interactions
from readmodels.account_360.links import links
from readmodels.account_360.people import people
from readmodels.account_360.pipeline import opportunities
from readmodels.account_360.planning import plans, projects, value
from readmodels.account_360.ranking import ranking
from readmodels.account_360.section import Asked
from readmodels.account_360.stage import stage
from readmodels.account_360.surveys import surveys
from readmodels.account_360.team import owner, team
from readmodels.account_360.warnings import alerts, outcomes
from readmodels.moment import Moment

Section = Callable[[Asked], Any]

SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(
    {
        "parents": parents,
        "children": children,
        "owner": owner,
        "region": region,
        "ranking": ranking,
        "health": health,
        "stage": stage,
        "goals": goals,
        "team": team,
        "links": links,
        "documents": documents,
        "people": people,
        "depth": depth,
        "interactions": interactions,
        "surveys": surveys,
        "alerts": alerts,
        "outcomes": outcomes,
        "plans": plans,
        "projects": projects,
        "value": value,
        "opportunities": opportunities,
        "contracts": contracts,
        "approvals": approvals,
        "fields": custom_fields,
        "events": events,
    }
)
"""The sections of the answer, by the names of its fields."""

READS: Final = (
    "organization",
    "policies",
    "accounts",
    "account_classes",
    "account_stages",
    "account_teams",
    "employee_trainings",
    "account_links",
    "goals",
    "solution_documents",
    "people",
    "interactions",
    "survey_answers",
    "alerts",
    "account_outcomes",
    "account_plans",
    "joint_projects",
    "value_claims",
    "funnel",
    "contracts",
    "approvals",
    "record_fields",
    "audit_trail",
    "signals",
)
"""The read models it rests on."""


def account_360(
    connection: Connection[Any], moment: Moment, account_id: str, *, day: date, zone: ZoneInfo
) -> tuple[AccountRow, Mapping[str, Any]] | None:
    """The account as of ``moment`` with its sections, ``None`` when there was none.

    ``day`` is the day of business the question is about, ``zone`` the ledger's; asked for inside
    :func:`readmodels.reading.reading`, so that all sections tell of the same moment.
    """
    row = accounts.account(connection, moment, account_id)
    if row is None:
        return None
    asked = Asked(connection, moment, day, zone, row)
    return row, {name: section(asked) for name, section in SECTIONS.items()}
