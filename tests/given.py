"""Given what happened, when something is asked, then this happens: the test of a decision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import pytest

from aggregates.decider import Decider
from aggregates.refusals import Refusal
from events.event import Event

S = TypeVar("S")
E = TypeVar("E", bound=Event)
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Asked(Generic[S, E]):
    """A decision to be made on a state."""

    decider: Decider[S, E]
    state: S
    decide: Callable[[S], tuple[E, ...]]

    def then(self, *facts: E) -> None:
        """It returns ``facts``, none for what is so already; asked again, it returns nothing."""
        assert self.decide(self.state) == facts
        assert self.decide(self.decider.fold(facts, self.state)) == ()

    def then_refused(self, rule: str, kind: type[Refusal], *, field: str | None = None) -> None:
        """It is refused by ``rule``, with exactly this kind of refusal, blaming ``field``."""
        with pytest.raises(Refusal) as refused:
            self.decide(self.state)
        found = refused.value
        assert (found.rule, type(found), found.field) == (rule, kind, field)


@dataclass(frozen=True, slots=True)
class Given(Generic[S, E]):
    """What happened before."""

    decider: Decider[S, E]
    facts: tuple[E, ...]

    def when(
        self,
        verb: Callable[Concatenate[S, P], tuple[E, ...]],
        *args: P.args,
        **arguments: P.kwargs,
    ) -> Asked[S, E]:
        """Ask for ``verb`` with ``arguments`` after what happened."""

        def decide(state: S) -> tuple[E, ...]:
            return verb(state, *args, **arguments)

        return Asked(self.decider, self.decider.fold(self.facts), decide)


def given(decider: Decider[S, Any], *facts: Any) -> Given[S, Any]:
    """The state of what ``decider`` folds after ``facts``; its initial one after none."""
    return Given(decider, facts)
