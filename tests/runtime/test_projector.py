"""The projector under fire: whatever happens, its rows are a fold of the store."""

import os
import random
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.accounts import ACCOUNTS
from projections.catalogue import GROUPS, PROJECTIONS
from projections.funnel import FUNNEL
from projections.projection import Projection
from readmodels.builds import NewerVersion, begin, digest_of
from replay.ports import BuildsDiffer
from replay.rebuild import rebuild
from runtime.log.store_source import StoreSource
from runtime.projector import AnotherProjector, Projector
from runtime.read_models import VersionUnderWay, Workbench, answering
from tests.history.dumps import fold_of, read_models
from tests.processes import FORKS, until
from tests.runtime.sales import sell
from tests.runtime.store.ledgers import Ledger

pytestmark = pytest.mark.postgres

STEPS: Final = ("read", "begin", "folded", "commit", "committed")
KILLS_AT_RANDOM: Final = 40


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    return Ledger(database_url, ledger)


def _project(url: str, ledger: str, dies_at: str | None) -> None:
    """What runs in a projector's process."""
    seen = 0

    def at(step: str) -> None:
        nonlocal seen
        seen += step == dies_at
        # Not the first time: by then it has begun to follow.
        if step == dies_at and seen == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    with StoreSource(url, ledger) as source:
        Projector(url, ledger, source, PROJECTIONS, at=at).run(threading.Event())


def _start(store: Ledger, dies_at: str | None = None) -> Any:
    process = FORKS.Process(target=_project, args=(store.url, store.name, dies_at), daemon=True)
    process.start()
    return process


def _position(store: Ledger) -> int:
    rows = read_models(store.url, store.name)
    return min((int(str(model["position"])) for model in rows.values()), default=0)


def _followed(store: Ledger, head: int) -> Callable[[], bool]:
    return lambda: (
        len(read_models(store.url, store.name)) == len(PROJECTIONS) and _position(store) == head
    )


def _assert_a_fold_of_the_store(store: Ledger) -> None:
    assert read_models(store.url, store.name) == fold_of(store.events())


@pytest.mark.slow
def test_a_projector_killed_at_random_fifty_times_leaves_a_fold_of_the_store(
    store: Ledger,
) -> None:
    """F-03: 40 at random moments and 2 at each step, while facts are appended."""
    rng, count = random.Random(3), 0
    deaths = [step for step in STEPS for _ in range(2)] + [None] * KILLS_AT_RANDOM
    rng.shuffle(deaths)
    head = sell(store, 5)
    for death in deaths:
        process = _start(store, death)
        for _ in range(3):
            count += 5
            head = sell(store, 5, first=count)
        if death is None:
            process.join(rng.uniform(0.0, 0.15))
            process.kill()
        else:
            # It dies at the second fact it folds, so there have to be some.
            while process.is_alive():
                count += 1
                head = sell(store, 1, first=count + 100_000)
                process.join(0.02)
        process.join()
    last = _start(store)
    until(_followed(store, head), f"the read models reach position {head}")
    last.kill()
    last.join()
    _assert_a_fold_of_the_store(store)


def test_of_two_projectors_at_most_one_folds_and_nothing_is_folded_twice(store: Ledger) -> None:
    """F-09: a cursor that somebody else has moved is never moved back."""
    processes = [_start(store) for _ in range(2)]
    head = 0
    for batch in range(20):
        head = sell(store, 5, first=batch * 5)
    until(_followed(store, head), f"the read models reach position {head}")
    for process in processes:
        process.kill()
        process.join()
    _assert_a_fold_of_the_store(store)


def test_a_stopped_projector_that_wakes_up_finds_its_place_taken(store: Ledger) -> None:
    sell(store, 5)
    zombie = _start(store)
    until(_followed(store, len(store.events())), "the first one follows")
    os.kill(zombie.pid, signal.SIGSTOP)
    successor = _start(store)
    head = sell(store, 20, first=5)
    until(_followed(store, head), "the second one follows")
    os.kill(zombie.pid, signal.SIGCONT)
    head = sell(store, 20, first=25)
    until(_followed(store, head), "one of them goes on")
    for process in (zombie, successor):
        process.kill()
        process.join()
    _assert_a_fold_of_the_store(store)


