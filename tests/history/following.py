"""A reader that follows a table of events as it grows, and says what it was given when."""

import threading
import time
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from tests.history.history import Read


def follow(connection: Connection[Any], table: str, done: threading.Event) -> list[Read]:
    """Every turn in which something was read: always what follows the last position.

    It ends with the first empty turn after ``done`` was set.
    """
    query = SQL(
        "SELECT notification_id, originator_id || '/' || originator_version FROM {} "
        "WHERE notification_id > %s ORDER BY notification_id"
    ).format(Identifier(table))
    turns: list[Read] = []
    after = 0
    while True:
        finished, asked_at = done.is_set(), time.monotonic()
        rows = connection.execute(query, [after], prepare=True).fetchall()
        if not rows and finished:
            return turns
        if rows:
            turns.append(
                Read(
                    session="follower",
                    invoked_at=asked_at,
                    ended_at=time.monotonic(),
                    position=rows[-1][0],
                    after=after,
                    seen=tuple((row[0], row[1]) for row in rows),
                )
            )
            after = rows[-1][0]
