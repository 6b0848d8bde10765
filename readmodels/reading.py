"""One consistent look at the read models: every answer says how far they had come."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from readmodels.moment import EVER, Moment, end_of
from readmodels.scope import Scope

LIMIT_MAX: Final = 500
"""The most rows of one page."""

PROJECTED_CHANNEL: Final = "current_schema() || '_projected'"
"""The channel of :func:`projected_channel`, as SQL."""

_CURRENT: Final = "SELECT name, position FROM read_model WHERE state = 'current'"
_LOOK: Final = """
    SELECT log_head.n, ledger.zone,
        (SELECT coalesce(jsonb_object_agg(name, position), '{}')
         FROM read_model WHERE state = 'current'),
        set_config('search_path', concat_ws(', ', quote_ident(current_schema()),
            (SELECT string_agg(quote_ident(tables), ', ' ORDER BY name)
             FROM read_model WHERE state = 'current')), true),
        set_config('keyledger.scope', %(scope)s, true),
        set_config('keyledger.employee', %(employee)s, true),
        set_config('keyledger.today', %(today)s, true),
        set_config('role', format('keyledger_%%s_reader', current_schema()), true)
    FROM log_head, ledger"""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far the log and the read models had come when a question was asked."""

    head: int
    """The position of the last fact recorded."""
    positions: Mapping[str, int]
    """The position each read model had folded."""
    zone: ZoneInfo
    """The ledger's zone, in which a date means a whole day."""

    def position(self, *names: str) -> int:
        """The position that all the read models ``names`` had folded; 0 for one not built yet."""
        return min(self.positions.get(name, 0) for name in names)

    def lag(self, *names: str) -> int:
        """How many facts the slowest of the read models ``names`` was behind the log."""
        return max(0, self.head - self.position(*names))

    def moment(self, as_of: date | None = None, known_at: datetime | None = None) -> Moment:
        """The end of the day ``as_of``, as known at ``known_at`` (inclusive); by default now."""
        before = EVER if as_of is None else end_of(as_of, self.zone)
        return Moment(before, EVER if known_at is None else known_at)


@contextmanager
def reading(connection: Connection[Any], scope: Scope) -> Iterator[Stand]:
    """Questions asked inside all see the same facts, whatever is folded or switched meanwhile.

    They see the rows of ``scope`` and no others: row security sees to that, and takes the role of
    the ledger's reader until the end of the block.

    ``connection`` is one of the ledger's, in no transaction; the tables of the current builds
    are found under their bare names until the end of the block. Nothing can be written.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute(_LOOK, scope.settings, prepare=True).fetchone()
        assert row is not None, "the ledger has no head"
        head, zone, positions, *_ = row
        yield Stand(head, positions, ZoneInfo(zone))


def narrow(connection: Connection[Any], scope: Scope) -> None:
    """Have what is asked from here on, inside of :func:`reading`, see the rows of ``scope``."""
    connection.execute(
        "SELECT set_config('keyledger.' || name, value, true) FROM jsonb_each_text(%s) AS given"
        " (name, value)",
        [Jsonb(dict(scope.settings))],
    )


def head(connection: Connection[Any]) -> int:
    """The position of the last fact recorded; 0 before the first."""
    row = connection.execute("SELECT n FROM log_head", prepare=True).fetchone()
    assert row is not None, "the ledger has no head"
    return int(row[0])


def wait_for_position(
    connection: Connection[Any], names: tuple[str, ...], position: int, timeout_s: float
) -> bool:
    """Whether the read models ``names`` have all folded ``position``, waiting up to ``timeout_s``.

    ``connection`` is one of the ledger's, in no transaction.
    """
    if _reached(connection, names, position):
        return True
    channel = Identifier(projected_channel(connection))
    deadline = time.monotonic() + timeout_s
    connection.execute(SQL("LISTEN {}").format(channel))
    try:
        while not _reached(connection, names, position):
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return False
            for _ in connection.notifies(timeout=left_s, stop_after=1):
                pass
        return True
    finally:
        connection.execute(SQL("UNLISTEN {}").format(channel))


def projected_channel(connection: Connection[Any]) -> str:
    """The channel on which a projector says that read models of the ledger have moved."""
    row = connection.execute(f"SELECT {PROJECTED_CHANNEL}").fetchone()
    assert row is not None
    return str(row[0])


def _reached(connection: Connection[Any], names: tuple[str, ...], position: int) -> bool:
    positions = dict(connection.execute(_CURRENT, prepare=True).fetchall())
    return all(positions.get(name, 0) >= position for name in names)


def bounded(limit: int) -> int:
    """``limit``, which lies between 1 and :data:`LIMIT_MAX`, both inclusive."""
    assert 1 <= limit <= LIMIT_MAX, f"a page holds 1 to {LIMIT_MAX} rows"
    return limit
