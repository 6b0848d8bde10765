"""Builds of read models: made beside each other, filled from the log, switched in one moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from events.recorded import Recorded
from projections.projection import Key, Projection, Table
from readmodels import tables
from readmodels.reading import projected_channel

State = Literal["filling", "current", "kept"]

_BUILDS: Final = "SELECT build, version, tables, position, state FROM read_model WHERE name = %s"
_NEXT: Final = "SELECT coalesce(max(build), 0) + 1 FROM read_model WHERE name = %s"
_BEGIN: Final = """
    INSERT INTO read_model (name, build, version, tables, state)
    VALUES (%s, %s, %s, %s, %s)"""
_MOVE: Final = """
    UPDATE read_model SET position = %s
    WHERE name = %s AND build = %s AND position = %s AND state <> 'kept' RETURNING build"""
_LOCK: Final = """
    SELECT position FROM read_model WHERE name = %s AND state = 'current' FOR UPDATE"""
_SET: Final = "UPDATE read_model SET state = %s WHERE name = %s AND build = %s"
_FORGET: Final = "DELETE FROM read_model WHERE name = %s AND build = %s"


class CursorMoved(Exception):  # noqa: N818 - names what is found
    """A build is not where it was left: another projector folds it, or it was switched."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build of a read model."""

    projection: Projection
    number: int
    version: int
    """The version of the projection that fills it."""
    schema: str
    """Where its tables are."""
    position: int
    """The position of the last fact it has folded."""
    state: State


def builds(connection: Connection[Any], projection: Projection) -> tuple[Build, ...]:
    """The builds there are of ``projection``, the oldest first."""
    rows = connection.execute(_BUILDS + " ORDER BY build", [projection.name]).fetchall()
    return tuple(Build(projection, *row) for row in rows)


def current(connection: Connection[Any], projection: Projection) -> Build | None:
    """The build that answers questions; ``None`` before the first."""
    found = [one for one in builds(connection, projection) if one.state == "current"]
    return found[0] if found else None


def begin(connection: Connection[Any], projection: Projection, state: State) -> Build:
    """A new, empty build; as ``current`` it answers at once, from what it has."""
    with connection.transaction():
        # Two processes that begin at the same time take turns.
        connection.execute("LOCK TABLE read_model IN SHARE ROW EXCLUSIVE MODE")
        there = current(connection, projection)
        if state == "current" and there is not None:
            return there
        row = connection.execute(_NEXT, [projection.name]).fetchone()
        ledger = connection.execute("SELECT current_schema()").fetchone()
        assert row is not None
        assert ledger is not None
        build = Build(
            projection,
            row[0],
            projection.version,
            f"{ledger[0]}_{projection.name}_{row[0]}",
            0,
            state,
        )
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(build.schema)))
        for table in projection.tables:
            tables.create(connection, build.schema, table)
        connection.execute(
            _BEGIN, [projection.name, build.number, build.version, build.schema, state]
        )
        return build


def drop(connection: Connection[Any], build: Build) -> None:
    """Forget a build and its tables."""
    with connection.transaction():
        connection.execute(_FORGET, [build.projection.name, build.number])
        connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(build.schema)))


def fold_into(connection: Connection[Any], build: Build, facts: Sequence[Recorded[Any]]) -> Build:
    """The build after ``facts``, which go on without a hole; those it has already are left out.

    Rows and position are written in the transaction ``connection`` is in.

    Raises:
        CursorMoved: the build is not at its position any more; the transaction has to end.
    """
    new = [fact for fact in facts if fact.envelope.position > build.position]
    if not new:
        return build
    projection = build.projection
    wanted = [fact for fact in new if projection.wants(fact.event)]
    if wanted:
        _fold(connection, build, wanted)
    position = new[-1].envelope.position
    moved = connection.execute(
        _MOVE, [position, projection.name, build.number, build.position], prepare=True
    ).fetchone()
    if moved is None:
        message = f"{projection.name} build {build.number} is not at position {build.position}"
        raise CursorMoved(f"{message} any more")
    return replace(build, position=position)


def _fold(connection: Connection[Any], build: Build, facts: Sequence[Recorded[Any]]) -> None:
    projection = build.projection
    needed: dict[Table, dict[tuple[Any, ...], None]] = {}
    touched = [projection.keys(fact) for fact in facts]
    for keys in touched:
        for table, key in keys:
            needed.setdefault(table, {})[key] = None
    rows: dict[Key, Any] = {
        (table, key): row
        for table, keys in needed.items()
        for key, row in tables.load(connection, build.schema, table, list(keys)).items()
    }
    changed: dict[Table, dict[tuple[Any, ...], Any]] = {}
    for fact, keys in zip(facts, touched, strict=True):
        written = projection.evolve({key: rows.get(key) for key in keys}, fact)
        rows.update(written)
        for (table, key), row in written.items():
            changed.setdefault(table, {})[key] = row
    for table, by_key in changed.items():
        tables.store(connection, build.schema, table, list(by_key.values()))


def announce(connection: Connection[Any]) -> None:
    """Tell whoever waits for a position that read models have moved, when this commits."""
    connection.execute(SQL("NOTIFY {}").format(Identifier(projected_channel(connection))))


def locked_position(connection: Connection[Any], projection: Projection) -> int:
    """The position of the current build, which cannot move until the transaction ends."""
    row = connection.execute(_LOCK, [projection.name]).fetchone()
    assert row is not None, f"{projection.name} has no current build"
    return int(row[0])


def switch(connection: Connection[Any], build: Build) -> None:
    """Have ``build`` answer from now on; the one before it is kept, older ones are dropped.

    Called in a transaction that holds the lock of :func:`locked_position`.
    """
    for other in builds(connection, build.projection):
        if other.state == "kept":
            drop(connection, other)
        elif other.state == "current":
            connection.execute(_SET, ["kept", build.projection.name, other.number])
    connection.execute(_SET, ["current", build.projection.name, build.number])


def digest_of(connection: Connection[Any], build: Build) -> str:
    """SHA-256 over all rows of a build; ``connection`` is in a transaction."""
    return tables.digest(connection, build.schema, build.projection.tables)
