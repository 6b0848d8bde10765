"""How each account fares over the year: what it thinks of us, who leaves it, whether it stays."""

from dataclasses import dataclass
from typing import Final, Literal

from runtime.importing.relations.acts import DAYS, Script
from runtime.importing.relations.ground import KnownAccount

Way = Literal[
    "steady", "swaying", "recovering", "declining", "not_renewing", "leaving", "vanishing"
]
"""What becomes of it; who vanishes leaves without a sign."""

_WAYS: Final[dict[int, Way]] = {
    7: "leaving",
    9: "recovering",
    11: "swaying",
    12: "declining",
    14: "not_renewing",
    17: "vanishing",
    19: "swaying",
}
"""By the account's place among each twenty; all others are steady."""

_TURNS: Final[dict[Way, tuple[int, int]]] = {
    "recovering": (120, 200),
    "declining": (285, 315),
    "not_renewing": (185, 225),
    "leaving": (110, 215),
}
"""Between which days it begins to think less of us."""

_STEP_DAYS: Final = 15
"""After so many days it thinks one step less of us, or more."""

_RECOVERS_AFTER: Final = 45
_SWAYS_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Fortune:
    """How one account fares; days are counted from the first of the year, 0."""

    way: Way
    usual: int
    """What it thinks of us on an ordinary day, 0 for the worst to 4."""
    turns_on: int | None
    """The day it begins to think less of us; ``None``: it never does."""
    lost_on: int | None
    """The day it left us; ``None``: it stays."""

    @property
    def falls(self) -> bool:
        """Whether it thinks less of us and goes on doing so."""
        return self.way in {"declining", "not_renewing", "leaving"}

    @property
    def last_day(self) -> int:
        """The last day something may be done together: the last but one, or that it left on."""
        return DAYS - 2 if self.lost_on is None else self.lost_on

    def mood(self, day: int) -> int:
        """What it thinks of us on ``day``, 0 for the worst to 4."""
        if self.way == "swaying":
            return self.usual + day // _SWAYS_DAYS % 2
        if self.turns_on is None or day < self.turns_on:
            return self.usual
        since = day - self.turns_on
        down = 1 + since // _STEP_DAYS
        if self.way == "recovering" and since > _RECOVERS_AFTER:
            down = 1 + _RECOVERS_AFTER // _STEP_DAYS - (since - _RECOVERS_AFTER) // _STEP_DAYS
        return min(self.usual, max(0, self.usual - down))


def fortune_of(script: Script, number: int, account: KnownAccount) -> Fortune:
    """How the account at place ``number`` fares: the same every time."""
    draw, way = script.draw(account.account_id, "fortune"), _WAYS.get(number % 20, "steady")
    usual = 2 if way == "swaying" else draw.choice((3, 4, 4))
    turns_on = draw.randint(*_TURNS[way]) if way in _TURNS else None
    lost_on = None
    if way == "vanishing":
        lost_on = draw.randint(200, 340)
    elif way == "leaving":
        assert turns_on is not None
        lost_on = turns_on + draw.randint(105, 140)
    return Fortune(way, usual, turns_on, lost_on)
