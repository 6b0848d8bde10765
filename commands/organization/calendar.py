"""What keyledger itself asks of the calendar."""

from aggregates.organization import calendar
from aggregates.organization.calendar import CALENDAR
from commands.command import Command, Day
from commands.look import Decided, Look


class CloseDay(Command):
    """Record that a day of the ledger's zone is over; only keyledger itself asks for it."""

    day: Day


def close_day(command: CloseDay, look: Look) -> Decided:
    """Close it."""
    return look.decide(CALENDAR, "days", calendar.close, day=command.day, today=look.context.today)
