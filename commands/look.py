"""What a handler sees while it decides: states of streams, each remembered with its version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from aggregates.decider import Decider
from commands.ports import Context, Write
from events.event import Event

S = TypeVar("S")
E = TypeVar("E", bound=Event)
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Known:
    """A stream folded up to ``version``; ``last_at`` is when its last lifecycle fact occurred."""

    state: Any
    version: int
    last_at: datetime | None


class NotLoaded(Exception):  # noqa: N818 - a request, not an error
    """A handler looked at a stream that is not in memory yet; load it and run it again."""

    def __init__(self, decider: Decider[Any, Any], stream: str) -> None:
        super().__init__(stream)
        self.decider = decider
        self.stream = stream


@dataclass(frozen=True, slots=True)
class Decided:
    """The facts a decision returned, and the stream they are about."""

    stream: str
    writes: tuple[Write, ...]


@dataclass(slots=True)
class Look:
    """The states a decision may rest on. Handlers are pure, so they can run again at any time."""

    context: Context
    known: Mapping[str, Known]
    reads: dict[str, int] = field(default_factory=dict)
    policies: dict[str, int] = field(default_factory=dict)

    def __call__(self, decider: Decider[S, E], identity: str) -> S:
        """The state of ``identity``: the decider's initial one where it has no facts.

        Raises:
            NotLoaded: the stream is not in memory; the caller loads it and starts again.
        """
        stream = decider.stream(identity)
        known = self.known.get(stream)
        if known is None:
            raise NotLoaded(decider, stream)
        self.reads[stream] = known.version
        state: S = known.state
        return state

    def under(self, policy: str, version: int) -> None:
        """Note that the decision used ``version`` of ``policy``."""
        self.policies[policy] = version

    def decide(
        self,
        decider: Decider[S, E],
        identity: str,
        verb: Callable[Concatenate[S, P], tuple[E, ...]],
        *args: P.args,
        **arguments: P.kwargs,
    ) -> Decided:
        """Run ``verb`` on the state of ``identity`` with ``arguments``."""
        stream = decider.stream(identity)
        facts = verb(self(decider, identity), *args, **arguments)
        return Decided(stream, tuple(Write(stream, fact) for fact in facts))
