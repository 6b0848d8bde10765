"""A rebuild under fire: whenever it is killed, the old rows answer until the new ones do, whole."""

import os
import random
import signal
import threading
from typing import Any, Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.funnel import FUNNEL
from readmodels import builds
from readmodels.builds import Build, digest_of
from replay import rebuild as rebuilding
from replay.rebuild import rebuild
from runtime.log.store_source import StoreSource
from runtime.projector import Projector
from runtime.read_models import Workbench
from tests.history.dumps import fold_of, read_models
from tests.processes import FORKS, until
from tests.runtime.sales import sell
from tests.runtime.store.ledgers import Ledger

pytestmark = pytest.mark.postgres

STEPS: Final = (
    ("unfinished", 1),
    ("fold_into", 1),
    ("fold_into", 4),
    ("digest_of", 1),
    ("digest_of", 2),
    ("switch", 1),
    ("announce", 1),
)
"""What of a build it is killed in, at which time: it has been done, and nothing is committed."""

KILLS_AT_RANDOM: Final = 15


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    """A ledger whose funnel is followed to the head."""
    found = Ledger(database_url, ledger)
    head = sell(found, 60)
    stop = threading.Event()
    with StoreSource(found.url, found.name) as source:
        projector = Projector(found.url, found.name, source, [FUNNEL])
        thread = threading.Thread(target=projector.run, args=(stop,))
        thread.start()
        until(
            lambda: read_models(found.url, found.name).get("funnel", {}).get("position") == head,
            "the funnel follows",
        )
        stop.set()
        thread.join()
    return found


def _rebuild(url: str, ledger: str) -> str | None:
    with (
        StoreSource(url, ledger) as source,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute(SQL("SET search_path TO {}").format(Identifier(ledger)))
        return rebuild(Workbench(connection, FUNNEL), source, lambda *_: None, lambda: False)


def _doomed(url: str, ledger: str, step: str | None, time: int) -> None:
    """What runs in the process of a rebuild."""
    rebuilding.BATCH = 20  # type: ignore[misc]
    if step is not None:
        done, seen = getattr(builds, step), 0

        def last(*given: Any) -> Any:
            nonlocal seen
            found, seen = done(*given), seen + 1
            if seen == time:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        setattr(builds, step, last)
    _rebuild(url, ledger)


def _kill(store: Ledger, step: str | None, time: int, after_s: float | None) -> None:
    process = FORKS.Process(target=_doomed, args=(store.url, store.name, step, time), daemon=True)
    process.start()
    process.join(after_s)
    process.kill()
    process.join()
    assert after_s is not None or process.exitcode == -signal.SIGKILL


def _standing(store: Ledger) -> tuple[Build, str]:
    """The build that answers, and the digest of its rows."""
    with psycopg.connect(store.url) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        found = builds.current(connection, FUNNEL)
        assert found is not None
        return found, digest_of(connection, found)


@pytest.mark.parametrize(("step", "time"), STEPS)
def test_killed_at_a_step_the_old_rows_answer_and_the_next_run_ends_it(
    store: Ledger, step: str, time: int
) -> None:
    before = _standing(store)
    _kill(store, step, time, None)
    assert _standing(store) == before
    assert _rebuild(store.url, store.name) == before[1]
    assert _standing(store)[0].number == before[0].number + 1
    assert read_models(store.url, store.name)["funnel"] == fold_of(store.events())["funnel"]


@pytest.mark.slow
def test_killed_again_and_again_at_random_it_shows_nothing_half_done(store: Ledger) -> None:
    rng = random.Random(9)
    _, digest = _standing(store)
    for _ in range(KILLS_AT_RANDOM):
        _kill(store, None, 0, rng.uniform(0.0, 0.25))
        assert _standing(store)[1] == digest
    assert _rebuild(store.url, store.name) == digest
    assert read_models(store.url, store.name)["funnel"] == fold_of(store.events())["funnel"]
