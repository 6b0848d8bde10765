"""F-11: without a lock on the order, a reader loses events, and the checker says so."""

import random
import threading
import time
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from commands.ports import Receipt, RecordedRef
from tests.history.checker import Rule, violations
from tests.history.following import follow
from tests.history.history import Call, History, Read, Silence
from tests.history.telling import fact
from tests.runtime.store.ledgers import Stored

pytestmark = pytest.mark.postgres

WRITERS: Final = 8
COMMANDS: Final = 160
"""Of each writer; every fifth is made to conflict."""


def _recorder(url: str, schema: str) -> PostgresApplicationRecorder:
    """The library's recorder as POSTGRES_ENABLE_DB_FUNCTIONS=y makes it."""
    parts = conninfo_to_dict(url)
    return PostgresApplicationRecorder(
        PostgresDatastore(
            dbname=str(parts["dbname"]),
            host=str(parts["host"]),
            port="5432",
            user=str(parts["user"]),
            password="-",
            schema=schema,
            originator_id_type="text",
            enable_db_functions=True,
            pool_size=1,
            max_overflow=0,
        ),
        events_table_name="events",
    )


def _write(recorder: PostgresApplicationRecorder, name: str, calls: list[Call]) -> None:
    """Commands of 1 or 50 events on a stream of one's own, every fifth on a stale version."""
    rng, version = random.Random(name), 0
    for n in range(COMMANDS):
        stale = n % 5 == 4
        first, events = (max(version, 1), 1) if stale else (version + 1, rng.choice((1, 50)))
        command_id, asked_at = str(uuid4()), time.monotonic()
        drafts = [
            StoredEvent(f"w-{name}", first + m, "x.done", command_id.encode())
            for m in range(events)
        ]
        answer: Receipt | Silence = Silence.REFUSED
        try:
            positions = recorder.insert_events(drafts) or ()
            answer = _receipt(command_id, drafts, list(positions))
            version += events
        except IntegrityError:
            assert stale
        calls.append(
            Call(
                session=name,
                command_id=command_id,
                invoked_at=asked_at,
                ended_at=time.monotonic(),
                answer=answer,
                intends=events,
            )
        )


def _receipt(command_id: str, drafts: list[StoredEvent], positions: list[int]) -> Receipt:
    refs = tuple(
        RecordedRef(draft.topic, f"{draft.originator_id}/{draft.originator_version}", position)
        for draft, position in zip(drafts, positions, strict=True)
    )
    return Receipt(
        command_id=command_id,
        stream=str(drafts[-1].originator_id),
        version=drafts[-1].originator_version,
        position=positions[-1],
        events=refs,
    )


def _stored(connection: psycopg.Connection[Any]) -> list[Stored]:
    """The rows, each with the leaf it would have."""
    rows = connection.execute(
        "SELECT notification_id, originator_id, originator_version, state FROM events ORDER BY 1"
    ).fetchall()
    return [fact(n, stream, version, state.decode(), state) for n, stream, version, state in rows]


def _run(url: str, schema: str) -> History:
    recorders = [_recorder(url, schema) for _ in range(WRITERS)]
    recorders[0].create_table()
    for recorder in recorders[1:]:
        recorder.datastore.register_type_adapters()
    calls: list[Call] = []
    reads: list[Read] = []
    done = threading.Event()
    with psycopg.connect(url, autocommit=True, options=f"-c search_path={schema}") as connection:
        reader = threading.Thread(target=lambda: reads.extend(follow(connection, "events", done)))
        writers = [
            threading.Thread(target=_write, args=(recorder, str(n), calls))
            for n, recorder in enumerate(recorders)
        ]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        reader.join()
        store = _stored(connection)
    for recorder in recorders:
        recorder.datastore.close()
    return History(calls=calls, store=store, reads=reads)


def test_the_library_with_stored_functions_is_caught_losing_events(
    database_url: str, ledger: str
) -> None:
    """The load of F-10 on the library as it is, its stored functions switched on."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {ledger}")
    history = _run(database_url, ledger)
    seen = {position for read in history.reads for position, _ in read.seen}
    lost = [one.position for one in history.store if one.position not in seen]
    assert lost
    found = violations(history)
    # Its numbers have holes, too, wherever an insert failed; nothing else is wrong with it.
    assert {violation.rule for violation in found} == {Rule.C3, Rule.C7}
    caught = [violation for violation in found if violation.rule is Rule.C7]
    assert {violation.says for violation in caught} == {
        "follower was given something else than what is stored"
    }
