"""CARD-04: what a ledger in PostgreSQL answers about its past, and what that leaves as it was."""

import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from replay.what_if.question import Candidate, Question
from replay.what_if.run import Finished
from replay.what_if.source import Outcome
from runtime.endings import CannotRun
from runtime.snapshot import take, taken
from runtime.what_if import alone_in, outcomes_in, what_if
from tests.history.dumps import read_models
from tests.processes import FORKS
from tests.readmodels.conftest import Told
from tests.replay.test_what_if import contents
from tests.runtime.store.ledgers import Ledger
from tests.runtime.what_if_ledger import CLOSED_FROM, DAYS, FIRST, LAST, TIGHTER, lived, visit

pytestmark = pytest.mark.postgres

QUESTION = Question(
    policies=(
        Candidate(name="tighter", document=TIGHTER),
        Candidate(name="north", region_id="north", version=1),
    ),
    first=FIRST,
    last=LAST,
    known="at_close",
    horizon_days=5,
)
OUTCOMES = (Outcome("acme", "churned", LAST),)


@pytest.fixture
def told(database_url: str, ledger: str) -> Told:
    return lived(Told(Ledger(database_url, ledger)))


def nothing(*_: object) -> None:
    pass


def asked(
    told: Told,
    folder: Path,
    question: Question = QUESTION,
    progress: Callable[[str, int, int], None] = nothing,
    stop: Callable[[], bool] = lambda: False,
) -> Finished | None:
    url, name = told.store.url, told.store.name
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(name)))
        return what_if(connection, question, folder, progress, stop, outcomes=OUTCOMES)


def answered(told: Told, folder: Path, question: Question = QUESTION) -> Finished:
    found = asked(told, folder, question)
    assert found is not None
    return found


def test_closed_days_have_the_scores_they_were_given_when_they_were_closed(
    told: Told, tmp_path: Path
) -> None:
    daily = pl.read_parquet(answered(told, tmp_path).parquet)
    with told.asked() as (connection, _):
        live = connection.execute(
            "SELECT account_id, day::date, policy_id, policy_version, score, uncapped, cap, band"
            " FROM health_score WHERE closed ORDER BY account_id, day"
        ).fetchall()
    assert len(live) == 3 * (DAYS - 3)
    closed = daily.filter(pl.col("day") >= CLOSED_FROM)
    assert closed.select(
        "account_id",
        "day",
        *(f"active.{one}" for one in ("place", "version", "score", "uncapped", "cap", "band")),
    ).rows() == [(*row[:4], *row[4:]) for row in live if row[2] == "*" or row[0] == "bell"]
    now = pl.read_parquet(
        answered(told, tmp_path / "now", QUESTION.model_copy(update={"known": "now"})).parquet
    )
    assert now.get_column("active.score").to_list() != daily.get_column("active.score").to_list()


def test_it_records_nothing_and_moves_no_read_model(told: Told, tmp_path: Path) -> None:
    before = (told.store.events(), read_models(told.store.url, told.store.name))
    result = answered(told, tmp_path).result
    assert result.position == len(before[0])
    assert (told.store.events(), read_models(told.store.url, told.store.name)) == before


def test_each_candidate_is_compared_where_it_would_hold(told: Told, tmp_path: Path) -> None:
    """The group's policy holds for Bell until the north has one of its own and Bell lies there."""
    tighter, north = answered(told, tmp_path).result.comparisons
    assert (tighter.accounts, north.accounts) == (3, 1)
    assert north.account_days == DAYS - 4
    assert tighter.account_days == 3 * DAYS - north.account_days
    assert {one.account_id for one in tighter.changes} >= {"acme"}
    assert [one.account_id for one in tighter.candidate.outcomes] == ["acme"]
    assert [one.account_id for one in north.candidate.outcomes] == ["bell"]
    assert north.changes == ()


def test_losses_are_those_the_ledger_knows_and_those_that_are_added(
    told: Told, tmp_path: Path
) -> None:
    """What was withdrawn never happened; what is told twice happened once."""
    lost = Outcome("bell", "renewal_lost", LAST)
    with psycopg.connect(told.store.url, autocommit=True) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(told.store.name)))
        assert take(connection, tmp_path / "snapshot", nothing, lambda: False)
    known = taken(tmp_path / "snapshot")
    more = taken(tmp_path / "snapshot", (lost, *OUTCOMES))
    assert known is not None
    assert more is not None
    assert known.outcomes == (lost,)
    assert more.outcomes == (lost, *OUTCOMES)


def test_an_interrupted_run_goes_on_as_of_the_position_it_began_with(
    told: Told, tmp_path: Path
) -> None:
    whole = answered(told, tmp_path / "whole")
    parts, read = tmp_path / "parts", Event()
    stopped = asked(told, parts, progress=lambda *_: read.set(), stop=read.is_set)
    assert stopped is None
    assert not (parts / "snapshot").exists()
    asks = iter((False, True))
    assert asked(told, parts, stop=lambda: next(asks)) is None
    told.tell(("2018-03-01", "interaction-new", visit("new", "corn")))
    again = answered(told, parts)
    assert again.result.position == whole.result.position
    assert contents(again) == contents(whole)


def _killed_at(url: str, name: str, folder: str, step: int) -> None:
    """Ends as SIGKILL ends it, at the file with the number ``step`` that is put in its place."""
    count = iter(range(1_000))
    rename = Path.rename

    def killing(path: Any, target: Any) -> Any:
        if next(count) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return rename(path, target)

    setattr(Path, "rename", killing)  # noqa: B010
    asked(Told(Ledger(url, name)), Path(folder))


def test_killed_at_any_step_the_next_run_gives_the_same_bytes(told: Told, tmp_path: Path) -> None:
    whole = answered(told, tmp_path / "whole")
    url, name = told.store.url, told.store.name
    for step in range(4):
        folder = tmp_path / f"killed-{step}"
        process = FORKS.Process(target=_killed_at, args=(url, name, str(folder), step))
        process.start()
        process.join(60)
        if step < 3:
            assert process.exitcode == -signal.SIGKILL
            assert not (folder / "result").exists()
        else:
            assert process.exitcode == 0
        assert contents(answered(told, folder)) == contents(whole)


def test_nobody_works_twice_in_a_folder(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(CannotRun, match="another process"), alone_in(tmp_path):
        pass


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("acme,churned,2018-13-01", "line 2: '2018-13-01' is no date"),
        ("acme,left,2018-01-01", "an outcome is churned or renewal_lost"),
        (",churned,2018-01-01", "line 2: it needs the columns account_id"),
    ],
)
def test_a_line_that_is_no_outcome_is_named(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(f"account_id,outcome,occurred_on\n{line}\n")
    with pytest.raises(CannotRun, match=words):
        outcomes_in(path)


def test_outcomes_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(f"account_id,outcome,occurred_on\nacme,churned,{LAST}\n")
    assert outcomes_in(path) == OUTCOMES
