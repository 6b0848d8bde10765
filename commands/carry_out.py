"""The one place where reading, deciding and recording meet."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from aggregates.decider import Decider
from aggregates.refusals import Invalid, Refusal
from commands.command import Command
from commands.look import (
    Decided,
    ExternalKey,
    Known,
    Look,
    NotIdentified,
    NotListed,
    NotLoaded,
    NotReplayed,
    RegionNotListed,
)
from commands.ports import (
    Conflict,
    Context,
    DryRuns,
    EventStore,
    KeyReused,
    People,
    Portfolio,
    Portfolios,
    Proposal,
    Receipt,
    Replayed,
)
from events.event import Event

Handler = Callable[[Any, Look], Decided]

ATTEMPTS: Final = 100
"""How often a decision is made again after a lost race before the caller is told."""

REMEMBERED: Final = 100_000
"""How many streams are kept folded in memory; the least recently used go first."""


class VersionConflict(Exception):  # noqa: N818 - an answer, not an error
    """The stream is not at the version the caller stated, or the race was lost too often."""

    def __init__(self, stream: str, *, stated: int | None, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}")
        self.stream = stream
        self.stated = stated
        self.actual = actual


class CommandIdReused(Exception):  # noqa: N818 - an answer, not an error
    """The command id was used before for another request."""


@dataclass(slots=True)
class Memory:
    """The folded streams of this process, brought up to date rather than reloaded."""

    store: EventStore
    known: OrderedDict[str, Known] = field(default_factory=OrderedDict)
    deciders: dict[str, Decider[Any, Any]] = field(default_factory=dict)

    async def refresh(self, stream: str) -> None:
        """Fold what was recorded on ``stream`` since it was last looked at."""
        decider = self.deciders[stream]
        known = self.known.get(stream) or Known(decider.initial, 0, None)
        for recorded in await self.store.facts(stream, known.version):
            known = _folded(decider, known, recorded.event, recorded.envelope.occurred_at)
        # Somebody else may have brought it further while this waited for the store, or dropped it.
        self.deciders[stream] = decider
        current = self.known.get(stream)
        if current is None or current.version <= known.version:
            self._keep(stream, known)

    async def load(self, decider: Decider[Any, Any], stream: str) -> Known:
        """Bring ``stream`` into memory, or up to date where it is there already."""
        self.deciders[stream] = decider
        await self.refresh(stream)
        return self.known[stream]

    def begin(self, decider: Decider[Any, Any], stream: str) -> None:
        """Take ``stream`` to be new, unless it is known."""
        if stream not in self.known:
            self.deciders[stream] = decider
            self._keep(stream, Known(decider.initial, 0, None))

    def note(self, receipt: Receipt, proposal: Proposal) -> None:
        """Fold what this process has just recorded, where it directly follows what is known.

        A batch that was run again after a lost connection may answer with the receipt of an
        earlier call; then the versions do not follow, and the stream is forgotten instead.
        """
        for stream in dict.fromkeys(write.stream for write in proposal.writes):
            known = self.known.get(stream)
            if known is None:
                continue
            facts = [write.event for write in proposal.writes if write.stream == stream]
            follows = known.version == proposal.reads[stream] and (
                stream != receipt.stream or receipt.version == known.version + len(facts)
            )
            if not follows:
                self.forget(stream)
                continue
            for event in facts:
                known = _folded(self.deciders[stream], known, event, proposal.context.occurred_at)
            self._keep(stream, known)

    def forget(self, stream: str) -> None:
        """Drop ``stream``; it is loaded again when next looked at."""
        self.known.pop(stream, None)

    def _keep(self, stream: str, known: Known) -> None:
        self.known[stream] = known
        self.known.move_to_end(stream)
        while len(self.known) > REMEMBERED:
            forgotten, _ = self.known.popitem(last=False)
            self.deciders.pop(forgotten, None)


def _folded(decider: Decider[Any, Any], known: Known, event: Event, occurred_at: datetime) -> Known:
    last_at = known.last_at
    if event.LIFECYCLE:
        last_at = occurred_at if last_at is None else max(last_at, occurred_at)
    return Known(decider.evolve(known.state, event), known.version + 1, last_at)


@dataclass(slots=True)
class Desk:
    """Where commands are carried out: handlers by command class, and all that they need."""

    handlers: Mapping[type[Command], Handler]
    permit: Callable[[Command, Look], None]
    store: EventStore
    memory: Memory
    people: People
    portfolios: Portfolios
    dry_runs: DryRuns
    running: dict[str, asyncio.Event] = field(default_factory=dict)


async def carry_out(desk: Desk, command: Command, context: Context) -> Receipt:
    """Decide ``command`` on the current state and record what the decision returns.

    The decision is made again on a lost race, so it is pure. A command id seen before returns
    its first receipt; a concurrent repeat waits for the first. With ``context.expected_version``
    the caller's view must still be current.

    Raises:
        Refusal: what the decision raises, confirmed on current versions; nothing is recorded.
        VersionConflict: the stated version is stale, or the race was lost ``ATTEMPTS`` times.
        CommandIdReused: the command id belongs to another request.
    """
    while (first := desk.running.get(context.command_id)) is not None:
        await first.wait()
    done = desk.running[context.command_id] = asyncio.Event()
    try:
        return await _carry_out(desk, command, context)
    finally:
        del desk.running[context.command_id]
        done.set()


async def _carry_out(desk: Desk, command: Command, context: Context) -> Receipt:
    stream = ""
    for _ in range(ATTEMPTS):
        proposal, refusal = await _decide(desk, command, context)
        stream = proposal.stream
        outcome = await desk.store.submit(proposal)
        match outcome:
            case Receipt():
                if refusal is not None and not outcome.repeated:
                    raise refusal
                if not outcome.repeated:
                    desk.memory.note(outcome, proposal)
                return outcome
            case Conflict():
                for stale in outcome.streams:
                    if stale in desk.memory.deciders:
                        await desk.memory.refresh(stale)
            case KeyReused():
                message = "this Idempotency-Key was used before for another request"
                raise CommandIdReused(message)
    raise VersionConflict(stream, stated=None, actual=proposal.reads.get(stream, 0))


async def _decide(
    desk: Desk, command: Command, context: Context
) -> tuple[Proposal, Exception | None]:
    """The proposal, and the refusal to raise once the store has confirmed its versions."""
    handler = desk.handlers[type(command)]
    persons: dict[ExternalKey, str] = {}
    portfolios: dict[str, Portfolio] = {}
    staff: dict[str, Sequence[str]] = {}
    replays: dict[str, Replayed | None] = {}
    while True:
        look = Look(context, desk.memory.known, persons, portfolios, staff, replays)
        try:
            desk.permit(command, look)
            decided = handler(command, look)
            _check_version(context, decided, look)
            occurred_at = _occurred_at(context, decided, look)
        except NotLoaded as missing:
            await desk.memory.load(missing.decider, missing.stream)
        except NotIdentified as unknown:
            persons[unknown.key] = await desk.people.person(unknown.key.system, unknown.key.key)
        except NotListed as unlisted:
            held = await desk.portfolios.held_by(unlisted.employee_id)
            portfolios[unlisted.employee_id] = held
        except RegionNotListed as unlisted:
            staff[unlisted.region_id] = await desk.people.ever_in(unlisted.region_id)
        except NotReplayed as unread:
            replays[unread.replay_id] = await desk.dry_runs.replayed(unread.replay_id)
        except (Refusal, VersionConflict) as refusal:
            return _proposal(desk, look, context, None), refusal
        else:
            asked = context
            if occurred_at != context.occurred_at:
                asked = replace(context, occurred_at=occurred_at)
            return _proposal(desk, look, asked, decided), None


def _proposal(desk: Desk, look: Look, context: Context, decided: Decided | None) -> Proposal:
    for stream, decider in look.begun.items():
        desk.memory.begin(decider, stream)
    return Proposal(
        context=context,
        stream=decided.stream if decided else "",
        reads={stream: known.version for stream, known in look.seen.items()},
        writes=decided.writes if decided else (),
        policies=look.policies,
        keep_receipt=decided is not None,
    )


def _check_version(context: Context, decided: Decided, look: Look) -> None:
    actual = look.seen[decided.stream].version
    if context.expected_version is not None and context.expected_version != actual:
        raise VersionConflict(decided.stream, stated=context.expected_version, actual=actual)


def _occurred_at(context: Context, decided: Decided, look: Look) -> datetime:
    """When the facts occurred: a lifecycle fact not before the last one of its stream.

    What is said to be true now is not refused because another process, asked a moment later or
    with a clock that is ahead, was faster: it then occurs together with the last fact.

    Raises:
        Invalid: ``occurred-before-last-fact``, for history that is out of order.
    """
    occurred_at = context.occurred_at
    for write in decided.writes:
        last_at = look.seen[write.stream].last_at
        if not write.event.LIFECYCLE or last_at is None or occurred_at >= last_at:
            continue
        if context.occurred_at != context.now:
            raise Invalid(
                "occurred-before-last-fact",
                f"{write.event.NAME} cannot have occurred before the last fact of "
                f"{write.stream}, which occurred at {last_at.isoformat()}",
                field="occurred_at",
            )
        occurred_at = last_at
    return occurred_at
