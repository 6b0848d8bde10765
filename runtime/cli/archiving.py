"""`keyledger archive`: the log as Parquet, for whatever reads all of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replay.archive.manifest import STRETCH
from runtime.cli.options import DataOption, LogOption, settings_with
from runtime.embedded import reached
from runtime.endings import CannotRun
from runtime.settings import Settings
from runtime.stopping import until_told

if TYPE_CHECKING:
    # Loaded where they are needed: columns take longer than most verbs.
    from replay.archive.source import ArchivedLog
    from replay.ports import LogSource
    from runtime.archive_folder import ArchiveFolder

FolderArgument = Annotated[Path, typer.Argument(help="Where archives are kept.")]
StretchOption = Annotated[
    int, typer.Option("--stretch", min=1, max=1_000_000, help="Positions of a stretch.")
]
UntilNowOption = Annotated[
    bool, typer.Option("--until-now", help="Archive the stretch that is not full as well.")
]


def archive(
    folder: FolderArgument,
    stretch: StretchOption = STRETCH,
    until_now: UntilNowOption = False,
    data: DataOption = None,
    log: LogOption = None,
) -> None:
    """Write closed stretches of the log to FOLDER as Parquet, a data set for each kind of fact.

    What is archived already is left as it is; it can be stopped at any time and goes on there.
    """
    from replay.archive.writing import archive as write
    from runtime.archive_folder import ArchiveFolder
    from runtime.cli.progress import progress_bar
    from runtime.composition import database_of, log_source

    settings = reached(settings_with(data=data, log=log))
    stop = until_told()
    with (
        ArchiveFolder.to_write(folder, settings.ledger) as shelf,
        log_source(settings, database_of(settings, "archive")) as facts,
        progress_bar("archiving", "facts") as progress,
    ):
        before = shelf.manifest.last
        whole = write(
            facts, shelf, stretch, until_now=until_now, progress=progress, stop=stop.is_set
        )
        last = shelf.manifest.last
    typer.echo(f"{last - before} facts archived; the archive ends at position {last}")
    if not whole:
        typer.echo("stopped; run it again to go on from there")
        raise typer.Exit(130)


def archived_log(folder: Path, ledger: str, log: "LogSource") -> "ArchivedLog":
    """The log, read out of the archive as far as that goes.

    Raises:
        CannotRun: there is no archive of this ledger.
        ArchiveBroken: its manifest is not one that was written.
    """
    from replay.archive.source import ArchivedLog

    shelf = _shelf(folder, ledger)
    return ArchivedLog(shelf.manifest, shelf, log)


def _shelf(folder: Path, ledger: str) -> "ArchiveFolder":
    from runtime.archive_folder import ArchiveFolder

    shelf = ArchiveFolder(folder, ledger)
    if not shelf.manifest.last:
        raise CannotRun(f"there is no archive of {ledger} in {folder}")
    return shelf


def verify_archive(folder: Path, given: Settings) -> None:
    """Read the archive back and compare it with the log, byte for byte; exit code 1 if it differs.

    Raises:
        CannotRun: there is no archive of this ledger.
    """
    from replay.archive.reading import check, log_until
    from runtime.cli.progress import progress_bar
    from runtime.composition import database_of, log_source

    settings = reached(given)
    shelf = _shelf(folder, settings.ledger)
    last = shelf.manifest.last
    with (
        log_source(settings, database_of(settings, "verify")) as source,
        progress_bar("verifying the archive", "facts") as progress,
    ):
        log = log_until(source, last)
        report = check(shelf.manifest, shelf, log, lambda at: progress(at, last))
    for difference in report.differences:
        typer.echo(f"{difference.where}: {difference.detail}")
    typer.echo(f"{report.facts} archived facts compared with the log ({settings.log})")
    if report.differences:
        raise typer.Exit(1)
    typer.echo("no difference")
