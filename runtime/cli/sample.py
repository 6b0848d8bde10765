"""What `keyledger demo` adds: a sample year, and what to try on it."""

import threading
from datetime import UTC, datetime

from runtime.cli.options import admin_key
from runtime.endings import CannotRun
from runtime.settings import Settings


def load_sample_year(settings: Settings, stop: threading.Event) -> None:
    """Load the sample year through the public door, unless it is there already.

    Raises:
        CannotRun: a command of it was refused: the ledger holds something else.
    """
    from runtime.cli.progress import progress_bar
    from runtime.importing.driving import LINES_A_BATCH, HttpCommands
    from runtime.importing.sample_year import SampleYear

    noted = settings.data / "sample-year"
    if not noted.exists():
        # The last day is fixed before anything is sent: a start that was cut off goes on with it.
        noted.write_text(datetime.now(UTC).astimezone(settings.zone).date().isoformat() + "\n")
    day, _, loaded = noted.read_text().strip().partition(" ")
    if loaded:
        return

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    lines = list(SampleYear(datetime.fromisoformat(day).date()).lines())
    with (
        HttpCommands(settings.url, admin_key(settings), pause) as door,
        progress_bar("loading a sample year", "commands") as progress,
    ):
        for at in range(0, len(lines), LINES_A_BATCH):
            if stop.is_set():
                return
            for answer in door.carry_out(lines[at : at + LINES_A_BATCH]):
                if answer.refused:
                    message = f"the sample year does not fit into this ledger: {answer.detail}"
                    raise CannotRun(f"{message}; give another --data DIR")
            progress(min(at + LINES_A_BATCH, len(lines)), len(lines))
    noted.write_text(f"{day} loaded\n")


def what_to_try(settings: Settings) -> str:
    """The address, the key, and three commands to try in another terminal."""
    return f"""
keyledger answers at {settings.url}; Ctrl-C stops it, the data stay in {settings.data}
In another terminal:

  URL={settings.url} KEY={admin_key(settings)}
  curl -s -H "Authorization: Bearer $KEY" "$URL/v1/funnel?group_by=region"
  curl -s -H "Authorization: Bearer $KEY" "$URL/v1/audit-trail?record=opportunity-deal-0001"
  curl -s -X POST $URL/v1/commands/open-region -H "Authorization: Bearer $KEY" \\
    -H "Idempotency-Key: try-1" \\
    -d '{{"region_id": "benelux", "name": "Benelux", "parent_id": "sample"}}'
"""
