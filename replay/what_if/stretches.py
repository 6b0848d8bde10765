"""Scores stretch by stretch, each kept as a file: whoever is interrupted goes on with the next."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from projections.scoring.holding import parsed
from replay.what_if.contenders import Contender
from replay.what_if.question import Question
from replay.what_if.scores import SCORES, Told
from replay.what_if.source import Source
from replay.what_if.standing import Standing, closes_of, used

STRETCH: Final = 150_000
"""So many days of accounts are worked on at a time."""

_ROW_GROUP: Final = 50_000
_KEY: Final = ("account_id", "day")


@dataclass(frozen=True, slots=True)
class Stretches:
    """The stretches of one question about one look at a ledger, in a folder of their own.

    A stretch is a block of accounts on all days. Its file is named by what is in it, so one that
    was not written whole is known, and written again.
    """

    source: Source
    question: Question
    contenders: Sequence[Contender]
    folder: Path
    size: int
    """How many account days a stretch has."""

    def accounts(self) -> list[pl.Series]:
        """The accounts of each stretch, in order."""
        known = self.source.accounts.get_column("account_id").unique()
        if self.question.accounts is not None:
            known = known.filter(known.is_in(list(self.question.accounts)))
        ordered = known.sort()
        step = max(1, self.size // self.question.days)
        # Nobody is a stretch as well: then there is an answer, and it is empty.
        return [ordered.slice(start, step) for start in range(0, max(1, len(ordered)), step)]

    def write(self, progress: Callable[[int, int], None], stop: Callable[[], bool]) -> bool:
        """Write every stretch that is not there; whether all are: ``stop`` is asked in between.

        ``progress`` is told how many days of accounts are done, of how many.
        """
        self._begin()
        blocks = self.accounts()
        days = self.question.days
        done, total = 0, sum(map(len, blocks)) * days
        standing = Standing(self.question, self.source, self.contenders)
        for number, block in enumerate(blocks):
            if stop():
                return False
            if self._there(number) is None:
                self._keep(number, self._scored(standing.of(block), block))
            done += len(block) * days
            progress(done, total)
        return True

    def frames(self) -> Iterator[pl.DataFrame]:
        """What each stretch holds, one after the other.

        Columns: what :meth:`replay.what_if.standing.Standing.of` has, then those of
        scores under ``active.`` and under ``<n>.`` for the n-th candidate, null where it does not
        stand: see :data:`replay.what_if.scores.SCORES`.
        """
        for path in self.paths():
            yield pl.read_parquet(path)

    def paths(self) -> list[Path]:
        """The files, in order."""
        found = [self._there(number) for number in range(len(self.accounts()))]
        return [path for path in found if path is not None]

    def _begin(self) -> None:
        """A folder of another question, or of another look at the ledger, is of no use."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for other in self.folder.parent.iterdir():
            if other != self.folder:
                shutil.rmtree(other)

    def _there(self, number: int) -> Path | None:
        for path in self.folder.glob(f"{number:06d}-*.parquet"):
            if path.stem.partition("-")[2] == sha256_of(path):
                return path
            path.unlink()
        return None

    def _keep(self, number: int, scored: pl.DataFrame) -> None:
        under_way = self.folder / "under-way"
        scored.write_parquet(under_way, row_group_size=_ROW_GROUP)
        under_way.rename(self.folder / f"{number:06d}-{sha256_of(under_way)}.parquet")

    def _scored(self, held: pl.DataFrame, block: pl.Series) -> pl.DataFrame:
        told = self._told(block)
        places = range(len(self.contenders))
        compared = held.filter(pl.any_horizontal(f"in.{place}" for place in places))
        found = compared.join(self._active(told, compared), on=_KEY, how="left")
        for place, contender in enumerate(self.contenders):
            wanted = compared.filter(f"in.{place}").select(_KEY)
            scores = told.scores(contender.policy, wanted)
            found = found.join(_named(scores, f"{place}"), on=_KEY, how="left")
        return found.sort(_KEY)

    def _told(self, block: pl.Series) -> Told:
        account = pl.col("account_id")
        among = account.is_between(
            pl.lit(block.first(), pl.String), pl.lit(block.last(), pl.String)
        ) & account.is_in(block.implode())
        return Told(
            self.source.signals.filter(among).collect(engine="streaming"),
            self.source.zone,
            closes_of(self.question, self.source),
        )

    def _active(self, told: Told, compared: pl.DataFrame) -> pl.DataFrame:
        frames = [
            told.scores(
                parsed(self.source.drafted[place, version]),
                compared.filter((pl.col("place") == place) & (pl.col("version") == version)).select(
                    _KEY
                ),
            )
            for place, version in used(compared)
        ]
        return _named(pl.concat((SCORES.to_frame(), *frames), how="diagonal"), "active")


def _named(scores: pl.DataFrame, side: str) -> pl.DataFrame:
    return scores.rename({name: f"{side}.{name}" for name in scores.columns if name not in _KEY})


def sha256_of(path: Path) -> str:
    """Of what a file holds, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
