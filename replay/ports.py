"""What looking at the past needs from the outside."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from events.event import Event
from events.recorded import Recorded
from projections.projection import Projection, Table


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


class Workshop(Protocol):
    """Where a read model is built anew beside the one that answers."""

    @property
    def position(self) -> int:
        """The position of the last fact the new build has folded; kept across interruptions."""

    def target(self) -> int:
        """Where the build that answers stands now."""

    def fold(self, facts: Sequence[Recorded[Event]]) -> None:
        """Fold the facts that come next; they stay folded whatever happens afterwards."""

    def compare(self, rest: Callable[[int, int], Sequence[Recorded[Event]]]) -> str:
        """Bring the new build level with the one that answers, and compare; nobody waits for it.

        ``rest(after, up_to)`` gives the facts still missing. Returns the digest of the rows.

        Raises:
            BuildsDiffer: they do not hold the same rows.
        """

    def switch(self, rest: Callable[[int, int], Sequence[Recorded[Event]]]) -> None:
        """Fold what has come since and have the new build answer, in one transaction."""


class BuildsDiffer(Exception):  # noqa: N818 - names what is found
    """A read model built anew is not the one that answers; nothing was switched."""


class StoredFact(Protocol):
    """One row of the event store, byte for byte."""

    @property
    def position(self) -> int:
        """Its place in the log."""

    @property
    def name(self) -> str:
        """The stored name of the fact."""

    @property
    def payload(self) -> bytes:
        """The fact, as it is stored."""

    @property
    def leaf(self) -> bytes:
        """Its envelope, as it is stored."""

    @property
    def leaf_hash(self) -> bytes:
        """The hash that was stored with the leaf."""


class StoredFacts(Protocol):
    """Where facts come from byte for byte: Kafka, or the store's own tail."""

    def stored(self, after: int, limit: int, timeout_s: float) -> Sequence[StoredFact]:
        """As `LogSource.read`, but as they are stored: not brought to their newest shape."""
        ...

    def head(self) -> int:
        """See `LogSource.head`."""
        ...


class ReadModel(Protocol):
    """A read model as it answers now."""

    @property
    def projection(self) -> Projection:
        """What it was folded with."""

    @property
    def position(self) -> int:
        """The position of the last fact it has folded."""

    def rows(self, table: Table) -> Iterator[Any]:
        """Its rows, in order of their keys."""
