"""Walks up a tree of streams; every stream on the way is read, and so confirmed when recorded."""

from collections.abc import Callable
from typing import TypeVar

from aggregates.decider import Decider
from commands.look import Look
from events.event import Event

S = TypeVar("S")
E = TypeVar("E", bound=Event)


def ancestors(
    look: Look,
    decider: Decider[S, E],
    identity: str | None,
    parent_of: Callable[[S], str | None],
) -> tuple[str, ...]:
    """``identity`` and everything above it, nearest first; empty for ``None``.

    Two commands that would close a circle together read each other's streams, so one of them is
    decided again and refused.
    """
    found: list[str] = []
    while identity is not None and identity not in found:
        found.append(identity)
        identity = parent_of(look(decider, identity))
    return tuple(found)
