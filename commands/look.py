"""What a handler sees while it decides: states of streams, each remembered with its version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from aggregates.decider import Decider
from commands.ports import Context, Portfolio, Replayed, Write
from events.event import Event
from events.values import Id

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


class ExternalKey(BaseModel):
    """What another system calls a person. It may be a name, so it is never recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: Id
    key: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")


class NotIdentified(Exception):  # noqa: N818 - a request, not an error
    """A handler asked for the person behind a key; look them up and run it again."""

    def __init__(self, key: ExternalKey) -> None:
        super().__init__(key.system)
        self.key = key


class NotListed(Exception):  # noqa: N818 - a request, not an error
    """A handler asked what an employee looks after; list it and run it again."""

    def __init__(self, employee_id: str) -> None:
        super().__init__(employee_id)
        self.employee_id = employee_id


class RegionNotListed(Exception):  # noqa: N818 - a request, not an error
    """A handler asked who works for a region; list them and run it again."""

    def __init__(self, region_id: str) -> None:
        super().__init__(region_id)
        self.region_id = region_id


class NotReplayed(Exception):  # noqa: N818 - a request, not an error
    """A handler asked what a replay found; look it up and run it again."""

    def __init__(self, replay_id: str) -> None:
        super().__init__(replay_id)
        self.replay_id = replay_id


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
    persons: Mapping[ExternalKey, str] = field(default_factory=dict)
    portfolios: Mapping[str, Portfolio] = field(default_factory=dict)
    staff: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By region: everybody who ever worked for it."""
    replays: Mapping[str, Replayed | None] = field(default_factory=dict)
    seen: dict[str, Known] = field(default_factory=dict)
    """What the decision rests on; recording confirms each version."""
    begun: dict[str, Decider[Any, Any]] = field(default_factory=dict)
    """The streams that were taken to be new without having been looked up."""
    policies: dict[str, int] = field(default_factory=dict)

    def __call__(self, decider: Decider[S, E], identity: str) -> S:
        """The state of ``identity``: the decider's initial one where it has no facts.

        Raises:
            NotLoaded: the stream is not in memory; the caller loads it and starts again.
        """
        stream = decider.stream(identity)
        known = self.known.get(stream) or self.seen.get(stream)
        if known is None:
            raise NotLoaded(decider, stream)
        self.seen[stream] = known
        state: S = known.state
        return state

    def person(self, key: ExternalKey) -> str:
        """The id of the person another system calls ``key``; the same every time.

        Raises:
            NotIdentified: not looked up yet; the caller does and starts again.
        """
        if key not in self.persons:
            raise NotIdentified(key)
        return self.persons[key]

    def portfolio(self, employee_id: str) -> Portfolio:
        """What an employee looks after.

        It is complete where they had left before it was listed: nothing is given to who has left.

        Raises:
            NotListed: not listed yet; the caller does and starts again.
        """
        if employee_id not in self.portfolios:
            raise NotListed(employee_id)
        return self.portfolios[employee_id]

    def ever_in(self, region_id: str) -> Sequence[str]:
        """Everybody who was ever hired for a region or moved to it; some have left it since.

        Raises:
            RegionNotListed: not listed yet; the caller does and starts again.
        """
        if region_id not in self.staff:
            raise RegionNotListed(region_id)
        return self.staff[region_id]

    def replayed(self, replay_id: str) -> Replayed | None:
        """A replay and what it found; ``None``: there is none.

        Raises:
            NotReplayed: not looked up yet; the caller does and starts again.
        """
        if replay_id not in self.replays:
            raise NotReplayed(replay_id)
        return self.replays[replay_id]

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

    def begin(
        self,
        decider: Decider[S, E],
        identity: str,
        verb: Callable[Concatenate[S, P], tuple[E, ...]],
        *args: P.args,
        **arguments: P.kwargs,
    ) -> Decided:
        """As ``decide``, for a verb that begins a stream.

        One that is not in memory is most likely new: looking it up would cost a trip, and when it
        is not, recording says so.
        """
        stream = decider.stream(identity)
        if stream not in self.known:
            self.seen[stream] = Known(decider.initial, 0, None)
            self.begun[stream] = decider
        return self.decide(decider, identity, verb, *args, **arguments)
