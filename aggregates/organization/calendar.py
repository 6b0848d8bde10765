"""The ledger's days: closed one after the other, none left out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aggregates.decider import Decider
from aggregates.refusals import Invalid, WrongState
from events.organization.calendar import CalendarEvent, DayClosed

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """The last day that was closed; ``None`` before the first."""

    last: date | None = None


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(_: Calendar, event: CalendarEvent) -> Calendar:
    """The calendar after ``event``."""
    return Calendar(event.day)


CALENDAR: Final[Decider[Calendar, CalendarEvent]] = Decider("calendar", Calendar(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def last_closed(calendar: Calendar) -> date | None:
    """The last day that was closed; ``None`` before the first."""
    return calendar.last


def close(calendar: Calendar, *, day: date, today: date) -> tuple[CalendarEvent, ...]:
    """Close ``day``, which must be over; nothing when it is closed.

    Raises:
        Invalid: ``day-not-over``: it is ``today`` or later.
        WrongState: ``day-out-of-order``: the day before it is not closed. The first may be any.
    """
    if calendar.last is not None and day <= calendar.last:
        return ()
    if day >= today:
        raise Invalid("day-not-over", f"the day {day} is not over", field="day")
    if calendar.last is not None and day != calendar.last + timedelta(days=1):
        raise WrongState("day-out-of-order", f"the last day closed is {calendar.last}", field="day")
    return (DayClosed(day=day),)
