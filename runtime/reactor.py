"""What follows from facts and from the calendar: keys destroyed, days closed, steps escalated."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg_pool import ConnectionPool

from aggregates.organization.calendar import CALENDAR, last_closed
from aggregates.refusals import Refusal
from commands.carry_out import Desk, carry_out
from commands.organization.calendar import CloseDay
from commands.work.approval import EscalateApproval
from events.accounts.contact import ContactErased
from events.organization.employee import EmployeeErased
from events.recorded import Recorded
from readmodels import approvals
from readmodels.reading import reading
from readmodels.scope import COMPANY
from replay.ports import LogSource
from runtime.reaction import Cursor, follow, system_context
from runtime.store.keyring import Keyring

ERASER: Final = "when_employee_erased_destroy_keys"
_LOOK_S: Final = 60.0
"""How often it is looked for what is overdue: days pass slowly."""


@dataclass(frozen=True, slots=True)
class Eraser:
    """Destroys a person's key when the log says that the person was erased, ours or a customer's.

    It reads the log from the beginning once, so that a restored copy of the keys is erased again.
    """

    pool: ConnectionPool[Any]
    source: LogSource
    keyring: Keyring

    def run(self, stop: threading.Event) -> None:
        """Follow the log until ``stop``; the cursor moves only after the key is gone."""
        cursor = Cursor(self.pool, ERASER)
        follow(self.source, cursor, cursor.position(), self._erased, stop)

    def _erased(self, recorded: Recorded[Any]) -> bool:
        match recorded.event:
            case EmployeeErased(employee_id=person) | ContactErased(contact_id=person):
                self.keyring.erase(person)
            case _:
                pass
        return True


@dataclass(frozen=True, slots=True)
class DayCloser:
    """Records ``day.closed`` once for every ledger day that is over, in order."""

    desk: Desk
    ledger: str
    zone: ZoneInfo
    clock: Callable[[], datetime]
    begins: bool = True
    """Whether it closes the first day of a ledger; if not, none before somebody else has."""

    async def begun(self) -> bool:
        """Whether any day is closed; before that, nothing is overdue."""
        known = await self.desk.memory.load(CALENDAR, CALENDAR.stream("days"))
        return last_closed(known.state) is not None

    async def close_due(self) -> tuple[date, ...]:
        """Close every day that is over and not closed yet; returns which.

        A ledger that was asleep for a week closes seven days; a new one begins with yesterday.
        """
        closed: list[date] = []
        while True:
            now = self.clock()
            yesterday = now.astimezone(self.zone).date() - timedelta(days=1)
            known = await self.desk.memory.load(CALENDAR, CALENDAR.stream("days"))
            last = last_closed(known.state)
            day = yesterday if last is None else last + timedelta(days=1)
            if day > yesterday or (last is None and not self.begins):
                return tuple(closed)
            context = system_context(self.ledger, self.zone, now, f"close-day {day.isoformat()}")
            await carry_out(self.desk, CloseDay(day=day), context)
            closed.append(day)

    def until_midnight_s(self) -> float:
        """How long the day lasts, at least a second."""
        now = self.clock().astimezone(self.zone)
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), self.zone)
        return max(1.0, (midnight - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Escalator:
    """Turns approvals that are overdue into commands: a row becomes a fact."""

    desk: Desk
    pool: ConnectionPool[Any]
    ledger: str
    zone: ZoneInfo
    clock: Callable[[], datetime]

    async def escalate_due(self) -> int:
        """Escalate every step whose last day is over; returns how many.

        The read model may be behind: what is refused by now is passed over.
        """
        now = self.clock()
        escalated = 0
        for approval_id, step in self._overdue(now.astimezone(self.zone).date()):
            command = EscalateApproval(approval_id=approval_id, step=step)
            context = system_context(self.ledger, self.zone, now, f"escalate {approval_id} {step}")
            with suppress(Refusal):
                receipt = await carry_out(self.desk, command, context)
                escalated += 0 if receipt.repeated else len(receipt.events)
        return escalated

    def _overdue(self, today: date) -> tuple[tuple[str, int], ...]:
        with self.pool.connection() as connection, reading(connection, COMPANY) as stand:
            if "approvals" not in stand.positions:
                return ()
            return approvals.overdue(connection, today)


def follow_days(closer: DayCloser, escalator: Escalator, stop: threading.Event) -> None:
    """Close days as they end and escalate what is overdue by then, until ``stop``.

    One after the other: what a process remembers of streams is for one thread.
    """
    while not stop.is_set():
        asyncio.run(closer.close_due())
        if asyncio.run(closer.begun()):
            asyncio.run(escalator.escalate_due())
        stop.wait(min(_LOOK_S, closer.until_midnight_s()))
