"""Replays as PostgreSQL keeps them."""

from typing import Any, Final

from psycopg.sql import SQL

from events.policies.scoring import DryRun
from replay.background import Failure, Finding, Progress, Replay, ResultFile
from replay.what_if.question import Question

COLUMNS: Final = SQL(
    "id, number, key_id, actor, question, digest, state, asked_at, started_at, seen_at, "
    "finished_at, keep_until, position, doing, done, total, rate, failure, results, findings"
)
"""What :func:`replay_of` makes a replay of."""


def replay_of(row: Any) -> Replay:
    """The replay of a row with the columns :data:`COLUMNS`."""
    (replay_id, number, key_id, actor, question, digest, state, *times), rest = row[:12], row[12:]
    asked_at, started_at, seen_at, finished_at, keep_until = times
    position, doing, done, total, rate, failure, results, findings = rest
    return Replay(
        replay_id=replay_id,
        number=number,
        key_id=key_id,
        actor=actor,
        question=Question.model_validate_json(question),
        digest=digest,
        state=state,
        asked_at=asked_at,
        started_at=started_at,
        seen_at=seen_at,
        finished_at=finished_at,
        keep_until=keep_until,
        position=position,
        progress=Progress(doing=doing, done=done, total=total, rate=rate),
        failure=None if failure is None else Failure(**failure),
        results={name: ResultFile(**told) for name, told in results.items()},
        findings=tuple(_finding(told) for told in findings),
    )


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values, of which :func:`replay_of` makes it again."""
    return {
        "name": finding.name,
        "place": finding.place,
        "version": finding.version,
        "dry_run": finding.dry_run.model_dump(mode="json"),
    }


def _finding(told: dict[str, Any]) -> Finding:
    dry_run = DryRun.model_validate(told["dry_run"], strict=False)
    return Finding(**{**told, "dry_run": dry_run})
