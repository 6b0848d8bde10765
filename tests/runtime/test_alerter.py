"""The reaction that raises alerts, as a process runs it: from the head on, once, also killed."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from commands.accounts.account import RegisterAccount
from commands.accounts.contact import RecordContactLeft, RegisterContact
from commands.carry_out import carry_out
from commands.command import Command
from commands.organization.employee import HireEmployee
from commands.organization.region import OpenRegion
from commands.policies.alert_rule import ActivateAlertRule, DraftAlertRule
from commands.ports import Receipt
from projections.catalogue import PROJECTIONS
from runtime.alerter import ALERTER, Alerter
from runtime.composition import System, clock, log_source, system
from runtime.projector import Projector
from runtime.settings import settings
from tests.commands.asking import context
from tests.examples.cast import ANN
from tests.examples.warnings import RULE
from tests.processes import until

pytestmark = pytest.mark.postgres

RULES = (
    DraftAlertRule(
        rule_id="r1", document=RULE.model_copy(update={"region_id": None, "when": "true"})
    ),
    ActivateAlertRule(rule_id="r1", version=1, effective_on=date(2020, 1, 1)),
)


@pytest.fixture
def house(database_url: str, ledger: str, tmp_path: Path) -> Iterator[System]:
    """A new ledger whose read models follow the store, with Ann's account and a rule in force."""
    given = settings(
        {
            "KEYLEDGER_DATA": str(tmp_path),
            "KEYLEDGER_LEDGER": ledger,
            "KEYLEDGER_LOG": "store",
        }
    )
    with system(given, database_url) as parts, projecting(parts):
        issue(parts, OpenRegion(region_id="emea", name="Europe"))
        hire = HireEmployee(
            employee_id=ANN, name="Ann Archer", region_id="emea", roles=("sales_rep",)
        )
        issue(parts, hire)
        issue(parts, RegisterAccount(account_id="acme", name="Acme", owner_id=ANN))
        for command in RULES:
            issue(parts, command)
        yield parts


@contextmanager
def running(loop: Callable[[threading.Event], None]) -> Iterator[None]:
    """``loop`` runs in a thread of its own until the end of the block."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        thread = threads.submit(loop, stop)
        try:
            yield
        finally:
            stop.set()
        thread.result()


@contextmanager
def projecting(house: System) -> Iterator[None]:
    """The read models are kept up to date."""
    ledger = house.settings.ledger
    with log_source(house.settings, house.database_url) as source:
        projector = Projector(house.database_url, ledger, source, PROJECTIONS)
        with running(projector.run):
            yield


@contextmanager
def alerting(house: System) -> Iterator[None]:
    """The reaction runs as a process of its own would: with a memory of its own."""
    given = house.settings
    with (
        system(given, house.database_url) as own,
        log_source(given, house.database_url) as source,
    ):
        alerter = Alerter(own.desk, own.pool, source, given.ledger, given.zone, clock)
        with running(alerter.run):
            yield


def issue(house: System, command: Command) -> Receipt:
    return asyncio.run(carry_out(house.desk, command, context(key_id=None, now=clock())))


def leaves(house: System) -> Receipt:
    """A contact of Acme has left."""
    person = str(uuid4())
    issue(house, RegisterContact(contact_id=person, account_id="acme", name="Uma"))
    return issue(house, RecordContactLeft(contact_id=person))


def one(house: System, query: str) -> int:
    with house.pool.connection() as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def raised(house: System) -> int:
    """How many alerts are recorded."""
    return one(house, "SELECT count(*) FROM events WHERE topic = 'alert.raised'")


def cursor(house: System) -> int:
    """How far the reaction has come; 0 before it has begun."""
    return one(house, f"SELECT position FROM reaction_cursor WHERE name = '{ALERTER}'")


def head(house: System) -> int:
    return one(house, "SELECT n FROM log_head")


def caught_up(house: System) -> None:
    until(lambda: cursor(house) == head(house), "the reaction has seen everything")


def test_it_begins_at_the_head_and_raises_what_comes_then(house: System) -> None:
    leaves(house)
    with alerting(house):
        caught_up(house)
        assert raised(house) == 0
        leaves(house)
        until(lambda: raised(house) == 1, "the alert is raised")
        caught_up(house)
    assert raised(house) == 1


def test_killed_between_the_alert_and_the_cursor_it_raises_no_second(house: System) -> None:
    """The cursor stands where it stood before, as after a kill."""
    with alerting(house):
        caught_up(house)
    before = cursor(house)
    leaves(house)
    with alerting(house):
        until(lambda: raised(house) == 1, "the alert is raised")
        caught_up(house)
    with house.pool.connection() as connection:
        connection.execute("UPDATE reaction_cursor SET position = %s", [before])
    assert cursor(house) == before
    with alerting(house):
        caught_up(house)
    assert raised(house) == 1


def test_what_was_missed_is_raised_after_a_restart(house: System) -> None:
    with alerting(house):
        caught_up(house)
    leaves(house)
    leaves(house)
    with alerting(house):
        caught_up(house)
    assert raised(house) == 2


def test_it_stops_while_it_waits_for_the_read_models(
    database_url: str, ledger: str, tmp_path: Path
) -> None:
    """Without a projector nothing is known yet, so nothing is raised, and nothing passed over."""
    given = settings(
        {"KEYLEDGER_DATA": str(tmp_path), "KEYLEDGER_LEDGER": ledger, "KEYLEDGER_LOG": "store"}
    )
    with system(given, database_url) as parts:
        with alerting(parts):
            until(lambda: one(parts, "SELECT count(*) FROM reaction_cursor") == 1, "it has begun")
            issue(parts, OpenRegion(region_id="emea", name="Europe"))
            issue(parts, RegisterAccount(account_id="acme", name="Acme", region_id="emea"))
            left = leaves(parts)
        assert (cursor(parts) < left.position, raised(parts)) == (True, 0)