def test_a_projector_whose_cursor_was_moved_says_so_and_ends(store: Ledger) -> None:
    head = sell(store, 5)

    def at(step: str) -> None:
        if step == "begin":
            with psycopg.connect(store.url, autocommit=True) as other:
                other.execute(
                    SQL("UPDATE {} SET position = %s WHERE name = 'funnel'").format(
                        Identifier(store.name, "read_model")
                    ),
                    [head],
                )

    with StoreSource(store.url, store.name) as source:
        projector = Projector(store.url, store.name, source, PROJECTIONS, at=at)
        with pytest.raises(AnotherProjector, match="funnel"):
            projector.run(threading.Event())


class _Following:
    """A projector in a thread of this process."""

    def __init__(self, store: Ledger, projections: Sequence[Projection] = PROJECTIONS) -> None:
        self._store = store
        self._stop = threading.Event()
        self._source = StoreSource(store.url, store.name)
        projector = Projector(store.url, store.name, self._source, projections)
        self._thread = threading.Thread(target=projector.run, args=(self._stop,))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._source.close()


def _build_anew(store: Ledger, name: str, stop_after: int = 10**9) -> str | None:
    (projection,) = [found for found in PROJECTIONS if found.name == name]
    told: list[int] = []
    with (
        StoreSource(store.url, store.name) as source,
        psycopg.connect(store.url, autocommit=True) as connection,
    ):
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        workbench = Workbench(connection, projection)
        return rebuild(
            workbench,
            source,
            lambda position, _: told.append(position),
            lambda: len(told) >= stop_after,
        )


def _digest(store: Ledger, name: str) -> str:
    with psycopg.connect(store.url) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        (model,) = [m for m in answering(connection, PROJECTIONS) if m.projection.name == name]
        return digest_of(connection, model.build)


@pytest.mark.parametrize("name", [projection.name for projection in PROJECTIONS])
def test_a_read_model_built_anew_has_the_digest_of_the_one_that_answers(
    store: Ledger, name: str
) -> None:
    head = sell(store, 30)
    with _Following(store):
        until(_followed(store, head), "the read models follow")
        before = _digest(store, name)
        assert _build_anew(store, name) == before
        # The projector goes on with the new build, and the old one is kept.
        head = sell(store, 30, first=30)
        until(_followed(store, head), "the new build follows")
    _assert_a_fold_of_the_store(store)
    with psycopg.connect(store.url) as connection:
        rows = connection.execute(
            SQL("SELECT build, state FROM {} WHERE name = %s ORDER BY build").format(
                Identifier(store.name, "read_model")
            ),
            [name],
        ).fetchall()
    assert rows == [(1, "kept"), (2, "current")]


def test_a_rebuild_while_facts_come_in_ends_level_and_equal(store: Ledger) -> None:
    sell(store, 200)
    done = threading.Event()

    def go_on() -> None:
        first = 200
        while not done.is_set():
            sell(store, 3, first=first)
            first += 3

    with _Following(store):
        until(lambda: _position(store) > 0, "the read models follow")
        writer = threading.Thread(target=go_on)
        writer.start()
        try:
            assert _build_anew(store, "funnel")
        finally:
            done.set()
            writer.join()
        until(_followed(store, len(store.events())), "the new build follows")
    _assert_a_fold_of_the_store(store)


def test_a_rebuild_that_finds_other_rows_leaves_the_one_that_answers_and_says_so(
    store: Ledger,
) -> None:
    head = sell(store, 5)
    with _Following(store):
        until(_followed(store, head), "the read models follow")
    with psycopg.connect(store.url) as connection:
        connection.execute(
            SQL("UPDATE {} SET stage = 'lost'").format(
                Identifier(f"{store.name}_funnel_1", "opportunity")
            )
        )
    with pytest.raises(BuildsDiffer, match=f"funnel built anew as of position {head}"):
        _build_anew(store, "funnel")
    assert _builds(store, "funnel") == [(1, FUNNEL.version, "current")]


