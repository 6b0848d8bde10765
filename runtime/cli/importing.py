"""`keyledger import`: other systems' history, through the public door."""

from pathlib import Path
from typing import Annotated, Final

import typer

from runtime.cli.options import ApiKeyOption, UrlOption, door

app: Final = typer.Typer(help="Bring in other systems' history.", no_args_is_help=True)


def _sources() -> None:
    """A callback makes the source a word of its own, also while there is but one."""


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
    for line in summary.lines():
        typer.echo(line)
    if summary.rejects:
        typer.echo(f"{len(summary.rejects)} rejected rows are in {rejects}")
        raise typer.Exit(1)


app.callback()(_sources)
app.command()(crm_sales_opportunities)
