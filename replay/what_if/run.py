"""A what-if from its question to its answer; it writes to one folder, and nothing else."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from events.policies.scoring import ScoringPolicy
from projections.scoring.holding import parsed
from replay.what_if.comparing import Comparing
from replay.what_if.contenders import Contender, contenders
from replay.what_if.judging import Judge
from replay.what_if.question import ACTIVE, Question
from replay.what_if.report import report
from replay.what_if.result import AlertTold, BandTold, PolicyTold, Result
from replay.what_if.source import Source, Version
from replay.what_if.stretches import STRETCH, Stretches
from replay.what_if.tables import changes_csv, daily
from replay.what_if.tally import Tally, tally

_RESULT: Final = "result"
_STRETCHES: Final = "stretches"


@dataclass(frozen=True, slots=True)
class Finished:
    """An answer, and the files that tell it."""

    result: Result
    folder: Path

    @property
    def json(self) -> Path:
        """All of it, one document."""
        return self.folder / "result.json"

    @property
    def csv(self) -> Path:
        """The accounts that change band, a line for each under each candidate."""
        return self.folder / "changes.csv"

    @property
    def parquet(self) -> Path:
        """The scores of every account and day beside each other."""
        return self.folder / "daily.parquet"

    @property
    def markdown(self) -> Path:
        """For who has to decide, with charts."""
        return self.folder / "report.md"


def run(
    source: Source,
    question: Question,
    workplace: Path,
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
    *,
    stretch: int = STRETCH,
) -> Finished | None:
    """The answer, in ``workplace``; ``None`` when ``stop`` said so between two stretches.

    A run that was interrupted, however it was, goes on with the next stretch where question,
    position and outcomes are the same; else it begins anew. The answer does not depend on it, nor
    on how many account days a ``stretch`` has. ``progress`` is told how many of them are done, of
    how many.

    Raises:
        NotFound, Invalid: see :func:`replay.what_if.contenders.contenders`.
    """
    tried = contenders(question, source)
    key = _key(source, question, stretch)
    stretches = Stretches(source, question, tried, workplace / _STRETCHES / key, stretch)
    if not stretches.write(progress, stop):
        return None
    result = _result(source, question, tried, stretches)
    return _kept(result, stretches, workplace)


def _result(
    source: Source,
    question: Question,
    tried: Sequence[Contender],
    stretches: Stretches,
) -> Result:
    first, last = question.first, question.last
    judge = Judge(question, source.outcomes, source.names)
    tallies = [Tally() for _ in tried]
    held: set[Version] = set()
    with_outcome = sorted({one.account_id for one in source.outcomes})
    for frame in stretches.frames():
        held |= set(frame.select("place", "version").drop_nulls().unique().iter_rows())
        for place, found in enumerate(tallies):
            found.add(tally(_compared(frame, place), last, with_outcome))
    in_force = sorted(held)
    active = [parsed(source.drafted[one]) for one in in_force]
    return Result(
        question=question,
        question_sha256=_sha256(question.model_dump(mode="json")),
        position=source.position,
        zone=source.zone,
        policies=tuple(_policies(in_force, active, tried)),
        outcomes=sum(first <= one.occurred_on <= last for one in source.outcomes),
        comparisons=tuple(
            Comparing(one.policy, active, source.names, judge).comparison(one.name, found)
            for one, found in zip(tried, tallies, strict=True)
        ),
    )


def _compared(frame: pl.DataFrame, place: int) -> pl.DataFrame:
    """What one candidate is compared on, as :func:`replay.what_if.tally.tally` takes it."""
    mine = {
        name: f"candidate.{name.removeprefix(f'{place}.')}"
        for name in frame.columns
        if name.startswith(f"{place}.")
    }
    policy = pl.format("{}@{}", "place", "version")
    return (
        frame.filter(f"in.{place}")
        .rename(mine)
        .with_columns(policy.alias("active.policy"), pl.lit("").alias("candidate.policy"))
    )


def _policies(
    in_force: Sequence[Version], active: Sequence[ScoringPolicy], tried: Sequence[Contender]
) -> Iterator[PolicyTold]:
    for (place, version), policy in zip(in_force, active, strict=True):
        yield _told(ACTIVE, place, version, policy)
    for one in tried:
        yield _told(one.name, one.place, one.candidate.version, one.policy)


def _told(name: str, place: str, version: int | None, policy: ScoringPolicy) -> PolicyTold:
    return PolicyTold(
        name=name,
        place=place,
        version=version,
        sha256=_sha256(policy.model_dump(mode="json")),
        bands=tuple(BandTold(**band.model_dump()) for band in policy.bands),
        alerts=tuple(AlertTold(**alert.model_dump()) for alert in policy.alerts),
    )


def _kept(result: Result, stretches: Stretches, workplace: Path) -> Finished:
    """Written beside, and put in its place when it is whole."""
    under_way = workplace / f".{_RESULT}"
    shutil.rmtree(under_way, ignore_errors=True)
    under_way.mkdir()
    written = Finished(result, under_way)
    written.json.write_text(result.model_dump_json(indent=1) + "\n")
    written.csv.write_text(changes_csv(result))
    written.markdown.write_text(report(result))
    daily(stretches, written.parquet)
    shutil.rmtree(workplace / _RESULT, ignore_errors=True)
    under_way.rename(workplace / _RESULT)
    return Finished(result, workplace / _RESULT)


def _key(source: Source, question: Question, stretch: int) -> str:
    """What stretches depend on, besides the facts up to a position."""
    return _sha256(
        {
            "question": question.model_dump(mode="json"),
            "position": source.position,
            "zone": source.zone,
            "stretch": stretch,
        }
    )[:32]


def _sha256(document: Any) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
