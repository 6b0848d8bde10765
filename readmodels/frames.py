"""Rows of tables as frames, and frames as rows: whole columns travel through COPY."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import Any, Final

import polars as pl
from psycopg import Connection
from psycopg.sql import SQL, Composable, Composed, Identifier

from projections.derivation import Derived, New, framed, schema
from projections.projection import Table

_MICROS: Final = pl.Datetime("us", "UTC")
_EVERYTHING: Final = SQL("true")


def copied_out(
    connection: Connection[Any], query: Composed, values: Mapping[str, Any], columns: pl.Schema
) -> pl.DataFrame:
    """What ``query`` copies out as CSV; instants as microseconds of the epoch.

    ``connection`` is in no pipeline.
    """
    parts = parts_copied_out(connection, query, values, columns)
    return pl.concat((columns.to_frame(), *parts))


def parts_copied_out(
    connection: Connection[Any],
    query: Composed,
    values: Mapping[str, Any],
    columns: pl.Schema,
    octets: int | None = None,
) -> Iterator[pl.DataFrame]:
    """What :func:`copied_out` gives, in order, a frame for each ``octets`` of its text or more.

    No column holds a line break. ``connection`` does nothing else meanwhile.
    """
    text = BytesIO()
    with connection.cursor() as cursor, cursor.copy(query, values) as copy:
        for part in copy:
            text.write(part)
            # PostgreSQL hands out whole lines.
            if octets is not None and text.tell() >= octets:
                yield _read(text, columns)
                text = BytesIO()
    if text.tell():
        yield _read(text, columns)


def _read(text: BytesIO, columns: pl.Schema) -> pl.DataFrame:
    text.seek(0)
    instants = [name for name, kind in columns.items() if kind == _MICROS]
    kinds = pl.Schema(columns | dict.fromkeys(instants, pl.Int64()))
    frame = pl.read_csv(text, has_header=False, schema=kinds)
    return frame.with_columns(pl.col(instants).cast(_MICROS))


def micros(column: str) -> Composable:
    """An instant as :func:`copied_out` wants it."""
    return SQL("(extract(epoch FROM {}) * 1000000)::bigint").format(Identifier(column))


@dataclass(frozen=True, slots=True)
class _Frame:
    """The rows of a table, from an instant on where there is one."""

    rows: pl.DataFrame
    since: datetime | None

    def covers(self, columns: Sequence[str], since: datetime | None) -> bool:
        known = self.since is None or (since is not None and self.since <= since)
        return known and set(columns) <= set(self.rows.columns)


@dataclass(slots=True)
class Frames:
    """Frames of a build that are kept while it catches up: whole tables that are only added to.

    Else each day that is closed would be scored from everything there is, read anew.
    """

    _kept: dict[Table, _Frame] = field(default_factory=dict)

    def append(self, written: New) -> None:
        """Take in the rows that facts have just written."""
        for table, frame in self._kept.items():
            new = framed(table, written.get(table, ())).select(frame.rows.columns)
            rows = pl.concat([frame.rows, new], rechunk=True)
            self._kept[table] = _Frame(rows, frame.since)

    def keep(self, table: Table, rows: pl.DataFrame, since: datetime | None) -> None:
        """Keep all rows of ``table`` there are since then."""
        self._kept[table] = _Frame(rows, since)

    def kept(
        self, table: Table, columns: Sequence[str], since: datetime | None
    ) -> pl.DataFrame | None:
        """What is kept of ``table``, if it is all that is asked for; what is older is let go."""
        found = self._kept.get(table)
        if found is None or not found.covers(columns, since):
            return None
        if since is not None and since != found.since:
            found = _Frame(found.rows.filter(pl.col("occurred_at") >= since), since)
            self._kept[table] = found
        return found.rows.select(columns)

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()


@dataclass(frozen=True)
class Stored:
    """The rows of a build, as `projections.derivation.Held`; asked in one transaction."""

    connection: Connection[Any]
    build: str
    """The schema of its tables."""
    frames: Frames | None
    """Where whole tables are kept; ``None``: they are read when they are asked for."""

    @cached_property
    def zone(self) -> str:
        """The zone of the ledger."""
        row = self.connection.execute("SELECT zone FROM ledger").fetchone()
        assert row is not None
        return str(row[0])

    def frame(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        account_ids: Collection[str] | None = None,
        since: datetime | None = None,
    ) -> pl.DataFrame:
        """See `projections.derivation.Held.frame`."""
        if self.frames is None:
            return self._read(table, columns, account_ids, since)
        # Whoever comes next may ask for some accounts of what is kept.
        whole = [name for name in table.row._fields if name in {*columns, "account_id"}]
        found = self.frames.kept(table, whole, since)
        if found is None and account_ids is None:
            found = self._read(table, whole, None, since)
            self.frames.keep(table, found, since)
        if found is None:
            return self._read(table, columns, account_ids, since)
        if account_ids is not None:
            found = found.filter(pl.col("account_id").is_in(list(account_ids)))
        return found.select(columns)

    def _read(
        self,
        table: Table,
        columns: Sequence[str],
        account_ids: Collection[str] | None,
        since: datetime | None,
    ) -> pl.DataFrame:
        kinds = pl.Schema({name: schema(table)[name] for name in columns})
        wanted = [micros(name) if kinds[name] == _MICROS else Identifier(name) for name in columns]
        query = SQL("COPY (SELECT {} FROM {} WHERE {} AND {}) TO STDOUT (FORMAT csv)").format(
            SQL(", ").join(wanted),
            Identifier(self.build, table.name),
            _EVERYTHING if account_ids is None else SQL("account_id = ANY(%(accounts)s::text[])"),
            _EVERYTHING if since is None else SQL("occurred_at >= %(since)s"),
        )
        given = None if account_ids is None else list(account_ids)
        return copied_out(self.connection, query, {"accounts": given, "since": since}, kinds)


def put(connection: Connection[Any], build: str, derived: Derived) -> None:
    """Have the rows stand in place of the others; ``connection`` is in no pipeline."""
    table = Identifier(build, derived.table.name)
    others = SQL(" AND ").join(
        SQL("{} = ANY(%s::text[])").format(Identifier(name)) for name in derived.instead_of
    )
    connection.execute(
        SQL("DELETE FROM {} WHERE {}").format(table, others),
        [list(values) for values in derived.instead_of.values()],
    )
    names = SQL(", ").join(map(Identifier, derived.rows.columns))
    query = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table, names)
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(derived.rows.write_csv(include_header=False))
