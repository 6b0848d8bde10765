"""Scores under fire: a projector killed while it derives, a rebuild, a row tampered with."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.derivation import Derived, Held, New
from projections.health_scores import HEALTH_SCORE, derive
from projections.projection import Projection
from projections.signals import SIGNALS
from readmodels import tables
from replay.ports import BuildsDiffer
from replay.rebuild import rebuild
from replay.verify import Watch, verify
from runtime.log.store_source import StoreSource
from runtime.projector import Projector
from runtime.read_models import Workbench, answering, whole_store
from runtime.store.entry import Draft, Entry
from tests.history.dumps import fold_of, read_models
from tests.processes import FORKS, until
from tests.projections.scoring.days import BEGIN, Life
from tests.projections.scoring.telling import CALM, begun, call, next_day, policy
from tests.runtime.store.ledgers import Ledger

DAYS: Final = 4
"""Three that are closed, after the first of all, when there was no account, and the open one."""
ACCOUNTS: Final = 2

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(database_url: str, ledger: str) -> Ledger:
    """A ledger with a few days of scores to be made."""
    found = Ledger(database_url, ledger)
    life = begun()
    for _ in range(3):
        call(life)
        next_day(life)
        call(life, "bell", late_h=24)
    policy(life, None, CALM, BEGIN.date())
    record(found, life)
    return found


def record(store: Ledger, life: Life) -> None:
    with store.connect() as connection:
        for one in life.told:
            outcome = store.recorder.record(connection, [_entry(one.event, one.envelope)])
            assert "Receipt" in str(outcome)


def _entry(event: Any, envelope: Any) -> Entry:
    draft = Draft(
        stream=envelope.stream,
        version=envelope.version,
        name=event.NAME,
        schema=event.VERSION,
        payload=event.model_dump_json().encode(),
    )
    return Entry(
        command_id=str(uuid4()),
        digest=b"d" * 32,
        stream=envelope.stream,
        reads={envelope.stream: envelope.version - 1},
        drafts=[draft],
        occurred_at=envelope.occurred_at,
        correlation_id="test",
        actor="employee-ann",
    )


def _dying(held: Held, new: New) -> Iterator[Derived]:
    """Ends the process when the scores of a day and of the next one are written, of several."""
    for count, derived in enumerate(derive(held, new)):
        yield derived
        if count == 1:
            os.kill(os.getpid(), signal.SIGKILL)


def _project(url: str, ledger: str, projection: Projection, stop: threading.Event) -> None:
    with StoreSource(url, ledger) as source:
        Projector(url, ledger, source, [projection]).run(stop)


def _die(url: str, ledger: str) -> None:
    """What runs in a projector's process."""
    _project(url, ledger, replace(SIGNALS, derive=_dying), threading.Event())


def _follow(store: Ledger) -> None:
    """Have the read model follow the whole store."""
    stop = threading.Event()
    thread = threading.Thread(target=_project, args=(store.url, store.name, SIGNALS, stop))
    thread.start()
    head = len(store.events())
    until(
        lambda: read_models(store.url, store.name).get("signals", {}).get("position") == head,
        "it follows",
    )
    stop.set()
    thread.join()


def _scores(store: Ledger) -> list[Any]:
    with psycopg.connect(store.url) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        (model,) = answering(connection, [SIGNALS])
        return list(tables.whole(connection, model.build.schema, HEALTH_SCORE))


def test_a_projector_killed_while_it_derives_starts_clean(store: Ledger) -> None:
    """F-03: of the scores of a batch there are all or none, whenever it ends."""
    process = FORKS.Process(target=_die, args=(store.url, store.name), daemon=True)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert _scores(store) == []
    _follow(store)
    assert len(_scores(store)) == DAYS * ACCOUNTS
    assert read_models(store.url, store.name)["signals"] == fold_of(store.events())["signals"]


def test_scores_built_anew_are_those_that_answer(store: Ledger) -> None:
    """CARD-03: dropped and rebuilt from the log, identically."""
    _follow(store)
    before = _scores(store)
    assert _rebuilt(store)
    assert _scores(store) == before
    _tamper(store, build=2)
    with pytest.raises(BuildsDiffer, match="signals built anew as of position"):
        _rebuilt(store)


def test_verifying_names_the_first_score_that_is_not_what_the_facts_say(store: Ledger) -> None:
    _follow(store)
    assert _differences(store) == []
    _tamper(store, build=1)
    assert _differences(store) == [
        ("health_score bell/2026-03-28", "not what the facts say: score, parts")
    ]


def _rebuilt(store: Ledger) -> str | None:
    with (
        StoreSource(store.url, store.name) as source,
        psycopg.connect(store.url, autocommit=True) as connection,
    ):
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        return rebuild(Workbench(connection, SIGNALS), source, lambda *_: None, lambda: False)


def _tamper(store: Ledger, build: int) -> None:
    """Have it look better from a day on."""
    with psycopg.connect(store.url) as connection:
        connection.execute(
            SQL(
                "UPDATE {} SET score = 99, parts = '{{}}'"
                " WHERE account_id = 'bell' AND day >= '2026-03-28'"
            ).format(Identifier(f"{store.name}_signals_{build}", "health_score"))
        )


def _differences(store: Ledger) -> list[tuple[str, str]]:
    with psycopg.connect(store.url) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(store.name)))
        models = answering(connection, [SIGNALS])
        report = verify(whole_store(connection), models, "UTC", Watch(lambda _: None))
    assert report is not None
    return [(one.where, one.detail) for one in report.differences]
