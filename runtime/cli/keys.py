"""`keyledger key`: API keys."""

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from runtime.cli.options import ApiKeyOption, UrlOption, door
from runtime.endings import CannotRun

app: Final = typer.Typer(help="API keys.", no_args_is_help=True)


def issue(
    *,
    key_id: Annotated[str, typer.Argument(help="The key's name: letters, digits, . - and _")],
    role: Annotated[list[str], typer.Option("--role", help="What it may do; may be repeated.")],
    label: Annotated[str, typer.Option("--label", help="What it is for. Not a person's name.")],
    employee: Annotated[str | None, typer.Option(help="The id of whom it acts for.")] = None,
    expires: Annotated[datetime | None, typer.Option(help="Until when it works, UTC.")] = None,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
) -> None:
    """Issue a key and print it, once: only its hash is kept."""
    from runtime.credentials import new_key

    key = new_key(key_id)
    line: dict[str, object] = {
        "command": "issue-api-key",
        "idempotency_key": f"issue {key_id} {key.secret_sha256}",
        "key_id": key_id,
        "secret_sha256": key.secret_sha256,
        "roles": role,
        "label": label,
        "employee_id": employee,
        "expires_at": None if expires is None else expires.replace(tzinfo=UTC).isoformat(),
    }
    with door(url, api_key) as commands:
        answer = commands.carry_out([line])[0]
    if answer.refused:
        raise CannotRun(f"the key was not issued: {answer.detail} ({answer.rule})")
    typer.echo(key.text)


def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's name, not its secret.")],
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
) -> None:
    """Stop a key from working, at once and for ever."""
    line = {"command": "revoke-api-key", "idempotency_key": f"revoke {key_id}", "key_id": key_id}
    with door(url, api_key) as commands:
        answer = commands.carry_out([line])[0]
    if answer.refused:
        raise CannotRun(f"the key was not revoked: {answer.detail} ({answer.rule})")
    typer.echo(f"{key_id} is revoked")


app.command()(issue)
app.command()(revoke)
