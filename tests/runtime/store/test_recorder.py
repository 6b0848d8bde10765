"""The store: dense positions, receipts, versions, and rows that nobody can change."""

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from commands.ports import Conflict, KeyReused, Receipt
from events.recorded import envelope_of, leaf_hash
from tests.runtime.store.ledgers import Ledger, entry

pytestmark = pytest.mark.postgres


@pytest.fixture(params=["looks first", "foresees"])
def store(request: pytest.FixtureRequest, database_url: str, ledger: str) -> Ledger:
    """A ledger whose recorder looks before it stores, or foresees what it would find."""
    made = Ledger(database_url, ledger)
    if request.param == "foresees":
        made.foresee()
    return made


def test_positions_are_dense_across_conflicts(store: Ledger) -> None:
    """A refused neighbour takes no position with it."""
    with store.connect() as connection:
        first = store.recorder.record(
            connection, [entry("a-1", 1), entry("a-1", 1), entry("b-1", 1)]
        )
        second = store.recorder.record(connection, [entry("b-1", 1), entry("b-1", 2, events=3)])
    assert [type(outcome) for outcome in first] == [Receipt, Conflict, Receipt]
    assert [type(outcome) for outcome in second] == [Conflict, Receipt]
    assert [event.position for event in store.events()] == [1, 2, 3, 4, 5]
    assert [event.version for event in store.events() if event.stream == "b-1"] == [1, 2, 3, 4]


def test_a_version_that_was_only_read_is_confirmed(store: Ledger) -> None:
    """A decision that rests on a stale state is not recorded, whatever it would write."""
    with store.connect() as connection:
        store.recorder.record(connection, [entry("region-x", 1)])
        (stale,) = store.recorder.record(connection, [entry("a-1", 1, reads={"region-x": 0})])
        (fresh,) = store.recorder.record(connection, [entry("a-1", 1, reads={"region-x": 1})])
    assert stale == Conflict(("region-x",))
    assert isinstance(fresh, Receipt)


def test_an_empty_decision_has_a_receipt_and_is_confirmed(store: Ledger) -> None:
    nothing = entry("a-1", 1, events=0)
    with store.connect() as connection:
        (first,) = store.recorder.record(connection, [nothing])
        (again,) = store.recorder.record(connection, [nothing])
    assert isinstance(first, Receipt)
    assert first.events == ()
    assert isinstance(again, Receipt)
    assert again.repeated
    assert store.receipts() == 1


def test_a_repeated_command_gets_its_first_answer(store: Ledger) -> None:
    """In the same batch and in a later one, though the stream has moved on."""
    command = entry("a-1", 1, command_id=str(uuid4()), events=2)
    with store.connect() as connection:
        first, twin = store.recorder.record(connection, [command, command])
        store.recorder.record(connection, [entry("a-1", 3)])
        (later,) = store.recorder.record(connection, [command])
    assert isinstance(first, Receipt)
    for repeat in (twin, later):
        assert isinstance(repeat, Receipt)
        assert repeat.repeated
        assert (repeat.version, repeat.position, repeat.events) == (2, 2, first.events)
    assert len(store.events()) == 3


def test_a_command_id_with_other_content_is_refused(store: Ledger) -> None:
    command_id = str(uuid4())
    with store.connect() as connection:
        _, reused = store.recorder.record(
            connection,
            [
                entry("a-1", 1, command_id=command_id),
                entry("a-2", 1, command_id=command_id, digest=b"e" * 32),
            ],
        )
    assert reused == KeyReused()
    assert len(store.events()) == 1


def test_two_processes_never_trust_what_they_remember(store: Ledger) -> None:
    """The head moved, so the versions in memory are read again."""
    other = store.new_recorder()
    with store.connect() as one, store.connect() as two:
        store.recorder.record(one, [entry("a-1", 1)])
        (seen,) = other.record(two, [entry("a-1", 2)])
        (stale,) = store.recorder.record(one, [entry("a-1", 2)])
    assert isinstance(seen, Receipt)
    assert stale == Conflict(("a-1",))


