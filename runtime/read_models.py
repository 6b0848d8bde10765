"""Read models in PostgreSQL as `replay/` sees them: to be built anew, and to be compared."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection

from events.event import Event
from events.recorded import Recorded
from projections.projection import Projection, Table
from readmodels import builds, tables
from readmodels.builds import Build
from readmodels.folding import Known
from replay.ports import BuildsDiffer
from runtime.log.cloudevents import StoredFact

Rest = Callable[[int, int], Sequence[Recorded[Event]]]
"""The facts after one position up to another; at least one."""

_WHOLE_STORE: Final = """
    SELECT notification_id, originator_id, topic, state, leaf, leaf_hash FROM events
    ORDER BY notification_id"""
_FETCH: Final = 5_000


class VersionUnderWay(Exception):  # noqa: N818 - says what to do
    """The build that answers is not of this release's version: a projector sees to that."""


class Workbench:
    """`Workshop` for one projection; ``connection`` is one of the ledger's, in no transaction."""

    def __init__(self, connection: Connection[Any], projection: Projection) -> None:
        """Take up the build an interrupted run has left behind, or begin one.

        Raises:
            VersionUnderWay: the build that answers is of another version.
        """
        self._connection = connection
        self._projection = projection
        found = self._current().version
        if found != projection.version:
            message = f"{projection.name} is at version {found}, and a projector of the newest"
            raise VersionUnderWay(f"{message} release builds its own version and switches to it")
        self._build = builds.unfinished(connection, projection)
        self._known: Known = {}

    @property
    def position(self) -> int:
        """The position of the last fact the new build has folded."""
        return self._build.position

    def target(self) -> int:
        """Where the build that answers stands now."""
        return self._current().position

    def fold(self, facts: Sequence[Recorded[Event]]) -> None:
        """Fold the facts that come next; they stay folded whatever happens afterwards."""
        with builds.writing(self._connection, [self._build], facts):
            (self._build,) = builds.fold_into(self._connection, [self._build], facts, self._known)

    def compare(self, rest: Rest) -> str:
        """Bring the new build level with the one that answers as it stands now, and compare.

        Nobody waits for it, however many rows there are: the one that answers is looked at as it
        was at one moment, and goes on.

        Raises:
            BuildsDiffer: they do not hold the same rows. The new build is dropped.
        """
        with self._snapshot():
            before = self._current()
            answering = builds.digest_of(self._connection, before)
        while self.position < before.position:
            self.fold(rest(self.position, before.position))
        with self._snapshot():
            digest = builds.digest_of(self._connection, self._build)
        if answering != digest:
            builds.drop(self._connection, self._build)
            name, position = self._projection.name, before.position
            message = f"{name} built anew as of position {position} has the digest {digest}"
            raise BuildsDiffer(f"{message}, the one that answers {answering}")
        return digest

    def switch(self, rest: Rest) -> None:
        """Fold what has come since and have the new build answer, in one transaction."""
        with self._connection.transaction():
            level = builds.locked_position(self._connection, self._projection)
            while self.position < level:
                facts = rest(self.position, level)
                (self._build,) = builds.fold_into(
                    self._connection, [self._build], facts, self._known
                )
            builds.switch(self._connection, self._build)
            builds.announce(self._connection)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        with self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

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
