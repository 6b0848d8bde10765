"""What every aggregate is: an initial state and a fold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

from events.event import Event

S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Decider(Generic[S, E]):
    """The fold of one kind of stream; its decisions are free functions beside it."""

    category: str
    """The first part of the stream id: ``<category>-<id>``."""
    initial: S
    evolve: Callable[[S, E], S]

    def stream(self, identity: str) -> str:
        """The stream id of ``identity``."""
        return f"{self.category}-{identity}"

    def fold(self, facts: Iterable[E], state: S | None = None) -> S:
        """The state after ``facts``, from ``state`` or from the beginning."""
        return reduce(self.evolve, facts, self.initial if state is None else state)
