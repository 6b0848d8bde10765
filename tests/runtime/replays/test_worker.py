"""Killed at any moment, a replay is gone on with and ends with the same bytes, once."""

import os
import random
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
import structlog
from psycopg.sql import SQL, Identifier

from aggregates.refusals import NotFound
from replay.background import Progress, Replay
from runtime.composition import clock
from runtime.replays.asked import LedgerReplays
from runtime.replays.queue import FRUITLESS_MAX, Queue, queue_connection
from runtime.replays.worker import Worker
from runtime.store.ledger_pool import LedgerPool
from runtime.store.migrate import migrate
from runtime.store.postgres import connection_pool
from tests.processes import FORKS, until
from tests.runtime.replays.toy import FORMATS, Toy, question, refusal

pytestmark = pytest.mark.postgres

DAY: Final = timedelta(days=1)
STEPS: Final = (
    ("locked", 1),
    ("taken", 1),
    ("begun", 1),
    ("moved", 1),
    ("begun", 3),
    ("moved", 5),
    ("done, not committed", 1),
    ("kept, not committed", 1),
    ("kept, not committed", 4),
    ("finished", 1),
)
"""Each step of a run at which it is killed, and how often it has been there by then."""


@dataclass(slots=True)
class Place:
    """A ledger with a queue, and where its workers work."""

    database_url: str
    ledger: str
    folder: Path
    replays: LedgerReplays

    def ask(self, name: str = "r1", **fields: object) -> str:
        """Ask for a replay."""
        digest = b"d" * 32
        found = self.replays.ask(
            name, question(**fields), digest=digest, key_id="k", actor="a", open_max=100
        )
        assert found is not None
        return name

    def find(self, name: str = "r1") -> Replay:
        """The replay as it stands."""
        found = self.replays.find(name)
        assert found is not None
        return found

    def results(self, name: str = "r1") -> list[bytes]:
        """Its result in each form."""
        return [b"".join(self.replays.result(name, told_as)) for told_as in FORMATS]

    def rows(self) -> int:
        """How many parts of results are kept."""
        with psycopg.connect(self.database_url) as connection:
            table = SQL("{}.replay_result").format(Identifier(self.ledger))
            row = connection.execute(SQL("SELECT count(*) FROM {}").format(table)).fetchone()
        assert row is not None
        return int(row[0])

    def start(self, folder: Path | None = None, **fields: Any) -> Any:
        """A worker in a process of its own; see :func:`_work`."""
        given = (self.database_url, self.ledger, folder or self.folder)
        process = FORKS.Process(target=_work, args=given, kwargs=fields, daemon=True)
        process.start()
        return process


@pytest.fixture
def place(database_url: str, ledger: str, tmp_path: Path) -> Iterator[Place]:
    """A new ledger."""
    migrate(database_url, ledger, "UTC")
    with connection_pool(database_url, ledger) as pool:
        yield Place(
            database_url, ledger, tmp_path / "work", LedgerReplays(LedgerPool(pool), clock, DAY)
        )


def _work(
    database_url: str,
    ledger: str,
    folder: Path,
    *,
    dies_at: tuple[str, int] | None = None,
    dies_after_s: float | None = None,
    comes_on: bool = False,
    pause_s: float = 0.0,
    began: Path | None = None,
) -> None:
    """Work until killed: at a step, after a while, or by whoever started it.

    The while begins at once, or when it has come on: with the first part that is new, or the end.
    """
    seen: dict[str, int] = {}
    toy = Toy()
    timers: list[threading.Timer] = []

    def begin_to_die() -> None:
        if dies_after_s is not None and not timers:
            timers.append(threading.Timer(dies_after_s, os.kill, [os.getpid(), signal.SIGKILL]))
            timers[0].start()

    def at(step: str) -> None:
        seen[step] = seen.get(step, 0) + 1
        if (step, seen[step]) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if (step == "moved" and toy.made) or step == "finished":
            begin_to_die()

    def before(part: int) -> None:
        if began is not None:
            with began.open("a") as file:
                file.write(f"{os.getpid()} {part}\n")
        at("begun")
        threading.Event().wait(pause_s)

    toy.before = before
    if not comes_on:
        begin_to_die()
    with queue_connection(database_url, ledger) as connection:
        queue = Queue(connection, clock, DAY, at)
        worker = Worker(queue, folder, toy, structlog.get_logger("replays"))
        worker.run(threading.Event())


