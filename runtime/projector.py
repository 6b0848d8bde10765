"""Keeps a group of read models up to date: every fact folded exactly once (`reliability.md` 5c)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import structlog
from psycopg import Connection

from events.event import Event
from events.recorded import Recorded
from projections.projection import Projection
from readmodels.builds import (
    Build,
    CursorMoved,
    announce,
    drop_unknown,
    fold_into,
    followed,
    locked_position,
    switch,
    writing,
)
from readmodels.catalogue import READ_MODELS
from readmodels.folding import Known
from replay.ports import LogSource
from runtime.store.postgres import ledger_connection

BATCH: Final = 2_000
"""The most facts folded in one transaction."""

_WAIT_S: Final = 0.5
"""How long a wait for facts lasts before it is looked whether to stop."""

_SESSION: Final = (
    # Rows and cursors are lost together, and folded again: nobody waits for the disk.
    "SET synchronous_commit TO off",
    # A projector that was stopped in a transaction holds up its successor no longer than this.
    "SET idle_in_transaction_session_timeout TO '10s'",
    "SET lock_timeout TO '15s'",
)

Facts = Sequence[Recorded[Event]]


class AnotherProjector(Exception):  # noqa: N818 - says what was found
    """Another process folds the same read models; this one has to end."""


def _nowhere(_: str) -> None:
    """Where a test may end the process."""


class _Reader:
    """Reads a batch; when it was a full one, the next is read and decoded while it is folded."""

    def __init__(self, source: LogSource, thread: ThreadPoolExecutor) -> None:
        self._source = source
        self._thread = thread
        self._following: tuple[int, Future[Facts]] | None = None

    def read(self, after: int, timeout_s: float) -> Facts:
        """The facts after position ``after``; see `LogSource.read`."""
        ahead, self._following = self._following, None
        # What was read ahead is waited for even when something else is wanted by now: a source
        # is for one thread at a time.
        facts = ahead[1].result() if ahead else ()
        if ahead is None or ahead[0] != after or not facts:
            facts = self._source.read(after, BATCH, timeout_s)
        if len(facts) == BATCH:
            last = facts[-1].envelope.position
            self._following = last, self._thread.submit(self._source.read, last, BATCH, 0.0)
        return facts


class Projector:
    """One loop for a group of projections; rows and cursors move in one transaction."""

    def __init__(
        self,
        database_url: str,
        schema: str,
        source: LogSource,
        projections: Sequence[Projection],
        *,
        at: Callable[[str], None] = _nowhere,
    ) -> None:
        self._database_url = database_url
        self._schema = schema
        self._source = source
        self._projections = projections
        self._at = at
        self._known: Known = {}
        self._log: Any = structlog.get_logger("projector").bind(ledger=schema)

    def run(self, stop: threading.Event) -> None:
        """Fold facts as they come until ``stop`` is set.

        A read model that is not there yet is made, and answers from what it has so far. One of an
        older version goes on answering until the new one, built beside it, has caught up. Those
        that this release does not have are forgotten.

        Raises:
            AnotherProjector: another process folds the same read models.
            NewerVersion: a newer release has taken over.
            LogGap: the log does not go on where it has to.
        """
        with (
            ledger_connection(self._database_url, self._schema) as connection,
            ThreadPoolExecutor(1, "reader") as thread,
        ):
            for setting in _SESSION:
                connection.execute(setting)
            reader = _Reader(self._source, thread)
            builds = self._followed(connection)
            # Only now: a newer release, which would have refused, may have others.
            if forgotten := drop_unknown(connection, READ_MODELS):
                self._log.info("projector_forgets", schemas=forgotten)
            while not stop.is_set():
                builds = self._round(connection, reader, builds)

    def _followed(self, connection: Connection[Any]) -> tuple[Build, ...]:
        self._known.clear()
        builds = tuple(followed(connection, projection) for projection in self._projections)
        self._log.info(
            "projector_follows", positions={build.schema: build.position for build in builds}
        )
        return builds

    def _round(
        self, connection: Connection[Any], reader: _Reader, builds: tuple[Build, ...]
    ) -> tuple[Build, ...]:
        """A batch for each place where builds stand: who is behind holds nobody else up."""
        places = sorted({build.position for build in builds})
        timeout_s = _WAIT_S if len(places) == 1 else 0.0
        try:
            for place in places:
                self._at("read")
                facts = reader.read(place, timeout_s)
                if facts:
                    builds = self._fold(connection, builds, place, facts)
            return self._take_over(connection, builds)
        except CursorMoved as lost:
            return self._after_switch(connection, builds, lost)

    def _fold(
        self, connection: Connection[Any], builds: tuple[Build, ...], place: int, facts: Facts
    ) -> tuple[Build, ...]:
        waiting = [build for build in builds if build.position < place]
        reached = [build for build in builds if build.position >= place]
        with writing(connection, reached, facts):
            self._at("begin")
            moved = fold_into(connection, reached, facts, self._known)
            self._at("folded")
            announce(connection)
            self._at("commit")
        self._at("committed")
        return (*waiting, *moved)

    def _take_over(
        self, connection: Connection[Any], builds: tuple[Build, ...]
    ) -> tuple[Build, ...]:
        """The builds, of which those answer from now on that have caught up with the older one."""
        return tuple(
            self._switched(connection, build) if build.state == "filling" else build
            for build in builds
        )

    def _switched(self, connection: Connection[Any], build: Build) -> Build:
        with connection.transaction():
            if locked_position(connection, build.projection) > build.position:
                return build
            self._log.info("projector_switches", schema=build.schema, version=build.version)
            announce(connection)
            return switch(connection, build)

    def _after_switch(
        self, connection: Connection[Any], builds: tuple[Build, ...], lost: CursorMoved
    ) -> tuple[Build, ...]:
        """The builds to go on with, where it was a switch that moved the cursor."""
        now = self._followed(connection)
        if {build.schema for build in now} == {build.schema for build in builds}:
            raise AnotherProjector(f"{lost}: another projector is at work") from lost
        return now
