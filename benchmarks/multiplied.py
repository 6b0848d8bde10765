"""A ledger of any size: a year of business again and again, each time with other records."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from benchmarks.sample import LAST_ON, whole_year
from benchmarks.servers import Servers
from events.organization.calendar import DayClosed
from events.recorded import canonical, envelope_of, leaf, leaf_hash
from runtime.log.cloudevents import StoredFact
from runtime.log.store_source import StoreSource
from runtime.store.migrate import migrate
from runtime.store.postgres import ledger_connection

LEDGER: Final = "bench_many"
_BATCH: Final = 5_000
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COPY: Final = """
    COPY events (originator_id, originator_version, topic, state, notification_id, leaf, leaf_hash)
    FROM STDIN (FORMAT binary)"""
_TYPES: Final = ("text", "int8", "text", "bytea", "int8", "bytea", "bytea")


def multiplied(servers: Servers, facts: int) -> str:
    """The name of a ledger with at least so many facts; each year in it ends with a day closed."""
    source, url = whole_year(servers), servers.database_url
    year = _year(url, source)
    migrate(url, LEDGER, "UTC")
    with ledger_connection(url, LEDGER) as connection, connection.transaction():
        _write(connection, year, facts)
    return LEDGER


def _year(url: str, ledger: str) -> Sequence[StoredFact]:
    found: list[StoredFact] = []
    with StoreSource(url, ledger) as source:
        while more := source.stored(len(found), _BATCH, 0):
            found += more
    return found


def _write(connection: Connection[Any], year: Sequence[StoredFact], facts: int) -> None:
    known = {_identity(envelope_of(fact.leaf).stream) for fact in year} - {"*"}
    position, copy_number = 0, 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        while position < facts:
            names = {name: _renamed(name, copy_number) for name in known}
            for row in _copied(year, names, position, first=copy_number == 0):
                copy.write_row(row)
                position += 1
            copy.write_row(_closed(year[-1], copy_number, position + 1))
            position += 1
            copy_number += 1
    connection.execute("UPDATE log_head SET n = %s", [position])


def _identity(stream: str) -> str:
    return stream.partition("-")[2]


def _renamed(name: str, copy_number: int) -> str:
    if copy_number == 0:
        return name
    if _UUID.fullmatch(name):
        return str(UUID(int=UUID(name).int ^ copy_number))
    return f"{name[:56]}.{copy_number}"


_Row = tuple[str, int, str, bytes, int, bytes, bytes]


def _copied(
    year: Sequence[StoredFact], names: Mapping[str, str], after: int, *, first: bool
) -> Iterator[_Row]:
    """The facts of the year about other records; those about the whole group are told once."""
    position = after
    for fact in year:
        told = envelope_of(fact.leaf)
        kind, _, identity = told.stream.partition("-")
        if identity not in names and not first:
            continue
        position += 1
        payload = canonical(_with(names, json.loads(fact.payload)))
        stream = f"{kind}-{names.get(identity, identity)}"
        envelope = replace(
            told, stream=stream, position=position, payload_sha256=sha256(payload).hexdigest()
        )
        data = leaf(envelope)
        yield stream, told.version, told.name, payload, position, data, leaf_hash(data)


def _with(names: Mapping[str, str], value: Any) -> Any:
    match value:
        case str():
            return names.get(value, value)
        case dict():
            return {name: _with(names, one) for name, one in value.items()}
        case list():
            return [_with(names, one) for one in value]
        case _:
            return value


def _closed(last: StoredFact, copy_number: int, position: int) -> _Row:
    """A day after the year is over."""
    day: date = LAST_ON + timedelta(days=copy_number)
    told = envelope_of(last.leaf)
    payload = DayClosed(day=day).model_dump_json().encode()
    envelope = replace(
        told,
        stream="calendar-days",
        version=copy_number + 1,
        name=DayClosed.NAME,
        schema=DayClosed.VERSION,
        position=position,
        payload_sha256=sha256(payload).hexdigest(),
    )
    data = leaf(envelope)
    return (
        envelope.stream,
        envelope.version,
        envelope.name,
        payload,
        position,
        data,
        leaf_hash(data),
    )