def _carry_out(place: Place, toy: Toy, stop: threading.Event | None = None, **given: Any) -> Toy:
    """The first that waits, in this process."""
    with queue_connection(place.database_url, place.ledger) as connection:
        queue = Queue(connection, clock, DAY, **given)
        worker = Worker(queue, place.folder, toy, structlog.get_logger("replays"))
        worker.carry_out_next(stop or threading.Event())
    return toy


@pytest.fixture
def expected(place: Place) -> list[bytes]:
    """The result of the same question, of which nobody was killed."""
    place.ask("undisturbed")
    _carry_out(place, Toy())
    found = place.results("undisturbed")
    assert all(found)
    return found


@pytest.mark.parametrize(("step", "times"), STEPS)
def test_killed_at_a_step_another_goes_on_to_the_same_bytes(
    place: Place, expected: list[bytes], step: str, times: int
) -> None:
    place.ask()
    kept = place.rows()
    killed = place.start(dies_at=(step, times))
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    found = place.find()
    if step == "finished":
        assert found.state == "done"
    else:
        assert (found.state, found.results) == ("waiting" if step == "locked" else "running", {})
        assert place.rows() == kept, "nothing half done is to be seen"
        toy = _carry_out(place, Toy())
        done = {"moved": times, "begun": times - 1}.get(
            step, 0 if step in {"locked", "taken"} else 5
        )
        assert toy.made == list(range(done, 5)), "what was there is gone on with"
    assert place.find().state == "done"
    assert place.results() == expected


def test_killed_at_random_it_ends_with_the_same_bytes_in_the_end(
    place: Place, expected: list[bytes]
) -> None:
    place.ask()
    rng, deaths = random.Random(7), 0
    while place.find().state != "done":
        worker = place.start(
            dies_after_s=rng.uniform(0.0, 0.2), comes_on=deaths % 2 == 0, pause_s=0.1
        )
        worker.join(60)
        assert worker.exitcode == -signal.SIGKILL
        deaths += 1
        assert place.find().state != "failed"
        assert (place.find().state == "done") == bool(place.find().results)
    assert deaths > 1
    assert place.results() == expected


def test_no_second_worker_takes_up_what_one_is_at(
    place: Place, tmp_path: Path, expected: list[bytes]
) -> None:
    """Of three with folders of their own; killed, another one of them goes on."""
    place.ask()
    began = tmp_path / "began"
    workers = [
        place.start(tmp_path / f"w{number}", pause_s=0.4, began=began) for number in range(3)
    ]
    until(lambda: began.exists() and len(began.read_text().splitlines()) >= 2, "it is begun")
    (first,) = {int(line.split()[0]) for line in began.read_text().splitlines()}
    next(one for one in workers if one.pid == first).kill()
    until(lambda: place.find().state == "done", "another has ended it")
    order = [int(line.split()[0]) for line in began.read_text().splitlines()]
    assert len(set(order)) == 2
    assert order == sorted(order, key=lambda pid: pid != first), "one after the other"
    assert place.results() == expected
    for worker in workers:
        worker.kill()
        worker.join()


def test_in_one_folder_there_is_one_worker_and_the_next_takes_its_place(
    place: Place, tmp_path: Path
) -> None:
    began = tmp_path / "began"
    first = place.start(began=began)
    place.ask()
    until(lambda: place.find().state == "done", "the first works")
    second = place.start(began=began)
    place.ask("r2")
    until(lambda: place.find("r2").state == "done", "the first works on")
    assert {int(line.split()[0]) for line in began.read_text().splitlines()} == {first.pid}
    first.kill()
    place.ask("r3")
    until(lambda: place.find("r3").state == "done", "the second has taken its place")
    second.kill()
    second.join()


