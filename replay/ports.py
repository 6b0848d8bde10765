"""What looking at the past needs from the outside."""

from collections.abc import Sequence
from typing import Protocol

from events.event import Event
from events.recorded import Recorded


class LogSource(Protocol):
    """Where the facts come from: Kafka, or the store's own tail; every adapter passes one suite."""

    def read(self, after: int, limit: int, timeout_s: float) -> Sequence[Recorded[Event]]:
        """The facts that follow position ``after``, in order and without a hole; at most ``limit``.

        Waits up to ``timeout_s`` for the first one; empty if none came. A call need not begin
        where the last one ended.

        Raises:
            LogGap: what follows ``after`` is not ``after + 1``: a hole, a repeat or a cut-off.
        """
        ...

    def head(self) -> int:
        """The position of the last fact there is now; 0 for an empty log."""
        ...


class LogGap(Exception):  # noqa: N818 - names what is found
    """The log does not go on where it has to; nothing may be folded past this point."""
