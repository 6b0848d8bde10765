"""The log without a broker: `LogSource` on the store's own tail."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

from psycopg import Connection, connect
from psycopg.sql import SQL, Identifier

from events.event import Event
from events.recorded import Recorded
from replay.ports import LogGap
from runtime.log.cloudevents import StoredFact
from runtime.store.event_store import stored

_FACTS: Final = """
    SELECT notification_id, originator_id, topic, state, leaf, leaf_hash FROM events
    WHERE notification_id > %s ORDER BY notification_id LIMIT %s"""
_HEAD: Final = "SELECT n FROM log_head"


class StoreSource:
    """Reads facts where they were written, over a connection of its own; for one thread."""

    def __init__(self, database_url: str, schema: str) -> None:
        self._connection: Connection[Any] = connect(database_url, autocommit=True)
        self._connection.execute(SQL("SET search_path TO {}").format(Identifier(schema)))
        self._connection.execute(SQL("LISTEN {}").format(Identifier(f"{schema}_events")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def read(self, after: int, limit: int, timeout_s: float) -> Sequence[Recorded[Event]]:
        """See `LogSource.read`.

        Raises:
            LogGap: as there, and when the store ends before ``after``: it was cut off.
        """
        found = self.stored(after, limit, timeout_s)
        return [stored(fact.name, fact.payload, fact.leaf) for fact in found]

    def stored(self, after: int, limit: int, timeout_s: float) -> Sequence[StoredFact]:
        """See `StoredFacts.stored`.

        Raises:
            LogGap: as `read`.
        """
        facts = self._facts(after, limit)
        if facts:
            return facts
        head = self.head()
        if head < after:
            message = f"the store ends at position {head}, but {after} was read before"
            raise LogGap(message)
        # What is announced since the query above is kept for this wait, so nothing is missed.
        for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
            pass
        return self._facts(after, limit)

    def head(self) -> int:
        """See `LogSource.head`."""
        row = self._connection.execute(_HEAD, prepare=True).fetchone()
        assert row is not None, "a ledger has one row in log_head"
        return int(row[0])

    def _facts(self, after: int, limit: int) -> list[StoredFact]:
        with self._connection.cursor(binary=True) as cursor:
            cursor.execute(_FACTS, [after, limit], prepare=True)
            rows = cursor.fetchall()
        for expected, row in enumerate(rows, start=after + 1):
            if row[0] != expected:
                message = f"the store goes on with position {row[0]} where {expected} belongs"
                raise LogGap(message)
        return [StoredFact(*row) for row in rows]
