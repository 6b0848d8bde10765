"""The rows that the facts say, however many: the newest in memory, all others in a file of its own.

The file is a database that nobody else sees, and gone when it is closed. It orders keys as
PostgreSQL does: text byte by byte, numbers by what they are.
"""

import pickle
import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

from projections.projection import Key, Table

HOT_MAX: Final = 50_000
"""How many rows are held in memory; there, one takes one to two kilobytes."""

_KEYS_MAX: Final = 3
_MADE: Final = """
    CREATE TABLE kept (shelf, k1, k2, k3, row, PRIMARY KEY (shelf, k1, k2, k3)) WITHOUT ROWID"""
_KEEP: Final = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)"
_ONE: Final = "SELECT row FROM kept WHERE (shelf, k1, k2, k3) = (?, ?, ?, ?)"
_OF: Final = "SELECT row FROM kept WHERE shelf = ? ORDER BY k1, k2, k3"
_COUNT: Final = "SELECT count(*) FROM kept"


class ExpectedRows(MutableMapping[Key, Any]):
    """Rows by key, as :func:`projections.projection.fold` has them; none is ever taken away."""

    def __init__(self, tables: tuple[Table, ...], *, hot_max: int = HOT_MAX) -> None:
        assert all(len(table.key) <= _KEYS_MAX for table in tables), "a key is too long"
        self._shelves = {table: shelf for shelf, table in enumerate(tables)}
        self._hot: dict[Key, Any] = {}
        self._hot_max = hot_max
        self._file = sqlite3.connect("", isolation_level=None)
        # A file that was cut off is of no use to anybody.
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute(_MADE)

    def __getitem__(self, key: Key) -> Any:
        if key in self._hot:
            return self._hot[key]
        found = self._file.execute(_ONE, self._place(key)).fetchone()
        if found is None:
            raise KeyError(key)
        return _row(key[0], found[0])

    def __setitem__(self, key: Key, row: Any) -> None:
        self._hot[key] = row
        if len(self._hot) > self._hot_max:
            self._cool()

    def __delitem__(self, key: Key) -> None:
        raise NotImplementedError(key)

    def __iter__(self) -> Iterator[Key]:
        for table in self._shelves:
            for row in self.of(table):
                yield table, table.key_of(row)

    def __len__(self) -> int:
        self._cool()
        return int(self._file.execute(_COUNT).fetchone()[0])

    def of(self, table: Table) -> Iterator[Any]:
        """The rows of ``table`` in order of their keys, one in memory at a time."""
        self._cool()
        for (kept,) in self._file.execute(_OF, (self._shelves[table],)):
            yield _row(table, kept)

    def close(self) -> None:
        """Forget all of them."""
        self._hot.clear()
        self._file.close()

    def _cool(self) -> None:
        kept = (
            (*self._place(key), pickle.dumps(tuple(row), pickle.HIGHEST_PROTOCOL))
            for key, row in self._hot.items()
        )
        self._file.execute("BEGIN")
        self._file.executemany(_KEEP, kept)
        self._file.execute("COMMIT")
        self._hot.clear()

    def _place(self, key: Key) -> tuple[Any, ...]:
        table, values = key
        return self._shelves[table], *values, *("",) * (_KEYS_MAX - len(values))


def _row(table: Table, kept: bytes) -> Any:
    values = pickle.loads(kept)  # noqa: S301 - nobody else has written to the file
    return table.row._make(values)
