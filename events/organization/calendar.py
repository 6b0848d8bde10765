"""Facts about the calendar: what folds see instead of a clock."""

from datetime import date
from typing import ClassVar

from events.event import Event


class DayClosed(Event):
    """A day of the ledger's zone is over."""

    NAME: ClassVar[str] = "day.closed"

    day: date


CalendarEvent = DayClosed
