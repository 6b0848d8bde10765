"""A what-if over a ledger in PostgreSQL, in a folder of its own."""

import csv
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from psycopg import Connection

from events.accounts.account_outcome import OutcomeKind
from replay.what_if.question import Question
from replay.what_if.run import Finished, run
from replay.what_if.source import Outcome
from runtime.endings import CannotRun
from runtime.snapshot import take, taken

Progress = Callable[[str, int, int], None]
"""Told what is done, how many of it, and of how many."""

SIGNALS: Final = "signals"
"""What is read of the ledger."""

ACCOUNT_DAYS: Final = "account days"
"""What is scored."""

_SNAPSHOT: Final = "snapshot"
_LOCK: Final = ".lock"
_COLUMNS: Final = ("account_id", "outcome", "occurred_on")


def what_if(
    connection: Connection[Any],
    question: Question,
    workplace: Path,
    progress: Progress,
    stop: Callable[[], bool],
    *,
    outcomes: tuple[Outcome, ...] = (),
) -> Finished | None:
    """The answer, in ``workplace``; ``None`` when ``stop`` said so in between.

    What an interrupted run has read of the ledger is used again: the answer is as of that position.
    Nothing is written but in that folder. ``connection`` is one of the ledger's, in no transaction.

    Raises:
        CannotRun: no scores can be made of what there is.
        NotFound, Invalid: see :func:`replay.what_if.run.run`.
    """
    snapshot = workplace / _SNAPSHOT
    if begun_at(workplace) is None and not take(
        connection, snapshot, lambda done, total: progress(SIGNALS, done, total), stop
    ):
        return None
    source = taken(snapshot, outcomes)
    assert source is not None
    return run(
        source,
        question,
        workplace,
        lambda done, total: progress(ACCOUNT_DAYS, done, total),
        stop,
    )


def begun_at(workplace: Path) -> int | None:
    """The position as of which an interrupted run goes on; ``None`` where there is none."""
    source = taken(workplace / _SNAPSHOT)
    return None if source is None else source.position


@contextmanager
def alone_in(workplace: Path) -> Iterator[None]:
    """Nobody else works there meanwhile.

    Raises:
        CannotRun: somebody does.
    """
    workplace.mkdir(parents=True, exist_ok=True)
    with (workplace / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"another process works in {workplace}") from None
        yield


def outcomes_in(path: Path) -> tuple[Outcome, ...]:
    """The outcomes of a CSV file with the columns ``account_id``, ``outcome``, ``occurred_on``.

    Raises:
        CannotRun: it cannot be read, or a line is none; the message names the line.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise CannotRun(f"{path} cannot be read: {wrong}") from wrong
    return tuple(_outcome(path, line, row) for line, row in enumerate(rows, 2))


def _outcome(path: Path, line: int, row: dict[str, str | None]) -> Outcome:
    account_id, kind, day = (row.get(name) or "" for name in _COLUMNS)
    kinds: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
    found = [one for one in kinds if one == kind]
    if not account_id or not found:
        told = f"columns {', '.join(_COLUMNS)}, and an outcome is {' or '.join(kinds)}"
        raise CannotRun(f"{path}, line {line}: it needs the {told}")
    try:
        return Outcome(account_id, found[0], date.fromisoformat(day))
    except ValueError:
        raise CannotRun(f"{path}, line {line}: {day!r} is no date such as 2026-01-31") from None
