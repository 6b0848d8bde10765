"""One entry of a competitor at a customer: they come, and perhaps go."""

from dataclasses import dataclass
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotFound, WrongState
from events.accounts.competitor import CompetitorEntered, CompetitorEvent, CompetitorLeft

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unseen:
    """There is no such entry."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A competitor is at work at a customer, or was."""

    entered: CompetitorEntered
    left: bool = False


Competitor = Unseen | Seen

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(competitor: Competitor, event: CompetitorEvent) -> Competitor:
    """The entry after ``event``."""
    match event:
        case CompetitorEntered():
            return Seen(event)
        case CompetitorLeft():
            assert isinstance(competitor, Seen)
            return Seen(competitor.entered, left=True)
        case unknown:
            assert_never(unknown)


COMPETITOR: Final[Decider[Competitor, CompetitorEvent]] = Decider("competitor", Unseen(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def enter(competitor: Competitor, *, fact: CompetitorEntered) -> tuple[CompetitorEvent, ...]:
    """Record it as ``fact`` says; nothing when it was recorded just so.

    Raises:
        WrongState: ``competitor-already-recorded``, otherwise than asked for. One who comes back
            is another entry.
    """
    if isinstance(competitor, Seen):
        if competitor.entered == fact:
            return ()
        raise WrongState("competitor-already-recorded", "this id is taken", field="entry_id")
    return (fact,)


def leave(competitor: Competitor, *, reason: str) -> tuple[CompetitorEvent, ...]:
    """Record that they are not at work there any more; nothing if that is recorded.

    Raises:
        NotFound: ``unknown-competitor``.
    """
    if not isinstance(competitor, Seen):
        raise NotFound("unknown-competitor", "there is no such entry", field="entry_id")
    if competitor.left:
        return ()
    entered = competitor.entered
    return (
        CompetitorLeft(entry_id=entered.entry_id, account_id=entered.account_id, reason=reason),
    )
