"""Keeps a group of read models up to date: every fact folded exactly once (`reliability.md` 5c)."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, Final

import structlog
from psycopg import Connection, connect
from psycopg.sql import SQL, Identifier

from projections.projection import Projection
from readmodels.builds import Build, CursorMoved, Known, announce, begin, current, fold_into
from replay.ports import LogSource

BATCH: Final = 2_000
"""The most facts folded in one transaction."""

_WAIT_S: Final = 0.5
"""How long a wait for facts lasts before it is looked whether to stop."""


class AnotherProjector(Exception):  # noqa: N818 - says what was found
    """Another process folds the same read models; this one has to end."""


def _nowhere(_: str) -> None:
    """Where a test may end the process."""


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
        self._known: dict[str, Known] = {}
        self._log: Any = structlog.get_logger("projector").bind(ledger=schema)

    def run(self, stop: threading.Event) -> None:
        """Fold facts as they come until ``stop`` is set.

        A read model that is not there yet is made, and answers from what it has so far.

        Raises:
            AnotherProjector: another process folds the same read models.
            LogGap: the log does not go on where it has to.
        """
        with closing(connect(self._database_url, autocommit=True)) as connection:
            connection.execute(SQL("SET search_path TO {}").format(Identifier(self._schema)))
            builds = self._current(connection)
            self._log.info("projector_follows", positions={b.schema: b.position for b in builds})
            while not stop.is_set():
                builds = self._step(connection, builds, _WAIT_S)

    def _current(self, connection: Connection[Any]) -> tuple[Build, ...]:
        return tuple(
            current(connection, projection) or begin(connection, projection, "current")
            for projection in self._projections
        )

    def _step(
        self, connection: Connection[Any], builds: tuple[Build, ...], timeout_s: float
    ) -> tuple[Build, ...]:
        self._at("read")
        after = min(build.position for build in builds)
        facts = self._source.read(after, BATCH, timeout_s)
        if not facts:
            return builds
        try:
            with connection.transaction():
                self._at("begin")
                moved = []
                for build in builds:
                    known = self._known.setdefault(build.schema, {})
                    moved.append(fold_into(connection, build, facts, known))
                    self._at("folded")
                announce(connection)
                self._at("commit")
            self._at("committed")
        except CursorMoved as lost:
            self._known.clear()
            return self._after_switch(connection, builds, lost)
        return tuple(moved)

    def _after_switch(
        self, connection: Connection[Any], builds: tuple[Build, ...], lost: CursorMoved
    ) -> tuple[Build, ...]:
        """The builds to go on with, where it was a switch that moved the cursor."""
        now = self._current(connection)
        if [build.number for build in now] == [build.number for build in builds]:
            raise AnotherProjector(f"{lost}: another projector is at work") from lost
        self._log.info("projector_switches", schemas=[build.schema for build in now])
        return now
