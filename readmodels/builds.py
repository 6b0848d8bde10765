"""Builds of read models: made beside each other, filled from the log, switched in one moment."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from events.recorded import Recorded
from projections.projection import Projection
from readmodels import guards, tables
from readmodels.folding import FEW, Known, Memory, fold
from readmodels.reading import PROJECTED_CHANNEL

State = Literal["filling", "current", "kept"]

_BUILDS: Final = "SELECT build, version, tables, position, state FROM read_model WHERE name = %s"
_NEXT: Final = "SELECT coalesce(max(build), 0) + 1 FROM read_model WHERE name = %s"
_BEGIN: Final = """
    INSERT INTO read_model (name, build, version, tables, state)
    VALUES (%s, %s, %s, %s, %s)"""
_MOVE: Final = """
    UPDATE read_model SET position = %b
    FROM unnest(%b::text[], %b::bigint[], %b::bigint[]) AS stood (name, build, position)
    WHERE (read_model.name, read_model.build, read_model.position)
        = (stood.name, stood.build, stood.position) AND state <> 'kept'
    RETURNING read_model.name"""
_LOCK: Final = """
    SELECT position FROM read_model WHERE name = %s AND state = 'current' FOR UPDATE"""
_SET: Final = "UPDATE read_model SET state = %s WHERE name = %s AND build = %s"
_ANNOUNCE: Final = f"SELECT pg_notify({PROJECTED_CHANNEL}, '')"
_UNKNOWN: Final = "SELECT name, build, tables FROM read_model WHERE name <> ALL (%s)"
_FORGET: Final = "DELETE FROM read_model WHERE name = %s AND build = %s"


class CursorMoved(Exception):  # noqa: N818 - names what is found
    """A build is not where it was left: another projector folds it, or it was switched."""


class NewerVersion(Exception):  # noqa: N818 - names what is found
    """A read model answers from a version this release does not know."""


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


def followed(connection: Connection[Any], projection: Projection) -> Build:
    """The build that facts are folded into: the one that answers, made now if there is none.

    While that one comes from an older version, it is the one that will take its place.

    Raises:
        NewerVersion: the one that answers comes from a newer version.
    """
    there = current(connection, projection)
    if there is None:
        return begin(connection, projection, "current")
    if there.version > projection.version:
        message = f"{projection.name} is at version {there.version}, not {projection.version}"
        raise NewerVersion(f"{message}: a newer release of keyledger folds it")
    if there.version != projection.version:
        return unfinished(connection, projection)
    _protect(connection, there)
    return there


def unfinished(connection: Connection[Any], projection: Projection) -> Build:
    """The build beside the one that answers: left behind by an interrupted run, or a new one."""
    for build in builds(connection, projection):
        if build.state == "filling":
            if build.version == projection.version:
                _protect(connection, build)
                return build
            drop(connection, build)
    return begin(connection, projection, "filling")


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
        _protect(connection, build)
        connection.execute(
            _BEGIN, [projection.name, build.number, build.version, build.schema, state]
        )
        return build


def _protect(connection: Connection[Any], build: Build) -> None:
    """Have its tables guarded as they are to be now, also where an earlier release made them."""
    row = connection.execute("SELECT current_schema()").fetchone()
    assert row is not None
    reader = guards.reader_role(row[0])
    connection.execute(
        SQL("GRANT USAGE ON SCHEMA {} TO {}").format(Identifier(build.schema), Identifier(reader))
    )
    for table in build.projection.tables:
        guards.protect(connection, row[0], build.schema, table)


def drop(connection: Connection[Any], build: Build) -> None:
    """Forget a build and its tables."""
    _drop(connection, build.projection.name, build.number, build.schema)


def drop_unknown(connection: Connection[Any], known: Collection[str]) -> tuple[str, ...]:
    """Forget the builds of every read model not ``known``; returns where their tables were.

    Nobody folds them any more: each would fall behind the log for ever.
    """
    rows = connection.execute(_UNKNOWN, [list(known)]).fetchall()
    for name, number, schema in rows:
        _drop(connection, name, number, schema)
    return tuple(schema for _, _, schema in rows)


def _drop(connection: Connection[Any], name: str, number: int, schema: str) -> None:
    with connection.transaction():
        connection.execute(_FORGET, [name, number])
        connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))


@contextmanager
def writing(
    connection: Connection[Any], together: Sequence[Build], facts: Sequence[Recorded[Any]]
) -> Iterator[None]:
    """A transaction to fold ``facts`` in; for a few, its statements go without waiting in turn.

    Where rows are derived they do not: what is derived is read and written as streams.
    """
    derived = any(build.projection.derive for build in together)
    at_once = nullcontext() if derived or len(facts) > FEW else connection.pipeline()
    with at_once, connection.transaction():
        yield


def fold_into(
    connection: Connection[Any],
    together: Sequence[Build],
    facts: Sequence[Recorded[Any]],
    known: Known | None = None,
) -> tuple[Build, ...]:
    """The builds after ``facts``, which go on without a hole from where the hindmost build stands.

    What a build has folded already is left out. Rows, those that are derived from them, and
    positions are written in the transaction ``connection`` is in. ``known`` saves reading rows
    again: whoever keeps it forgets it when a transaction fails.

    Raises:
        CursorMoved: a build is not at its position any more; the transaction has to end.
    """
    known = {} if known is None else known
    last = facts[-1].envelope.position if facts else 0
    behind = [build for build in together if build.position < last]
    for build in behind:
        new = facts[build.position - last :]
        assert new[0].envelope.position == build.position + 1, "facts are missing in between"
        wanted = [fact for fact in new if build.projection.wants(fact.event)]
        if wanted:
            memory = known.setdefault(build.schema, Memory())
            fold(connection, build.schema, build.projection, wanted, memory)
    if behind:
        _move(connection, behind, last)
    return tuple(replace(one, position=max(one.position, last)) for one in together)


def _move(connection: Connection[Any], behind: Sequence[Build], position: int) -> None:
    moved = connection.execute(
        _MOVE,
        [
            position,
            [build.projection.name for build in behind],
            [build.number for build in behind],
            [build.position for build in behind],
        ],
        prepare=True,
    )
    if len(moved.fetchall()) != len(behind):
        stood = ", ".join(f"{build.schema} at {build.position}" for build in behind)
        raise CursorMoved(f"not all of these are where they were left: {stood}")


def announce(connection: Connection[Any]) -> None:
    """Tell whoever waits for a position that read models have moved, when this commits."""
    connection.execute(_ANNOUNCE, prepare=True)


def locked_position(connection: Connection[Any], projection: Projection) -> int:
    """The position of the current build, which cannot move until the transaction ends."""
    row = connection.execute(_LOCK, [projection.name]).fetchone()
    assert row is not None, f"{projection.name} has no current build"
    return int(row[0])


def switch(connection: Connection[Any], build: Build) -> Build:
    """Have ``build`` answer from now on; the one before it is kept, older ones are dropped.

    Called in a transaction that holds the lock of :func:`locked_position`.
    """
    for other in builds(connection, build.projection):
        if other.state == "kept":
            drop(connection, other)
        elif other.state == "current":
            connection.execute(_SET, ["kept", build.projection.name, other.number])
    connection.execute(_SET, ["current", build.projection.name, build.number])
    return replace(build, state="current")


def digest_of(connection: Connection[Any], build: Build) -> str:
    """SHA-256 over all rows of a build; ``connection`` is in a transaction."""
    return tables.digest(connection, build.schema, build.projection.tables)
