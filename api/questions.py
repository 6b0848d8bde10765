"""What all read doors share: who asks, as of when, and how fresh the answer must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Header, Query
from pydantic import AwareDatetime, Field
from starlette.requests import Request

from api.ports import Doors
from api.problems import Problem
from api.security import Principal, authenticate
from events.codec import unsealed
from readmodels.moment import Moment
from readmodels.reading import LIMIT_MAX, Stand, head, reading, wait_for_position

WAIT_S: Final = 3.0
"""How long an answer waits for ``Min-Position``."""

_FIRST_DAY, _LAST_DAY = date(2, 1, 1), date(9998, 12, 31)

AsOf = Annotated[
    date | None,
    Query(description="What was true at the end of this day in the ledger's zone. Default: now."),
]
KnownAt = Annotated[
    AwareDatetime | None,
    Query(description="As far as it was known at this instant. Default: now."),
]
MinPosition = Annotated[
    int | None,
    Header(
        alias="Min-Position",
        ge=0,
        lt=2**53,
        description=f"Wait up to {WAIT_S:g} s until this position is in, else answer 503.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="How many on a page.")]
After = Annotated[
    str | None,
    Query(alias="cursor", max_length=400, description="The value of next in an earlier answer."),
]
Accept = Annotated[str | None, Header(include_in_schema=False)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class Asking:
    """One question under way: a connection to ask on, and how far the read models have come."""

    connection: Any
    stand: Stand
    names: tuple[str, ...]

    @property
    def freshness(self) -> dict[str, int]:
        """What every answer says: its position and its lag."""
        return {
            "position": self.stand.position(*self.names),
            "lag": self.stand.lag(*self.names),
        }

    def moment(self, as_of: date | None, known_at: datetime | None) -> Moment:
        """The time that is asked about; days beyond the calendar's ends mean these ends."""
        return self.stand.moment(None if as_of is None else within_calendar(as_of), known_at)


@contextmanager
def asking(doors: Doors, names: tuple[str, ...], min_position: int | None) -> Iterator[Asking]:
    """A question to the read models ``names``, all of whose parts see the same facts.

    Raises:
        Problem: ``unknown-position``: nothing has been recorded at ``min_position`` yet.
            ``read-model-behind``: they do not reach ``min_position`` in time, or one of them
            has never been built.
    """
    with doors.pool.connection() as connection:
        if min_position and min_position > head(connection):
            raise Problem(
                "invalid",
                "unknown-position",
                f"nothing has been recorded at position {min_position} yet",
                ({"pointer": "Min-Position", "detail": "take the position of an answer"},),
            )
        if min_position and not wait_for_position(connection, names, min_position, WAIT_S):
            raise _behind(f"position {min_position} is not in yet; ask again in a moment")
        with reading(connection) as stand:
            for name in names:
                if name not in stand.positions:
                    raise _behind(f"{name} is being built for the first time")
            yield Asking(connection, stand, names)


def _behind(detail: str) -> Problem:
    return Problem("read-model-behind", "read-model-behind", detail)


def opened(doors: Doors, value: Any) -> Any:
    """``value`` with every sealed part opened, or marked as erased."""
    return unsealed(value, doors.unseal)


def within_calendar(day: date) -> date:
    """``day``, or the calendar's end nearest to it that still has a day before and after it."""
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def business_day(doors: Doors, as_of: date | None) -> date:
    """The day a question is about: the one given, else today in the ledger's zone."""
    return as_of or doors.clock().astimezone(doors.zone).date()


class Reader:
    """The dependency that lets pass whoever has a key that works, whatever its role."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, request: Request) -> Principal:
        """Who asks."""
        now = self._doors.clock()
        return await authenticate(request.headers, self._doors.access, now, fresh=True)
