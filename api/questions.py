"""What all read doors share: who asks, as of when, and how fresh the answer must be."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Query
from pydantic import AwareDatetime, Field

from api.access.reader import WAIT_S, Reader, ReaderOf, behind, reader
from api.cursors import cursor, number_after, text_after
from api.field_classes import Sight
from api.ports import Doors
from api.problems import Problem
from api.tables import CSV, JSON, wanted
from events.codec import unsealed
from readmodels.moment import Moment
from readmodels.reading import LIMIT_MAX, Stand, head, wait_for_position

Row = TypeVar("Row")

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


def questions(prefix: str = "/v1") -> APIRouter:
    """A router of read doors; each needs a key that works."""
    return APIRouter(prefix=prefix, tags=["questions"], dependencies=[Depends(reader)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a door is asked besides its own parameters."""

    reader: Reader
    as_of: date | None = None
    known_at: datetime | None = None
    min_position: int | None = None
    kind: str = JSON
    """The media type of the answer."""

    @property
    def doors(self) -> Doors:
        """The doors it is asked at."""
        return self.reader.doors

    @property
    def day(self) -> date:
        """The day of business it is about: the one given, else today in the ledger's zone."""
        return self.as_of or self.doors.clock().astimezone(self.doors.zone).date()

    def opened(self, value: Any) -> Any:
        """``value`` with every sealed part opened, or marked as erased."""
        return unsealed(value, self.doors.unseal)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion(Question):
    """A question whose answer comes in pages."""

    limit: int
    cursor: str | None = None

    @property
    def after(self) -> str:
        """The id the page begins after; empty for the first page.

        Raises:
            Problem: ``cursor-malformed``.
        """
        return text_after(self.cursor)

    @property
    def skip(self) -> int:
        """The number the page begins after; 0 for the first page.

        Raises:
            Problem: ``cursor-malformed``.
        """
        return number_after(self.cursor)

    def following(self, rows: Sequence[Row], place: Callable[[Row], str | int]) -> str | None:
        """The cursor of the page after ``rows``, by the ``place`` of the last one."""
        return cursor(place(rows[-1])) if len(rows) == self.limit else None

    def further(self, rows: Sequence[Any]) -> str | None:
        """The cursor of the page after ``rows`` where places are counted."""
        return cursor(self.skip + self.limit) if len(rows) == self.limit else None


def _asked_of_one(
    reader: ReaderOf,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    min_position: MinPosition = None,
) -> Question:
    return Question(reader=reader, as_of=as_of, known_at=known_at, min_position=min_position)


def _asked_of_figures(
    reader: ReaderOf,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    min_position: MinPosition = None,
    accept: Accept = None,
) -> Question:
    kind = wanted(accept, (JSON, CSV))
    return Question(
        reader=reader, as_of=as_of, known_at=known_at, min_position=min_position, kind=kind
    )


def listing(
    limit: int = 100, *, kinds: tuple[str, ...] = (JSON, CSV)
) -> Callable[..., ListQuestion]:
    """The dependency of a list door with pages of ``limit`` unless told otherwise.

    ``kinds`` are the media types it answers in.
    """

    def asked_of_list(
        reader: ReaderOf,
        *,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = limit,
        cursor_: After = None,
        min_position: MinPosition = None,
        accept: Accept = None,
    ) -> ListQuestion:
        return ListQuestion(
            reader=reader,
            as_of=as_of,
            known_at=known_at,
            min_position=min_position,
            kind=wanted(accept, kinds),
            limit=limit,
            cursor=cursor_,
        )

    return asked_of_list


AskedOfOne = Annotated[Question, Depends(_asked_of_one)]
"""The parameters of a door that answers one thing as it was."""

AskedOfFigures = Annotated[Question, Depends(_asked_of_figures)]
"""The parameters of a door that answers a few figures as they were, as JSON or CSV."""

AskedOfList = Annotated[ListQuestion, Depends(listing())]
"""The parameters of a door that answers a list as it was, as JSON or CSV."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One question under way: a connection to ask on, and how far the read models have come."""

    connection: Any
    stand: Stand
    names: tuple[str, ...]
    moment: Moment
    """The time that is asked about; days beyond the calendar's ends mean these ends."""
    sight: Sight
    """Which fields of the answer are for who asks."""

    @property
    def freshness(self) -> dict[str, int]:
        """What every answer says: its position and its lag."""
        return {
            "position": self.stand.position(*self.names),
            "lag": self.stand.lag(*self.names),
        }


@contextmanager
def asking(question: Question, names: tuple[str, ...]) -> Iterator[Asking]:
    """A question to the read models ``names``, all of whose parts see the same facts.

    Raises:
        Problem: ``unknown-position``: nothing has been recorded at the least position yet.
            ``read-model-behind``: they do not reach it in time, or one of them has never been
            built.
    """
    least = question.min_position
    with question.doors.pool.connection() as connection:
        if least and least > head(connection):
            raise Problem(
                "invalid",
                "unknown-position",
                f"nothing has been recorded at position {least} yet",
                ({"pointer": "Min-Position", "detail": "take the position of an answer"},),
            )
        if least and not wait_for_position(connection, names, least, WAIT_S):
            raise behind(f"position {least} is not in yet; ask again in a moment")
        with question.reader.looking(connection, names) as (stand, sight):
            as_of = None if question.as_of is None else within_calendar(question.as_of)
            moment = stand.moment(as_of, question.known_at)
            yield Asking(connection, stand, names, moment, sight)


def within_calendar(day: date) -> date:
    """``day``, or the calendar's end nearest to it that still has a day before and after it."""
    return min(max(day, _FIRST_DAY), _LAST_DAY)
