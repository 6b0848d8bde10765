"""A look at a ledger in a folder, from which scores can be made for days on end."""

import json
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from psycopg import Connection

from projections.projection import Table
from projections.scoring import deciding
from projections.signals import SIGNALS
from readmodels import builds, signals
from readmodels.account_outcomes import every_outcome
from readmodels.frames import Stored
from readmodels.reading import reading
from readmodels.scope import COMPANY
from replay.what_if.source import TOLD, Outcome, Source, source_of
from runtime.endings import CannotRun

_TABLES: Final = (
    deciding.CLOSED_DAY,
    deciding.SCORING_DRAFT,
    deciding.SCORING_IN_FORCE,
    deciding.SCORED_ACCOUNT,
    deciding.SCORED_REGION,
)
_OCTETS: Final = 2**24
"""So much text of signals is in memory at a time."""

_ROW_GROUP: Final = 50_000
_NAMES: Final = "SELECT account_id, name FROM account WHERE valid_to IS NULL"
_MANIFEST: Final = "snapshot.json"


@dataclass(frozen=True, slots=True)
class _Shelved:
    """The rows that decide over scores, as `projections.derivation.Held`, in a folder."""

    folder: Path
    zone: str

    def frame(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        account_ids: Collection[str] | None = None,
        since: datetime | None = None,
    ) -> pl.DataFrame:
        """These columns of all rows of ``table``."""
        assert account_ids is None
        assert since is None
        return pl.read_parquet(self.folder / f"{table.name}.parquet", columns=list(columns))


def take(
    connection: Connection[Any],
    folder: Path,
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> bool:
    """Put a look at the ledger into ``folder``, whole or not at all; whether it was not stopped.

    All of it is as of one position. Signals are in memory a part at a time. ``progress`` is told
    how many are read, of how many. ``connection`` is one of the ledger's, in no transaction.

    Raises:
        CannotRun: no scores can be made of what there is.
    """
    under_way = folder.with_name(f".{folder.name}")
    shutil.rmtree(under_way, ignore_errors=True)
    under_way.mkdir(parents=True)
    with reading(connection, COMPANY) as stand:
        build = builds.current(connection, SIGNALS)
        if build is None or build.version != SIGNALS.version:
            raise CannotRun("scores cannot be made yet: a projector has to build signals first")
        stored = Stored(connection, build.schema, None)
        for table in _TABLES:
            rows = stored.frame(table, table.row._fields)
            rows.write_parquet(under_way / f"{table.name}.parquet")
        manifest = {
            "position": stand.position(SIGNALS.name),
            "zone": stored.zone,
            "names": dict(connection.execute(_NAMES).fetchall()),
            "outcomes": [
                (one.account_id, one.outcome, one.occurred_on.isoformat())
                for one in every_outcome(connection, stand.moment())
            ],
        }
        if not _write_signals(connection, under_way, progress, stop):
            shutil.rmtree(under_way)
            return False
    (under_way / _MANIFEST).write_text(json.dumps(manifest))
    under_way.rename(folder)
    return True


def _write_signals(
    connection: Connection[Any],
    folder: Path,
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> bool:
    done, total = 0, signals.how_many(connection)
    # At least one file, so that there is something to read where there are no signals.
    TOLD.to_frame().write_parquet(folder / "told-000000.parquet")
    for number, part in enumerate(signals.told(connection, _OCTETS), 1):
        part.write_parquet(folder / f"told-{number:06d}.parquet", row_group_size=_ROW_GROUP)
        done += len(part)
        progress(done, total)
        if stop():
            return False
    return True


def taken(folder: Path, more: Sequence[Outcome] = ()) -> Source | None:
    """What :func:`take` has put into ``folder``; ``None`` where it has not, or not all of it.

    ``more`` outcomes are known from elsewhere; one that is told twice is one.
    """
    try:
        manifest: Mapping[str, Any] = json.loads((folder / _MANIFEST).read_text())
    except FileNotFoundError:
        return None
    told = (
        Outcome(account_id, kind, date.fromisoformat(day))
        for account_id, kind, day in manifest["outcomes"]
    )
    return source_of(
        _Shelved(folder, manifest["zone"]),
        position=manifest["position"],
        signals=pl.scan_parquet(sorted(folder.glob("told-*.parquet"))),
        names=manifest["names"],
        outcomes=tuple(dict.fromkeys((*told, *more))),
    )
