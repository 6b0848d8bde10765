"""A ledger with a year of business in it, brought in through the public door."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Final

from benchmarks.servers import Servers
from runtime.credentials import derived_key
from runtime.importing.driving import HttpCommands
from runtime.importing.relations.ground import ground_of_lines
from runtime.importing.relations.year import RelationsYear
from runtime.importing.sample_year import CURRENCY, ROOT, SampleYear
from runtime.importing.steps import Step, carry_out
from runtime.log.store_source import StoreSource
from runtime.projector import BATCH

LEDGER: Final = "bench_year"
WHOLE: Final = "bench_whole_year"
LAST_ON: Final = date(2025, 12, 31)


def sample_year(servers: Servers) -> str:
    """The name of a ledger with a year of selling; it is filled when it is first asked for."""
    if not (servers.folder / LEDGER).exists():
        _fill(servers, LEDGER, around=False)
    return LEDGER


def whole_year(servers: Servers) -> str:
    """As :func:`sample_year`, with all that is done around the accounts besides."""
    if not (servers.folder / WHOLE).exists():
        _fill(servers, WHOLE, around=True)
    return WHOLE


def decode(source: StoreSource) -> int:
    """Read and decode all of a ledger and do nothing with it; returns how many facts there are."""
    head, position = source.head(), 0
    while position < head:
        position = source.read(position, BATCH, 1)[-1].envelope.position
    return head


def _fill(servers: Servers, ledger: str, *, around: bool) -> None:
    with servers.parts(ledger, "serve-1") as parts, ExitStack() as held:

        @cache
        def door_of(key_id: str | None) -> HttpCommands:
            key = parts.api_key if key_id is None else derived_key(parts.api_key, key_id).text
            url = f"http://127.0.0.1:{parts.ports['serve-1']}"
            return held.enter_context(HttpCommands(url, key))

        year = SampleYear(LAST_ON)
        lines = tuple(year.lines())
        steps: Sequence[Step] = (Step(None, lines),)
        if around:
            ground = ground_of_lines(lines, root_id=ROOT, currency=CURRENCY, since=year.first_on)
            steps = (
                *steps,
                *RelationsYear(
                    ground,
                    LAST_ON,
                    sha256_of=lambda key_id: derived_key(parts.api_key, key_id).secret_sha256,
                ).steps(),
            )
        carry_out(steps, door_of, progress=lambda *_: None, stopped=lambda: False)
