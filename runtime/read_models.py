"""Read models in PostgreSQL as `replay/` sees them: to be built anew, and to be compared."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection

from events.event import Event
from events.recorded import Recorded
from projections.projection import Projection, Table
from readmodels import builds, tables
from readmodels.builds import Build
from replay.ports import BuildsDiffer
from runtime.log.cloudevents import StoredFact

_WHOLE_STORE: Final = """
    SELECT notification_id, originator_id, topic, state, leaf, leaf_hash FROM events
    ORDER BY notification_id"""
_FETCH: Final = 5_000


class Workbench:
    """`Workshop` for one projection; ``connection`` is one of the ledger's, in no transaction."""

    def __init__(self, connection: Connection[Any], projection: Projection) -> None:
        self._connection = connection
        self._projection = projection
        self._build = builds.unfinished(connection, projection)

    @property
    def position(self) -> int:
        """The position of the last fact the new build has folded."""
        return self._build.position

    def target(self) -> int:
        """Where the build that answers stands now."""
        return self._current().position

    def fold(self, facts: Sequence[Recorded[Event]]) -> None:
        """Fold the facts that come next; they stay folded whatever happens afterwards."""
        with builds.writing(self._connection, facts):
            (self._build,) = builds.fold_into(self._connection, [self._build], facts)

    def switch(self, rest: Callable[[int, int], Sequence[Recorded[Event]]]) -> str:
        """Bring the new build exactly level, compare, and have it answer, in one transaction.

        Raises:
            BuildsDiffer: same version, other rows. The new build is dropped.
        """
        try:
            with self._connection.transaction():
                return self._switch(rest)
        except BuildsDiffer:
            builds.drop(self._connection, self._build)
            raise

    def _switch(self, rest: Callable[[int, int], Sequence[Recorded[Event]]]) -> str:
        level = builds.locked_position(self._connection, self._projection)
        while self._build.position < level:
            facts = rest(self._build.position, level)
            (self._build,) = builds.fold_into(self._connection, [self._build], facts)
        before = self._current()
        digest = builds.digest_of(self._connection, self._build)
        if before.version == self._build.version:
            answering = builds.digest_of(self._connection, before)
            if answering != digest:
                name, position = self._projection.name, level
                message = f"{name} built anew as of position {position} has the digest {digest}"
                raise BuildsDiffer(f"{message}, the one that answers {answering}")
        builds.switch(self._connection, self._build)
        builds.announce(self._connection)
        return digest

    def _current(self) -> Build:
        found = builds.current(self._connection, self._projection)
        return found or builds.begin(self._connection, self._projection, "current")


@dataclass(frozen=True, slots=True)
class Answering:
    """`ReadModel` of the build that answers; ``connection`` is in a transaction."""

    connection: Connection[Any]
    build: Build

    @property
    def projection(self) -> Projection:
        """What it was folded with."""
        return self.build.projection

    @property
    def position(self) -> int:
        """The position of the last fact it has folded."""
        return self.build.position

    def rows(self, table: Table) -> Iterator[Any]:
        """Its rows, in order of their keys."""
        return tables.whole(self.connection, self.build.schema, table)


def answering(
    connection: Connection[Any], projections: Sequence[Projection]
) -> tuple[Answering, ...]:
    """The read models that answer now; those never built are left out."""
    found = (builds.current(connection, projection) for projection in projections)
    return tuple(Answering(connection, build) for build in found if build is not None)


def whole_store(connection: Connection[Any]) -> Iterator[StoredFact]:
    """Every row of the event store in order, a part in memory at a time, in a transaction."""
    with connection.cursor(name="store", binary=True) as cursor:
        cursor.itersize = _FETCH
        cursor.execute(_WHOLE_STORE)
        for row in cursor:
            yield StoredFact(*row)
