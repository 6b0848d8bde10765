"""What follows by itself: days are closed, once and in order, and keys of the erased go."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from commands.accounts.account import RegisterAccount
from commands.accounts.contact import EraseContact, MergeContact, RegisterContact
from commands.carry_out import carry_out
from commands.command import Command
from commands.organization.employee import EraseEmployee, HireEmployee, RecordEmployeeLeft
from commands.organization.region import OpenRegion
from commands.ports import Receipt
from runtime.composition import System, clock, log_source, system
from runtime.reactor import DayCloser, Eraser
from runtime.settings import settings
from tests.commands.asking import context
from tests.processes import until

pytestmark = pytest.mark.postgres

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def house(database_url: str, ledger: str, tmp_path: Path) -> Iterator[System]:
    """A new ledger whose read models follow the store."""
    given = settings(
        {
            "KEYLEDGER_DATA": str(tmp_path),
            "KEYLEDGER_LEDGER": ledger,
            "KEYLEDGER_LOG": "store",
            "KEYLEDGER_ZONE": BERLIN.key,
        }
    )
    with system(given, database_url) as parts:
        yield parts


def closed(house: System) -> list[str]:
    """The days that were closed, in order of the log."""
    with house.pool.connection() as connection:
        rows = connection.execute(
            "SELECT convert_from(state, 'utf8')::jsonb ->> 'day' FROM events "
            "WHERE topic = 'day.closed' ORDER BY notification_id"
        ).fetchall()
    return [day for (day,) in rows]


def close_due(house: System, now: datetime, *, begins: bool = True) -> int:
    given = house.settings
    closer = DayCloser(house.desk, given.ledger, given.zone, lambda: now, begins)
    return len(asyncio.run(closer.close_due()))


def test_a_new_ledger_begins_with_yesterday(house: System) -> None:
    assert close_due(house, datetime(2026, 3, 10, 12, tzinfo=UTC)) == 1
    assert closed(house) == ["2026-03-09"]


def test_the_first_day_may_be_left_to_somebody_else(house: System) -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    given = house.settings
    waiting = DayCloser(house.desk, given.ledger, given.zone, lambda: now, begins=False)
    assert close_due(house, now, begins=False) == 0
    assert not asyncio.run(waiting.begun())
    assert close_due(house, now) == 1
    assert asyncio.run(waiting.begun())
    assert close_due(house, now + timedelta(days=2), begins=False) == 2
    assert closed(house) == ["2026-03-09", "2026-03-10", "2026-03-11"]


def test_a_day_is_over_at_midnight_of_the_ledgers_zone(house: System) -> None:
    midnight = datetime(2026, 3, 11, tzinfo=BERLIN)
    close_due(house, midnight - timedelta(days=1))
    assert close_due(house, midnight - timedelta(microseconds=1)) == 0
    assert close_due(house, midnight) == 1
    assert closed(house) == ["2026-03-09", "2026-03-10"]


def test_a_day_is_closed_once(house: System) -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert [close_due(house, now) for _ in range(3)] == [1, 0, 0]
    assert closed(house) == ["2026-03-09"]


def test_a_ledger_that_was_asleep_closes_every_day_in_order(house: System) -> None:
    close_due(house, datetime(2026, 3, 26, 12, tzinfo=UTC))
    # The night in between in which the clocks are put forward has a day of its own, too.
    assert close_due(house, datetime(2026, 4, 2, 12, tzinfo=UTC)) == 7
    days = [date(2026, 3, 25) + timedelta(days=n) for n in range(8)]
    assert closed(house) == [day.isoformat() for day in days]


async def issue(house: System, command: Command) -> Receipt:
    return await carry_out(house.desk, command, context(key_id=None, now=clock()))


async def hired(house: System) -> str:
    """A person who was hired."""
    await issue(house, OpenRegion(region_id="north", name="North"))
    hire = HireEmployee(
        employee_id=str(uuid4()), name="Ann Archer", region_id="north", roles=("sales_rep",)
    )
    return (await issue(house, hire)).stream.removeprefix("employee-")


def keys_of(house: System, person: str) -> int:
    """How many keys the person has."""
    with house.pool.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM person_key WHERE subject = %s", [person]
        ).fetchone()
    assert row is not None
    return int(row[0])


def cursor(house: System) -> int:
    """How far the reaction has read."""
    with house.pool.connection() as connection:
        row = connection.execute("SELECT position FROM reaction_cursor").fetchone()
    return int(row[0]) if row else 0


def follow_until(house: System, condition: Callable[[], bool]) -> None:
    """Run the reaction until ``condition`` holds, then stop it."""
    stop = threading.Event()
    with log_source(house.settings, house.database_url) as source, ThreadPoolExecutor() as threads:
        running = threads.submit(Eraser(house.pool, source, house.keyring).run, stop)
        try:
            until(condition, "the reaction has done it")
        finally:
            stop.set()
        running.result()


def test_an_erased_persons_key_is_destroyed_and_a_restart_goes_on(house: System) -> None:
    person = asyncio.run(hired(house))
    follow_until(house, lambda: cursor(house) == 2)
    assert keys_of(house, person) == 1
    asyncio.run(issue(house, RecordEmployeeLeft(employee_id=person)))
    asyncio.run(issue(house, EraseEmployee(employee_id=person)))
    assert keys_of(house, person) == 1
    follow_until(house, lambda: cursor(house) == 4)
    assert keys_of(house, person) == 0


def test_the_keys_of_an_erased_contact_and_of_all_it_answers_for_are_destroyed(
    house: System,
) -> None:
    uma, vic = str(uuid4()), str(uuid4())
    asyncio.run(issue(house, RegisterAccount(account_id="acme", name="Acme")))
    for person in (uma, vic):
        register = RegisterContact(contact_id=person, account_id="acme", name="Uma Ulrich")
        asyncio.run(issue(house, register))
    asyncio.run(issue(house, MergeContact(contact_id=uma, into_id=vic)))
    assert [keys_of(house, person) for person in (uma, vic)] == [1, 1]
    asyncio.run(issue(house, EraseContact(contact_id=uma)))
    follow_until(house, lambda: cursor(house) == 7)
    assert [keys_of(house, person) for person in (uma, vic)] == [0, 0]
