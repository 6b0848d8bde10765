"""How the answer to a replay is found: a what-if over the ledger."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from events.policies.scoring import DryRun
from replay.background import Doing, Finding, Format
from replay.what_if.result import Result
from replay.what_if.run import Finished
from replay.what_if.stretches import sha256_of
from runtime.replays.queue import Answered, Taken
from runtime.store.postgres import ledger_connection
from runtime.what_if import ACCOUNT_DAYS, SIGNALS, what_if

_DOING: Final[Mapping[str, Doing]] = MappingProxyType(
    {SIGNALS: "signals", ACCOUNT_DAYS: "account days"}
)


@dataclass(frozen=True, slots=True)
class WhatIfs:
    """`CarryOut` on a ledger in PostgreSQL."""

    database_url: str
    ledger: str

    def __call__(
        self,
        taken: Taken,
        workplace: Path,
        progress: Callable[[Doing, int, int], None],
        stop: Callable[[], bool],
    ) -> Answered | None:
        """See `runtime.replays.worker.CarryOut`."""
        with ledger_connection(self.database_url, self.ledger) as connection:
            finished = what_if(
                connection,
                taken.question,
                workplace,
                lambda step, done, total: progress(_DOING[step], done, total),
                stop,
            )
        return None if finished is None else _answered(taken, finished)


def _answered(taken: Taken, finished: Finished) -> Answered:
    files: dict[Format, Path] = {
        "json": finished.json,
        "csv": finished.csv,
        "parquet": finished.parquet,
        "markdown": finished.markdown,
    }
    found = _findings(taken.replay_id, finished.result, sha256_of(finished.json))
    return Answered(position=finished.result.position, files=files, findings=tuple(found))


def _findings(replay_id: str, result: Result, sha256: str) -> Iterator[Finding]:
    question = result.question
    for candidate, comparison in zip(question.policies, result.comparisons, strict=True):
        dry_run = DryRun(
            replay_id=replay_id,
            result_sha256=sha256,
            position=result.position,
            first_day=question.first,
            last_day=question.last,
            accounts=comparison.accounts,
            accounts_moved=len(comparison.changes),
            alerts_before=len(comparison.active.alerts),
            alerts_after=len(comparison.candidate.alerts),
        )
        yield Finding(
            name=candidate.name, place=candidate.place, version=candidate.version, dry_run=dry_run
        )
