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


Known = dict[Key, Any]
"""Rows of a build as they are stored at its position."""

KNOWN_MAX: Final = 200_000
"""How many rows are known before all of them are forgotten and read again when needed."""


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


def fold_into(
    connection: Connection[Any],
    build: Build,
    facts: Sequence[Recorded[Any]],
    known: Known | None = None,
) -> Build:
    """The build after ``facts``, which go on without a hole; those it has already are left out.

    Rows and position are written in the transaction ``connection`` is in. ``known`` saves reading
    rows again: whoever keeps it forgets it when a transaction fails.

    Raises:
        CursorMoved: the build is not at its position any more; the transaction has to end.
    """
    new = [fact for fact in facts if fact.envelope.position > build.position]
    if not new:
        return build
    projection = build.projection
    wanted = [fact for fact in new if projection.wants(fact.event)]
    if wanted:
        _fold(connection, build, wanted, {} if known is None else known)
    position = new[-1].envelope.position
    moved = connection.execute(
        _MOVE, [position, projection.name, build.number, build.position], prepare=True
    ).fetchone()
    if moved is None:
        message = f"{projection.name} build {build.number} is not at position {build.position}"
        raise CursorMoved(f"{message} any more")
    return replace(build, position=position)


def _fold(
    connection: Connection[Any], build: Build, facts: Sequence[Recorded[Any]], known: Known
) -> None:
    projection = build.projection
    touched = [projection.keys(fact) for fact in facts]
    if len(known) > KNOWN_MAX:
        known.clear()
    _load(connection, build, {key for keys in touched for key in keys} - known.keys(), known)
    changed: dict[Table, dict[tuple[Any, ...], Any]] = {}
    gone: dict[Table, set[tuple[Any, ...]]] = {}
    new: set[Key] = set()
    for fact, keys in zip(facts, touched, strict=True):
        for key, row in projection.evolve({key: known.get(key) for key in keys}, fact).items():
            table, values = key
            if known.get(key) is None:
                new.add(key)
            elif key not in new:
                gone.setdefault(table, set()).add(values)
            known[key] = row
            changed.setdefault(table, {})[values] = row
    for table, rows in changed.items():
        tables.replace(
            connection, build.schema, table, list(gone.get(table, ())), list(rows.values())
        )


def _load(connection: Connection[Any], build: Build, missing: set[Key], known: Known) -> None:
    by_table: dict[Table, list[tuple[Any, ...]]] = {}
    for table, values in missing:
        by_table.setdefault(table, []).append(values)
    for table, keys in by_table.items():
        found = tables.load(connection, build.schema, table, keys)
        known.update({(table, values): row for values, row in found.items()})


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
