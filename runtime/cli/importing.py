"""`keyledger import`: other systems' history, through the public door."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import ApiKeyOption, UrlOption, door, settings_with

if TYPE_CHECKING:
    from runtime.importing.tally import Summary

app: Final = typer.Typer(help="Bring in other systems' history.", no_args_is_help=True)


def _sources() -> None:
    """A callback makes the source a word of its own."""


def crm_sales_opportunities(
    directory: Annotated[Path, typer.Argument(help="The folder with the four CSV files.")],
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    mapping: Annotated[
        Path | None, typer.Option(help="What the source's words mean here; a TOML file.")
    ] = None,
    rejects: Annotated[Path, typer.Option(help="Where rows go that cannot be imported.")] = Path(
        "rejects.csv"
    ),
) -> None:
    """Import the CRM Sales Opportunities data set; run again, it goes on or records nothing new."""
    from runtime.cli.progress import progress_bar
    from runtime.importing.crm_sales_opportunities import import_crm

    with door(url, api_key) as client, progress_bar("importing", "records") as progress:
        summary = import_crm(
            directory,
            client=client,
            mapping_path=mapping,
            rejects_path=rejects,
            progress=progress,
        )
    _tell(summary, rejects)


def _tell(summary: "Summary", rejects: Path) -> None:
    for line in summary.lines():
        typer.echo(line)
    if summary.rejects:
        typer.echo(f"{len(summary.rejects)} rejected rows are in {rejects}")
        raise typer.Exit(1)


def interactions(
    file: Annotated[Path, typer.Argument(help="A CSV file (.csv) or a spreadsheet (.xlsx).")],
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    system: Annotated[
        str, typer.Option(help="What the source is called: its interaction ids are its own.")
    ] = "interactions",
    rejects: Annotated[Path, typer.Option(help="Where rows go that cannot be imported.")] = Path(
        "rejects.csv"
    ),
) -> None:
    """Import interactions with customers, a row each; run again, it records nothing."""
    from runtime.cli.progress import progress_bar
    from runtime.importing.interactions import import_interactions

    zone = settings_with().zone
    with door(url, api_key) as client, progress_bar("importing", "interactions") as progress:
        summary = import_interactions(
            file,
            client=client,
            system=system,
            zone=zone,
            rejects_path=rejects,
            progress=progress,
        )
    _tell(summary, rejects)


app.callback()(_sources)
app.command()(crm_sales_opportunities)
app.command()(interactions)
