"""A made-up company in a ledger, folded into the read models that tell of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.sql import SQL, Identifier

from projections.access import ACCESS
from projections.access_grants import ACCESS_GRANTS
from projections.account_links import ACCOUNT_LINKS
from projections.account_plans import ACCOUNT_PLANS
from projections.accounts import ACCOUNTS
from projections.alerts import ALERTS
from projections.approvals import APPROVALS
from projections.audit_trail import AUDIT_TRAIL
from projections.contracts import CONTRACTS
from projections.funnel import FUNNEL
from projections.goals import GOALS
from projections.people import PEOPLE
from projections.tasks import TASKS
from readmodels.builds import begin, fold_into
from runtime.store.migrate import migrate
from tests.access.world import World

PROJECTIONS: Final = (
    ACCESS,
    ACCESS_GRANTS,
    ACCOUNTS,
    ACCOUNT_LINKS,
    ACCOUNT_PLANS,
    ALERTS,
    APPROVALS,
    PEOPLE,
    CONTRACTS,
    FUNNEL,
    GOALS,
    TASKS,
    AUDIT_TRAIL,
)


@contextmanager
def told(url: str, ledger: str, world: World) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a new ledger whose read models tell of ``world``."""
    migrate(url, ledger, "UTC")
    with opened(url, ledger) as connection:
        builds = [begin(connection, projection, "current") for projection in PROJECTIONS]
        with connection.transaction():
            fold_into(connection, builds, world.recorded())
        yield connection


@contextmanager
def opened(url: str, ledger: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that finds the tables of ``ledger``."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(ledger)))
        yield connection
