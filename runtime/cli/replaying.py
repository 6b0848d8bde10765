"""`keyledger rebuild` and `keyledger verify`: the past again."""

from pathlib import Path
from typing import Annotated, Final

import typer

from runtime.cli.archiving import archived_log, verify_archive
from runtime.cli.options import DataOption, LogOption, settings_with
from runtime.embedded import reached
from runtime.endings import CannotRun
from runtime.stopping import until_told

NameArgument = Annotated[str, typer.Argument(help="The read model, such as funnel.")]

ArchiveOption = Annotated[
    Path | None, typer.Option("--archive", help="Where archives are kept: verify that one.")
]

ReadArchiveOption = Annotated[
    Path | None, typer.Option("--archive", help="Where archives are kept: read what it has there.")
]

_NAMED: Final = "there is no read model {name}; there are {names}"


def rebuild(
    name: NameArgument,
    archive: ReadArchiveOption = None,
    data: DataOption = None,
    log: LogOption = None,
) -> None:
    """Build a read model anew beside the one that answers, and switch when both are equal.

    It can be stopped at any time and goes on where it was.
    """
    from projections.catalogue import PROJECTIONS
    from replay.rebuild import rebuild as build_anew
    from runtime.cli.progress import progress_bar
    from runtime.composition import database_of, log_source
    from runtime.read_models import Workbench
    from runtime.store.postgres import ledger_connection

    settings = reached(settings_with(data=data, log=log))
    known = {projection.name: projection for projection in PROJECTIONS}
    if name not in known:
        raise CannotRun(_NAMED.format(name=name, names=", ".join(known)))
    database, stop = database_of(settings, "rebuild"), until_told()
    with (
        log_source(settings, database) as source,
        ledger_connection(database, settings.ledger) as connection,
        progress_bar(f"rebuilding {name}", "facts") as progress,
    ):
        workbench = Workbench(connection, known[name])
        facts = source if archive is None else archived_log(archive, settings.ledger, source)
        digest = build_anew(workbench, facts, progress, stop.is_set)
        position = workbench.position
    if digest is None:
        typer.echo(f"stopped at position {position}; run it again to go on from there")
        raise typer.Exit(130)
    typer.echo(f"{name} is built anew as of position {position}, digest {digest}")


def verify(archive: ArchiveOption = None, data: DataOption = None, log: LogOption = None) -> None:
    """Compare every read model with the store, row by row; exit code 1 where they differ.

    However long the log is, it holds a part of the rows in memory and the rest in a temporary file.
    With --archive the archive there is compared instead, with the log.
    """
    if archive is not None:
        verify_archive(archive, settings_with(data=data, log=log))
        return
    from projections.catalogue import PROJECTIONS
    from replay.verify import Watch
    from replay.verify import verify as compare
    from runtime.cli.progress import progress_bars
    from runtime.composition import database_of
    from runtime.read_models import answering, whole_store
    from runtime.store.postgres import ledger_connection

    settings = reached(settings_with(data=data))
    database, stop = database_of(settings, "verify"), until_told()
    with (
        ledger_connection(database, settings.ledger) as connection,
        connection.transaction(),
        progress_bars(("folding", "facts"), ("comparing", "rows")) as (folding, comparing),
    ):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT n, zone FROM log_head, ledger").fetchone()
        assert row is not None
        head, zone = row
        models = answering(connection, PROJECTIONS)
        watch = Watch(lambda at: folding(at, head), comparing, stop.is_set)
        report = compare(whole_store(connection), models, zone, watch)
    if report is None:
        typer.echo("stopped: nothing is said about what was not compared")
        raise typer.Exit(130)
    for difference in report.differences:
        typer.echo(f"{difference.where}: {difference.detail}")
    names = ", ".join(model.projection.name for model in models) or "no read model"
    typer.echo(f"{report.facts} facts and {report.rows} rows compared ({names})")
    if report.differences:
        raise typer.Exit(1)
    typer.echo("no difference")
