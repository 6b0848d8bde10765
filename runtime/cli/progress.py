"""A progress bar with rate and time left, for whatever takes longer than a second."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

Told = Callable[[int, int], None]
"""What is told how many are done of how many."""


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """The rate so far; a dash before there is one."""
        speed, unit = task.finished_speed or task.speed, task.fields["unit"]
        return Text(f"{speed:,.0f} {unit}/s" if speed else f"- {unit}/s")


@contextmanager
def progress_bar(what: str, unit: str) -> Iterator[Told]:
    """One bar, drawn on standard error."""
    with progress_bars((what, unit)) as (told,):
        yield told


@contextmanager
def progress_bars(*steps: tuple[str, str]) -> Iterator[tuple[Told, ...]]:
    """A bar for each step, one below the other: what is done, and its unit."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bars:
        tasks = [bars.add_task(what, total=None, unit=unit) for what, unit in steps]
        yield tuple(partial(_tell, bars, task) for task in tasks)


def _tell(bars: Progress, task: TaskID, done: int, total: int) -> None:
    bars.update(task, completed=done, total=total)
