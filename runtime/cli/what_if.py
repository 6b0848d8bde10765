"""`keyledger replay what-if`: the past under other scoring policies."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from pydantic import ValidationError

from runtime.cli.options import DataOption, settings_with
from runtime.embedded import reached
from runtime.endings import CannotRun
from runtime.settings import Settings
from runtime.stopping import until_told

if TYPE_CHECKING:
    # Loaded where they are needed: frames take longer than most verbs.
    from replay.what_if.question import Question
    from replay.what_if.result import Result
    from replay.what_if.run import Finished
    from runtime.what_if import Progress

app: Final = typer.Typer(help="The past again, under other policies.", no_args_is_help=True)

PolicyArgument = Annotated[
    list[str],
    typer.Argument(
        help="A JSON file with a scoring policy, or with a body of draft-scoring-policy; or"
        " PLACE@VERSION, such as emea@2, or '*@2' for the whole group.",
        metavar="POLICY...",
    ),
]
FirstOption = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
]
LastOption = Annotated[
    datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day (inclusive).")
]
KnownOption = Annotated[
    str, typer.Option(help="now: as all is known now. at_close: as it was when a day was closed.")
]
HorizonOption = Annotated[int, typer.Option(help="Days after an alert in which a loss proves it.")]
OutcomesOption = Annotated[
    Path | None,
    typer.Option(help="A CSV file of more losses: account_id, outcome, occurred_on."),
]
AccountOption = Annotated[
    list[str] | None, typer.Option("--account", help="Only this account; may be repeated.")
]
OutOption = Annotated[Path, typer.Option(help="Where the answer is put.")]

_FILES: Final = frozenset(("result.json", "changes.csv", "daily.parquet", "report.md"))


def _group() -> None:
    """A callback makes the kind of replay a word of its own."""


def what_if(
    *,
    policy: PolicyArgument,
    first: FirstOption,
    last: LastOption,
    known: KnownOption = "now",
    horizon: HorizonOption = 90,
    outcomes: OutcomesOption = None,
    account: AccountOption = None,
    out: OutOption = Path("what-if"),
    data: DataOption = None,
) -> None:
    """Score a period under up to five policies beside those in force; records nothing.

    It can be stopped at any time, and goes on where it was when it is asked the same again.
    """
    from runtime.what_if import outcomes_in

    question = _question(
        policies=[_candidate(one) for one in policy],
        first=first.date(),
        last=last.date(),
        known=known,
        horizon_days=horizon,
        accounts=account or None,
    )
    _refuse_other_files(out)
    more = () if outcomes is None else outcomes_in(outcomes)
    settings = reached(settings_with(data=data, log="store"))
    told = json.dumps([question.model_dump(mode="json"), more], default=str, sort_keys=True)
    finished = _answered(settings, question, told, more, out)
    if finished is None:
        typer.echo("stopped; run it again to go on from there")
        raise typer.Exit(130)
    _say(finished, out)


def _question(**told: Any) -> "Question":
    """The question.

    Raises:
        CannotRun: it is none that can be asked; the message names the field.
    """
    from replay.what_if.question import Question

    try:
        return Question.model_validate_json(json.dumps(told, default=date.isoformat))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CannotRun(f"{where or 'the question'}: {first['msg']}") from wrong


def _candidate(policy: str) -> dict[str, Any]:
    """What is asked about one policy.

    Raises:
        CannotRun: it is neither a version nor a file of JSON.
    """
    version = re.fullmatch(r"([A-Za-z0-9._-]{1,64}|\*)@(\d{1,9})", policy)
    if version is not None:
        place, number = version.groups()
        region_id = None if place == "*" else place
        name = f"{region_id or 'group'}.{number}"
        return {"name": name[:64], "region_id": region_id, "version": int(number)}
    path = Path(policy)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise CannotRun(f"{policy} is no version, and cannot be read as JSON: {wrong}") from wrong
    name = re.sub(r"[^A-Za-z0-9._-]", "-", path.stem)[:64]
    if isinstance(told, dict) and "document" in told:
        return {"name": name, "region_id": told.get("region_id"), "document": told["document"]}
    return {"name": name, "document": told}


def _refuse_other_files(out: Path) -> None:
    """An answer takes the place of another answer, and of nothing else.

    Raises:
        CannotRun: something else is there.
    """
    if out.exists() and (not out.is_dir() or {one.name for one in out.iterdir()} - _FILES):
        raise CannotRun(f"{out} holds something else; give another --out DIR")


def _answered(
    settings: Settings, question: "Question", told: str, more: tuple[Any, ...], out: Path
) -> "Finished | None":
    import hashlib

    from aggregates.refusals import Refusal
    from runtime.composition import database_of
    from runtime.store.postgres import ledger_connection
    from runtime.what_if import alone_in, begun_at
    from runtime.what_if import what_if as answer

    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    workplace = settings.data / ".what-if" / settings.ledger / digest
    stop = until_told()
    with (
        alone_in(workplace),
        ledger_connection(database_of(settings, "what-if"), settings.ledger) as connection,
        _bars() as progress,
    ):
        begun = begun_at(workplace)
        if begun is not None:
            typer.echo(f"going on with what was begun as of position {begun}")
        try:
            finished = answer(connection, question, workplace, progress, stop.is_set, outcomes=more)
        except Refusal as refused:
            shutil.rmtree(workplace)
            where = f"{refused.field}: " if refused.field else ""
            raise CannotRun(f"{where}{refused.detail} ({refused.rule})") from refused
        if finished is None:
            return None
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(finished.folder, out)
        shutil.rmtree(workplace)
    return finished


@contextmanager
def _bars() -> Iterator["Progress"]:
    """One progress bar after the other, for each thing that is counted."""
    from contextlib import ExitStack

    from runtime.cli.progress import progress_bar

    bars: dict[str, Any] = {}
    with ExitStack() as held:

        def progress(what: str, done: int, total: int) -> None:
            if what not in bars:
                held.close()
                bars[what] = held.enter_context(progress_bar("what if", what))
            bars[what](done, total)

        yield progress


def _say(finished: "Finished", out: Path) -> None:
    result: Result = finished.result
    for one in result.comparisons:
        mine, theirs = one.candidate.quality[0], one.active.quality[0]
        typer.echo(
            f"{one.name}: {len(one.changes)} of {one.accounts} accounts change band;"
            f" {mine.alerts} alerts instead of {theirs.alerts};"
            f" {mine.warned} of {mine.outcomes} losses warned of instead of {theirs.warned}"
        )
    typer.echo(f"as of position {result.position}; read {out / 'report.md'}")


app.callback()(_group)
app.command("what-if")(what_if)
