"""A history with its commands put together: their attempts, answers and facts."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from commands.ports import Receipt
from events.recorded import Envelope, envelope_of
from tests.history.history import Call, History, Silence
from tests.runtime.store.ledgers import Stored


@dataclass(frozen=True)
class Case:
    """A history, and what its commands came to."""

    history: History

    @cached_property
    def commands(self) -> Mapping[str, "Command"]:
        attempts: dict[str, list[Call]] = defaultdict(list)
        for call in self.history.calls:
            attempts[call.command_id].append(call)
        return {command_id: Command(calls) for command_id, calls in attempts.items()}

    @cached_property
    def stored(self) -> Mapping[str, Sequence[Stored]]:
        return _by_command(self.history.store)

    @cached_property
    def logged(self) -> Mapping[str, Sequence[Stored]]:
        return _by_command(self.history.log or ())

    def recorded_at_or_after(self, command_id: str) -> float:
        """The least position the command can have taken; infinite where it took none."""
        facts = self.stored.get(command_id)
        if facts:
            return min(fact.position for fact in facts)
        answer = self.commands[command_id].answer
        # An empty decision takes no position of its own; it stands behind the last one it knew.
        return math.inf if answer is None else answer.position + 1


@dataclass(frozen=True)
class Command:
    """All attempts at one command."""

    attempts: Sequence[Call]

    @cached_property
    def receipts(self) -> Sequence[Receipt]:
        return [call.answer for call in self.attempts if isinstance(call.answer, Receipt)]

    @property
    def answer(self) -> Receipt | None:
        return self.receipts[0] if self.receipts else None

    @property
    def refused(self) -> bool:
        return all(call.answer is Silence.REFUSED for call in self.attempts)

    @property
    def invoked_at(self) -> float:
        return min(call.invoked_at for call in self.attempts)

    @property
    def answered_at(self) -> float:
        """When a client first knew that it was recorded; infinite while nobody knows."""
        ends = [call.ended_at for call in self.attempts if isinstance(call.answer, Receipt)]
        return min(ends, default=math.inf)


def _by_command(facts: Sequence[Stored]) -> Mapping[str, Sequence[Stored]]:
    found: dict[str, list[Stored]] = defaultdict(list)
    for fact in facts:
        envelope = envelope_in(fact)
        if envelope is not None:
            found[envelope.command_id].append(fact)
    return found


def envelope_in(fact: Stored) -> Envelope | None:
    """What the leaf says; ``None`` for bytes that are no leaf, which C3 reports."""
    try:
        return envelope_of(fact.leaf)
    except ValueError:
        return None


def event_id(fact: Stored) -> str:
    return f"{fact.stream}/{fact.version}"
