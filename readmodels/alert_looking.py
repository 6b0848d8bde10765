"""How a cause of alerts is looked for: what is asked as of when, and what may be found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, LiteralString, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from events.event import Event
from events.recorded import Recorded
from readmodels.interactions import KNOWN
from readmodels.moment import VALID, Moment


class Candidate(NamedTuple):
    """Something about an account that a rule may notice."""

    account_id: str
    key: str
    """What names the fact or the stretch of time: the same again for the same cause."""
    events: Sequence[str]
    """The facts behind it, besides the one that is looked at."""
    facts: Mapping[str, Any]
    """What a condition may name, but for what is known of the account."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A fact that may be a cause, and as of when the read models are asked about it."""

    connection: Connection[Any]
    recorded: Recorded[Any]
    moment: Moment
    day: date
    """The day of business it is about, in the ledger's zone."""
    zone: ZoneInfo
    window_days: int | None = None
    """What the rules say that are asked for, where the cause compares windows."""
    account_ids: Sequence[str] | None = None
    """Only these are asked about; ``None``: all."""

    def earlier(self, day: date, account_ids: Sequence[str]) -> "Looked":
        """The same as known at the same time, about an earlier day, for these accounts."""
        return replace(self, day=day, account_ids=account_ids)

    def candidates(self, query: LiteralString, **values: Any) -> list[Candidate]:
        """The rows of ``query``, whose columns are those of a candidate.

        ``{valid}`` picks rows of history, ``{known}`` interactions; it takes ``day``, ``zone``,
        ``accounts`` and the parameters of a moment besides ``values``.
        """
        given = {
            **self.moment.parameters,
            "day": self.day,
            "zone": self.zone.key,
            "accounts": None if self.account_ids is None else list(self.account_ids),
            **values,
        }
        with self.connection.cursor(row_factory=args_row(Candidate)) as cursor:
            return cursor.execute(SQL(query).format(valid=VALID, known=KNOWN), given).fetchall()


Find = Callable[[Looked], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Cause:
    """Which facts are looked at, and what is found behind one."""

    on: tuple[type[Event], ...]
    find: Find
    stretch: bool = False
    """Whether it goes on over days, and is one as long as a rule's condition holds at each close.

    The keys of its candidates are then the same on every day.
    """
