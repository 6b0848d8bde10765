"""What `keyledger demo` adds: a year of business with accounts, and what to try on it."""

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from runtime.cli.options import admin_key
from runtime.endings import CannotRun
from runtime.settings import Settings

if TYPE_CHECKING:
    # Loaded where it is needed: no other verb makes anything up.
    from runtime.importing.driving import HttpCommands
    from runtime.importing.relations.ground import Ground
    from runtime.importing.steps import Step

DoorOf = Callable[[str | None], "HttpCommands"]
"""The door under the key of an id, ``None`` for the administrator's."""

_NOTE: Final = "sample-year"
"""The file that says which year it is and, once all of it is in, what there is to try."""

_POLICY: Final = "scoring-policy.json"
"""The file with a scoring policy to try on the past."""


class Examples(NamedTuple):
    """What there is to try."""

    opportunity_id: str
    root_id: str
    """The region above all others."""
    account_id: str
    approval_id: str
    """An approval of the account that waits for a director."""
    key_id: str
    """The key of that director."""
    falling_id: str
    """An account that thinks less and less of us."""


def load_sample(
    settings: Settings, stop: threading.Event, say: Callable[[str], None], history: Path | None
) -> Examples | None:
    """Load a year of business through the public door, unless it is there already.

    It is about the accounts of ``history``, a CRM Sales Opportunities data set, or about made-up
    ones. ``None``: it was stopped, and goes on at the next start.

    Raises:
        CannotRun: a command or a row was refused: the ledger holds something else.
    """
    noted = settings.data / _NOTE
    if not noted.exists():
        # The last day is fixed before anything is sent: a start that was cut off goes on with it.
        noted.write_text(datetime.now(UTC).astimezone(settings.zone).date().isoformat() + "\n")
    day, *loaded = noted.read_text().split()
    if len(loaded) == len(Examples._fields):
        return Examples(*loaded)
    if loaded:
        raise CannotRun(f"{noted} was left by an earlier release; give another --data DIR")
    examples = _loaded(settings, stop, say, history, date.fromisoformat(day))
    if examples is not None:
        noted.write_text(" ".join((day, *examples)) + "\n")
    return examples


def _loaded(
    settings: Settings,
    stop: threading.Event,
    say: Callable[[str], None],
    history: Path | None,
    last_on: date,
) -> Examples | None:
    from runtime.credentials import derived_key
    from runtime.importing.driving import HttpCommands
    from runtime.importing.relations.year import MADE, RelationsYear

    admin = admin_key(settings)

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    with ExitStack() as held:

        @cache
        def door_of(key_id: str | None) -> HttpCommands:
            key = admin if key_id is None else derived_key(admin, key_id).text
            return held.enter_context(HttpCommands(settings.url, key, pause))

        found = (
            _made_up(last_on, door_of, stop)
            if history is None
            else _imported(history, door_of, settings.data / "rejects.csv")
        )
        if found is None:
            return None
        ground, opportunity_id = found
        year = RelationsYear(
            ground, last_on, sha256_of=lambda key_id: derived_key(admin, key_id).secret_sha256
        )
        steps = year.steps()
        what = f"a year with {len(ground.accounts)} accounts"
        if not _carried_out(what, steps, door_of, stop):
            return None
    made = Counter(str(line["command"]) for step in steps for line in step.lines)
    say(f"{what}: " + ", ".join(f"{made[command]:,} {words}" for command, words in MADE.items()))
    _leave_policy(settings)
    return Examples(opportunity_id, ground.root_id, *year.waiting, year.falling)


def _leave_policy(settings: Settings) -> None:
    """Leave a scoring policy to be changed and tried on the past, unless there is one."""
    from runtime.importing.relations.scoring import tighter_policy

    with suppress(FileExistsError), (settings.data / _POLICY).open("x", encoding="utf-8") as file:
        json.dump(tighter_policy(), file, indent=2)


