"""`keyledger kafka`: a one-node Kafka on this machine."""

from typing import Annotated, Final

import typer

from runtime.cli.options import DataOption, settings_with
from runtime.embedded import embedded_broker
from runtime.log.broker import Broker

app: Final = typer.Typer(help="A one-node Apache Kafka on this machine.", no_args_is_help=True)

KafkaPort = Annotated[int, typer.Option("--port", help="The port; 0 keeps the one it has.")]


def start(data: DataOption = None, port: KafkaPort = 0) -> None:
    """Start it and leave it running; does nothing when it runs already."""
    broker = _broker(data, port)
    bootstrap = broker.start(say=lambda text: typer.echo(text, err=True))
    typer.echo(f"Kafka {broker.status().version} answers at {bootstrap}; its data: {broker.data}")


def stop(data: DataOption = None) -> None:
    """Stop it in good order."""
    broker = _broker(data)
    was_running = broker.status().running
    broker.stop()
    typer.echo("Kafka is stopped" if was_running else "Kafka was not running")


def status(data: DataOption = None) -> None:
    """Say whether it runs and where; exit code 1 when it does not."""
    found = _broker(data).status()
    if not found.running:
        typer.echo(f"Kafka {found.version} is not running; start it with: keyledger kafka start")
        raise typer.Exit(1)
    typer.echo(
        f"Kafka {found.version} runs at {found.bootstrap} "
        f"(process {found.pid}, cluster {found.cluster_id})"
    )


def _broker(data: DataOption, port: int = 0) -> Broker:
    return embedded_broker(settings_with(data=data), port)


app.command()(start)
app.command()(stop)
app.command()(status)
