"""One outcome at a customer: recorded once, or withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.accounts.account_outcome import (
    AccountOutcomeEvent,
    AccountOutcomeRecorded,
    AccountOutcomeWithdrawn,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """There is no such outcome."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """It happened, or was said to have."""

    recorded: AccountOutcomeRecorded
    withdrawn: bool = False


AccountOutcome = Unrecorded | Recorded

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(outcome: AccountOutcome, event: AccountOutcomeEvent) -> AccountOutcome:
    """The outcome after ``event``."""
    match event:
        case AccountOutcomeRecorded():
            return Recorded(event)
        case AccountOutcomeWithdrawn():
            assert isinstance(outcome, Recorded)
            return Recorded(outcome.recorded, withdrawn=True)
        case unknown:
            assert_never(unknown)


ACCOUNT_OUTCOME: Final[Decider[AccountOutcome, AccountOutcomeEvent]] = Decider(
    "account_outcome", Unrecorded(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def record(
    outcome: AccountOutcome, *, fact: AccountOutcomeRecorded, today: date
) -> tuple[AccountOutcomeEvent, ...]:
    """Record it as ``fact`` says; nothing when it was recorded just so.

    Raises:
        WrongState: ``outcome-already-recorded``, otherwise than asked for. What was withdrawn and
            happened after all is another outcome.
        Invalid: ``day-in-the-future``: after ``today``.
    """
    if isinstance(outcome, Recorded):
        if outcome.recorded == fact:
            return ()
        raise WrongState("outcome-already-recorded", "this id is taken", field="outcome_id")
    if fact.occurred_on > today:
        raise Invalid("day-in-the-future", "this day is still to come", field="occurred_on")
    return (fact,)


def withdraw(outcome: AccountOutcome, *, reason: str) -> tuple[AccountOutcomeEvent, ...]:
    """Say that it never happened; nothing when it was withdrawn.

    Raises:
        NotFound: ``unknown-outcome``.
    """
    if not isinstance(outcome, Recorded):
        raise NotFound("unknown-outcome", "there is no such outcome", field="outcome_id")
    if outcome.withdrawn:
        return ()
    recorded = outcome.recorded
    return (
        AccountOutcomeWithdrawn(
            outcome_id=recorded.outcome_id, account_id=recorded.account_id, reason=reason
        ),
    )