def _made_up(last_on: date, door_of: DoorOf, stop: threading.Event) -> tuple["Ground", str] | None:
    from runtime.importing.relations.ground import ground_of_lines
    from runtime.importing.sample_year import CURRENCY, ROOT, SampleYear
    from runtime.importing.steps import Step

    sample = SampleYear(last_on)
    lines = tuple(sample.lines())
    if not _carried_out("a sample year", [Step(None, lines)], door_of, stop):
        return None
    ground = ground_of_lines(lines, root_id=ROOT, currency=CURRENCY, since=sample.first_on)
    return ground, "deal-0001"


def _imported(history: Path, door_of: DoorOf, rejects: Path) -> tuple["Ground", str]:
    from runtime.cli.progress import progress_bar
    from runtime.importing.crm_sales_opportunities import import_crm, imported
    from runtime.importing.relations.ground import ground_of_history

    with progress_bar(f"importing {history.name}", "records") as progress:
        summary = import_crm(
            history,
            client=door_of(None),
            mapping_path=None,
            rejects_path=rejects,
            progress=progress,
        )
    if summary.rejects:
        raise CannotRun(f"{len(summary.rejects)} rows of {history} do not fit, see {rejects}")
    found = imported(history, client=door_of(None))
    return ground_of_history(found), found.source.deals[0].opportunity_id


def _carried_out(
    what: str, steps: Sequence["Step"], door_of: DoorOf, stop: threading.Event
) -> bool:
    from runtime.cli.progress import progress_bar
    from runtime.importing.steps import Unfit, carry_out

    with progress_bar(f"loading {what}", "commands") as progress:
        try:
            return carry_out(steps, door_of, progress=progress, stopped=stop.is_set)
        except Unfit as refused:
            message = f"{what} does not fit into this ledger: {refused}"
            raise CannotRun(f"{message}; give another --data DIR") from refused


def what_to_try(settings: Settings, examples: Examples) -> str:
    """The address, the keys, and commands to try in another terminal."""
    from runtime.credentials import derived_key

    key = admin_key(settings)
    director = derived_key(key, examples.key_id).text
    today = datetime.now(UTC).astimezone(settings.zone).date()
    before, since, until = (today - timedelta(days=days) for days in (180, 150, 60))
    compared = f"?as_of={until}&against={since}"
    get = 'curl -s -H "Authorization: Bearer $KEY"'
    as_director = 'curl -s -H "Authorization: Bearer $DIRECTOR"'
    return f"""
keyledger answers at {settings.url}; Ctrl-C stops it, the data stay in {settings.data}
In another terminal:

  URL={settings.url} KEY={key} DIRECTOR={director}
  {get} "$URL/v1/funnel?group_by=region"
  {get} "$URL/v1/accounts/{examples.account_id}"
  {get} "$URL/v1/accounts/{examples.account_id}?as_of={before}"
  {get} "$URL/v1/health-scores?limit=5"
  {get} "$URL/v1/health-scores/heat?group_by=region"
  {get} "$URL/v1/accounts/{examples.falling_id}/health-score/explanation{compared}"
  {get} "$URL/v1/account-outcomes"
  {get} "$URL/v1/audit-trail?record=opportunity-{examples.opportunity_id}"
  {as_director} "$URL/v1/approvals/inbox"
  {as_director} -X POST $URL/v1/commands/decide-approval \\
    -H "Idempotency-Key: try-1" \\
    -d '{{"approval_id": "{examples.approval_id}", "step": 1, "decision": "approved"}}'
  {get} -X POST $URL/v1/commands/open-region \\
    -H "Idempotency-Key: try-2" \\
    -d '{{"region_id": "benelux", "name": "Benelux", "parent_id": "{examples.root_id}"}}'

The past year under another scoring policy, which may be changed first; the report is a file:

  {Path(sys.executable).with_name("keyledger")} replay what-if {settings.data / _POLICY} \\
    --from {today - timedelta(days=270)} --to {today - timedelta(days=1)} \\
    --data {settings.data} --out {settings.data / "report"}
"""