def test_a_head_that_was_moved_by_another_is_not_stored_upon(store: Ledger) -> None:
    other = store.new_recorder()
    with store.connect() as one, store.connect() as two:
        store.recorder.record(one, [entry("a-1", 1)])
        other.record(two, [entry("b-1", 1)])
        (first, second) = store.recorder.record(one, [entry("a-1", 2), entry("c-1", 1)])
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert [event.position for event in store.events()] == [1, 2, 3, 4]


def test_a_stream_taken_to_be_new_that_is_not_is_a_conflict(store: Ledger) -> None:
    """What is remembered of it is given up in between, as it is when too much is remembered."""
    with store.connect() as connection:
        store.recorder.record(connection, [entry("a-1", 1)])
        store.recorder._versions.clear()
        stale, fresh = store.recorder.record(connection, [entry("a-1", 1), entry("b-1", 1)])
        (next_one,) = store.recorder.record(connection, [entry("a-1", 2)])
    assert stale == Conflict(("a-1",))
    assert isinstance(fresh, Receipt)
    assert isinstance(next_one, Receipt)
    assert [event.position for event in store.events()] == [1, 2, 3]


@pytest.mark.parametrize("keep_receipt", [True, False])
def test_an_earlier_receipt_answers_before_a_stale_version_or_a_refusal_does(
    store: Ledger, keep_receipt: bool
) -> None:
    command = entry("a-1", 1)
    again = replace(command, drafts=(), keep_receipt=keep_receipt, reads={"a-1": 1})
    with store.connect() as connection:
        store.recorder.record(connection, [command])
        fresh, repeated = store.recorder.record(connection, [entry("b-1", 1), again])
    assert [getattr(outcome, "repeated", None) for outcome in (fresh, repeated)] == [False, True]
    assert len(store.events()) == 2


def test_the_leaf_is_the_envelope_and_its_hash_is_stored(store: Ledger) -> None:
    with store.connect() as connection:
        store.recorder.record(connection, [entry("a-1", 1)])
    (event,) = store.events()
    envelope = envelope_of(event.leaf)
    assert (envelope.stream, envelope.version, envelope.position) == ("a-1", 1, 1)
    assert envelope.recorded_at.tzinfo is not None
    assert leaf_hash(event.leaf) == event.leaf_hash


@pytest.mark.parametrize("table", ["events", "receipts"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET stream_x = 1"])
def test_the_database_refuses_to_change_the_log(
    store: Ledger, database_url: str, table: str, act: str
) -> None:
    """Grants stop the appending role; a trigger stops even the owner."""
    column = "topic = topic" if table == "events" else "stream = stream"
    statement = act.format(table).replace("stream_x = 1", column)
    with store.connect() as connection:
        store.recorder.record(connection, [entry("a-1", 1)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
            connection.execute(statement)
    with (
        psycopg.connect(database_url, options=f"-c search_path={store.name}") as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        owner.execute(statement)


def test_the_appending_role_cannot_read_keys_of_persons(store: Ledger) -> None:
    with store.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM person_key")


def test_the_library_appends_through_the_same_door(store: Ledger) -> None:
    """Its `insert_events` seam stores dense positions and meets conflicts as it expects."""
    event = StoredEvent("lib-1", 1, "x.done", b"{}")
    assert store.recorder.insert_events([event], command_id=uuid4()) == [1]
    with pytest.raises(IntegrityError):
        store.recorder.insert_events([event], command_id=uuid4())
    (notification,) = store.recorder.select_notifications(start=1, limit=10)
    assert (notification.id, notification.topic) == (1, "x.done")


def test_stored_functions_are_off_and_a_lock_is_not_waited_for_for_ever(store: Ledger) -> None:
    assert store.recorder.datastore.enable_db_functions is False
    assert store.recorder.datastore.lock_timeout > 0
    with store.connect() as connection:
        row = connection.execute("SHOW lock_timeout").fetchone()
    assert row == ("5s",)
