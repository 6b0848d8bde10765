"""Facts folded into the tables of a build: rows read, rows written, and those derived from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg import Connection

from events.recorded import Recorded
from projections.projection import Key, Projection, Table
from readmodels import tables
from readmodels.frames import Frames, Stored, put

Rows = dict[Key, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a build as it is stored where it stands."""

    rows: Rows = field(default_factory=dict)
    frames: Frames = field(default_factory=Frames)


Known = dict[str, Memory]
"""By the schema of the build."""

KNOWN_MAX: Final = 50_000
"""How many rows of a build are known before they are forgotten and read again when needed."""

FEW: Final = 32
"""Up to so many facts are written in statements that travel together; more go in as streams."""


def fold(
    connection: Connection[Any],
    build: str,
    projection: Projection,
    facts: Sequence[Recorded[Any]],
    memory: Memory,
) -> None:
    """Fold ``facts``, which come next, into the tables in the schema ``build``, and derive.

    ``connection`` is in a transaction. ``memory`` is of what is stored, before and after.
    """
    known = memory.rows
    touched = [projection.keys(fact) for fact in facts]
    if len(known) > KNOWN_MAX:
        known.clear()
    missing = {key for keys in touched for key in keys if key not in known}
    _load(connection, build, missing, known)
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
            connection,
            build,
            table,
            list(gone.get(table, ())),
            list(rows.values()),
            stream=len(facts) > FEW,
        )
    if projection.derive is not None:
        written = {table: rows.values() for table, rows in changed.items()}
        catching_up = len(facts) > FEW
        held = Stored(connection, build, memory.frames if catching_up else None)
        if catching_up:
            memory.frames.append(written)
        else:
            memory.frames.forget()
        for derived in projection.derive(held, written):
            put(connection, build, derived)


def _load(connection: Connection[Any], build: str, missing: set[Key], known: Rows) -> None:
    by_table: dict[Table, list[tuple[Any, ...]]] = {}
    for table, values in missing:
        by_table.setdefault(table, []).append(values)
    for table, keys in by_table.items():
        found = tables.load(connection, build, table, keys)
        known.update({(table, values): row for values, row in found.items()})