def test_a_rebuild_that_was_stopped_goes_on_where_it_was(
    store: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = sell(store, 50)
    with _Following(store):
        until(_followed(store, head), "the read models follow")
    monkeypatch.setattr("replay.rebuild.BATCH", 50)
    assert _build_anew(store, "funnel", stop_after=2) is None
    with psycopg.connect(store.url) as connection:
        row = connection.execute(
            SQL("SELECT position FROM {} WHERE state = 'filling'").format(
                Identifier(store.name, "read_model")
            )
        ).fetchone()
    assert row == (100,)
    assert _build_anew(store, "funnel") == _digest(store, "funnel")
    _assert_a_fold_of_the_store(store)


def _builds(store: Ledger, name: str) -> list[tuple[int, int, str]]:
    with psycopg.connect(store.url) as connection:
        return connection.execute(
            SQL("SELECT build, version, state FROM {} WHERE name = %s ORDER BY build").format(
                Identifier(store.name, "read_model")
            ),
            [name],
        ).fetchall()


NEXT: Final = FUNNEL.version + 1
NEWER: Final = tuple(
    replace(projection, version=NEXT) if projection is FUNNEL else projection
    for projection in PROJECTIONS
)


def test_a_new_version_is_built_beside_the_old_one_which_answers_until_then(
    store: Ledger,
) -> None:
    head = sell(store, 30)
    with _Following(store):
        until(_followed(store, head), "the read models follow")
    with _Following(store, NEWER):
        until(lambda: len(_builds(store, "funnel")) == 2, "the new build is begun")
        until(lambda: _builds(store, "funnel")[1][2] == "current", "the new build answers")
        head = sell(store, 30, first=30)
        until(_followed(store, head), "the new build follows")
    assert _builds(store, "funnel") == [(1, FUNNEL.version, "kept"), (2, NEXT, "current")]
    assert _builds(store, "accounts") == [(1, ACCOUNTS.version, "current")]
    _assert_a_fold_of_the_store(store)


def test_what_a_projector_brings_to_its_version_is_not_rebuilt_beside_it(store: Ledger) -> None:
    head = sell(store, 5)
    with _Following(store, NEWER):
        until(_followed(store, head), "the read models follow")
    with pytest.raises(VersionUnderWay, match=f"funnel is at version {NEXT}"):
        _build_anew(store, "funnel")
    assert _builds(store, "funnel") == [(1, NEXT, "current")]


def test_an_older_release_leaves_alone_what_a_newer_one_has_built(store: Ledger) -> None:
    head = sell(store, 5)
    with _Following(store, NEWER):
        until(_followed(store, head), "the read models follow")
    with (
        StoreSource(store.url, store.name) as source,
        pytest.raises(NewerVersion, match=f"funnel is at version {NEXT}"),
    ):
        Projector(store.url, store.name, source, PROJECTIONS).run(threading.Event())


BYGONE: Final = replace(FUNNEL, name="bygone")
"""A read model that this release does not have."""


def _leave_behind(store: Ledger) -> str:
    """Where the tables of a read model are that another release has made."""
    with psycopg.connect(store.url, autocommit=True) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        return begin(connection, BYGONE, "current").schema


def _is_there(store: Ledger, schema: str) -> bool:
    with psycopg.connect(store.url) as connection:
        row = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema]).fetchone()
    return row == (True,)


def test_a_read_model_this_release_does_not_have_is_forgotten(store: Ledger) -> None:
    """Else it would stand still, and health would say that answers are behind for ever."""
    head = sell(store, 5)
    schema = _leave_behind(store)
    assert _is_there(store, schema)
    with _Following(store):
        until(_followed(store, head), "the read models follow, and no others")
    assert (_builds(store, BYGONE.name), _is_there(store, schema)) == ([], False)
    _assert_a_fold_of_the_store(store)


def test_an_older_release_forgets_nothing_of_a_newer_one(store: Ledger) -> None:
    head = sell(store, 5)
    with _Following(store, NEWER):
        until(_followed(store, head), "the read models follow")
    schema = _leave_behind(store)
    with StoreSource(store.url, store.name) as source, pytest.raises(NewerVersion):
        Projector(store.url, store.name, source, PROJECTIONS).run(threading.Event())
    assert _builds(store, BYGONE.name) == [(1, FUNNEL.version, "current")]
    assert _is_there(store, schema)


def test_a_read_model_that_is_far_behind_catches_up_and_holds_nobody_up(store: Ledger) -> None:
    head = sell(store, 700)
    others = [projection for projection in PROJECTIONS if projection is not FUNNEL]
    with _Following(store, others):
        until(lambda: len(read_models(store.url, store.name)) == len(others), "they are made")
        until(lambda: _position(store) == head, "they follow")
    head = sell(store, 5, first=700)
    with _Following(store):
        until(_followed(store, head), "the last one has caught up")
    _assert_a_fold_of_the_store(store)


def test_what_is_derived_is_folded_beside_the_rest(store: Ledger) -> None:
    """As `keyledger project` does: many facts at first, then a few at a time."""
    head = sell(store, 30)
    rest, derived = GROUPS
    with _Following(store, rest), _Following(store, derived):
        until(_followed(store, head), "the read models follow")
        for first in range(30, 40):
            head = sell(store, 1, first=first)
            until(_followed(store, head), "they follow each fact")
    _assert_a_fold_of_the_store(store)
