"""The acts of a year of relationships: who asks for what, and after what."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from itertools import groupby
from typing import Any, Final, NamedTuple
from uuid import UUID

from runtime.importing.driving import CommandLine
from runtime.importing.relations.ground import Ground
from runtime.importing.steps import Step

DAYS: Final = 365
"""How long the year is, its last day included."""


class Phase(IntEnum):
    """All acts of a phase are carried out before any of the next; those of one record in order."""

    STAFF = 1
    RULES = 2
    RULES_DECIDED = 3
    RULES_IN_FORCE = 4
    NEW_RULES = 5
    NEW_RULES_DECIDED = 6
    NEW_RULES_IN_FORCE = 7
    ACCOUNTS = 8
    CONTACTS = 9
    PEOPLE = 10
    TOGETHER = 11
    PUT_UP = 12
    DECIDED = 13
    DECIDED_ABOVE = 14
    FOLLOWED = 15
    DECIDED_AGAIN = 16
    RESULTS = 17
    WATCHED = 18
    NOTICED = 19


WATCHED_FROM: Final = DAYS - 60
"""What befalls an account from this day on is told when alert rules are in force."""


def told_in(day: int, before: Phase = Phase.RESULTS) -> Phase:
    """When that is told what befell an account on ``day``: ``before`` alert rules, or after."""
    return Phase.NOTICED if day >= WATCHED_FROM else before


class Act(NamedTuple):
    """One command, and the key of whoever gives it; ``None`` for the administrator's."""

    phase: Phase
    key_id: str | None
    line: CommandLine


def steps(acts: Iterable[Act]) -> tuple[Step, ...]:
    """``acts`` by phase and in it by key; otherwise in the order they come in."""

    def place(act: Act) -> tuple[Phase, str]:
        return act.phase, act.key_id or ""

    return tuple(
        Step(key_id or None, tuple(act.line for act in found))
        for (_, key_id), found in groupby(sorted(acts, key=place), key=place)
    )


@dataclass(slots=True)
class Calendar:
    """The days of the year that ends with ``last_on``."""

    last_on: date

    @property
    def first_on(self) -> date:
        """The first day."""
        return self.last_on - timedelta(days=DAYS - 1)

    def day(self, number: int) -> date:
        """The day ``number`` days after the first, the last one at most."""
        return self.first_on + timedelta(days=min(number, DAYS - 1))

    @property
    def start_month(self) -> int:
        """The month the fiscal year begins in: the one after the first day's."""
        return self.first_on.month % 12 + 1

    @property
    def fiscal_year(self) -> int:
        """The fiscal year that lies in this year, but for up to 31 days."""
        return self.first_on.year + (self.first_on.month == 12)

    def begin(self, fiscal_year: int, quarter: int = 1) -> date:
        """The first day of a quarter of a fiscal year; the fifth is the first of the next year."""
        months = self.start_month - 1 + 3 * (quarter - 1)
        return date(fiscal_year + months // 12, months % 12 + 1, 1)


@dataclass(slots=True)
class Script:
    """Writes commands down, each with a key of its own."""

    ground: Ground
    calendar: Calendar
    seed: int
    _count: int = field(default=0)

    def draw(self, *what: object) -> random.Random:
        """Chance for one subject: the same every time, whatever else is made up."""
        return random.Random(f"{self.seed} {what}")  # noqa: S311 - made up, not secret

    def line(self, command: str, on: date | str, **fields: Any) -> CommandLine:
        """One command; ``on`` is its day, or an instant. Fields that are ``None`` are left out."""
        self._count += 1
        return {
            "command": command,
            "idempotency_key": f"relations-{self.calendar.last_on}-{self._count}",
            "occurred_at": on if isinstance(on, str) else on.isoformat(),
            **{name: value for name, value in fields.items() if value is not None},
        }

    def money(self, minor: int) -> dict[str, object]:
        """An amount in the ground's currency."""
        return {"minor": minor, "currency": self.ground.currency}


def person(draw: random.Random) -> str:
    """The id of somebody: a random UUID."""
    return str(UUID(int=draw.getrandbits(128), version=4))