def test_whoever_has_lost_a_replay_changes_nothing_any_more(place: Place) -> None:
    """Its connection was cut and it did not notice: the other one's result stays."""
    place.ask()
    with (
        queue_connection(place.database_url, place.ledger) as slow,
        queue_connection(place.database_url, place.ledger) as quick,
    ):
        lost = Queue(slow, clock, DAY)
        old = lost.take()
        assert old is not None
        assert Queue(quick, clock, DAY).take() is None
        lost.let_go(old.replay_id)
        winner = Queue(quick, clock, DAY)
        new = winner.take()
        assert new is not None
        assert new.attempt == old.attempt + 1
        assert (lost.is_ours(old), winner.is_ours(new)) == (False, True)
        place.folder.mkdir()
        answered = Toy()(new, place.folder, lambda *_: None, lambda: False)
        assert answered is not None
        lost.move(old, Progress(doing="signals", done=3, total=5, rate=None))
        lost.put_back(old)
        assert not lost.finish(old, answered)
        assert (place.find().state, place.find().progress.done, place.rows()) == ("running", 0, 0)
        assert winner.finish(new, answered)
    assert place.find().state == "done"


def test_told_to_stop_it_leaves_the_replay_to_the_next(place: Place) -> None:
    place.ask()
    stop = threading.Event()

    def tell(part: int) -> None:
        if part == 1:
            stop.set()

    assert _carry_out(place, Toy(before=tell), stop).made == [0, 1]
    assert place.find().state == "waiting"
    assert _carry_out(place, Toy()).made == [2, 3, 4]
    assert place.find().state == "done"


def test_where_the_folder_is_lost_it_is_begun_anew(place: Place) -> None:
    """Another machine takes it up, or the volume is a new one."""
    place.ask()
    stop = threading.Event()
    _carry_out(place, Toy(before=lambda part: stop.set() if part == 2 else None), stop)
    shutil.rmtree(place.folder)
    assert _carry_out(place, Toy()).made == [0, 1, 2, 3, 4]
    assert place.find().state == "done"


def test_what_kills_whoever_takes_it_up_is_given_up_and_others_go_on(place: Place) -> None:
    """Killed as often as may be it is still carried out; once more, and it is not."""
    for name, times in (("r1", FRUITLESS_MAX - 1), ("r2", FRUITLESS_MAX)):
        place.ask(name)
        for _ in range(times):
            place.start(dies_at=("begun", 1)).join(60)
        place.ask("after")
        _carry_out(place, Toy())
        _carry_out(place, Toy())
    assert place.find("r1").state == "done"
    given_up = place.find("r2")
    assert given_up.failure is not None
    assert (given_up.state, given_up.failure.rule) == ("failed", "replay-given-up")
    assert place.find("after").state == "done"


@pytest.mark.parametrize(
    ("wrong", "rule", "field"),
    [
        (refusal(NotFound, "unknown-account"), "unknown-account", "policies.0.version"),
        (RuntimeError("secret"), "internal", None),
        (OSError(28, "No space left on device"), "cannot-run", None),
    ],
)
def test_what_cannot_be_answered_fails_and_says_why(
    place: Place, wrong: Exception, rule: str, field: str | None
) -> None:
    place.ask()
    _carry_out(place, Toy(refused=wrong))
    found = place.find()
    assert found.failure is not None
    assert (found.state, found.failure.rule, found.failure.field) == ("failed", rule, field)
    assert "secret" not in found.failure.detail
    assert found.keep_until is not None
    assert not (place.folder / "r1").exists()


def test_a_database_that_is_lost_ends_the_worker_and_not_the_replay(place: Place) -> None:
    place.ask()
    with pytest.raises(psycopg.OperationalError):
        _carry_out(place, Toy(refused=psycopg.OperationalError("gone")))
    assert place.find().state == "running"
    _carry_out(place, Toy())
    assert place.find().state == "done"


def test_folders_of_no_use_are_dropped_and_those_that_are_kept(place: Place) -> None:
    place.ask()
    for name in ("r1", "old"):
        (place.folder / name).mkdir(parents=True)
    worker = place.start(dies_at=("taken", 1))
    worker.join(60)
    assert sorted(path.name for path in place.folder.iterdir()) == ["lock", "r1"]


def test_the_rate_counts_from_where_it_was_taken_up(place: Place) -> None:
    """What was there already took no time, and says nothing of what is left."""
    place.ask()
    stop = threading.Event()
    _carry_out(place, Toy(before=lambda part: stop.set() if part == 1 else None), stop)
    rates: list[float | None] = []

    def look(_: int) -> None:
        threading.Event().wait(0.05)
        rates.append(place.find().progress.rate)

    _carry_out(place, Toy(before=look))
    known = [rate for rate in rates if rate is not None]
    assert known
    assert all(0 < rate <= 1 / 0.05 for rate in known)
