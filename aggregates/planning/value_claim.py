"""One value claim: claimed, perhaps corrected, confirmed by the customer or withdrawn."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.planning.value_claim import (
    ValueClaimClaimed,
    ValueClaimConfirmed,
    ValueClaimCorrected,
    ValueClaimEvent,
    ValueClaimWithdrawn,
    ValueMeasured,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """There is no such claim."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What we say the customer gained."""

    claimed: ValueClaimClaimed
    value: ValueMeasured
    confirmation: ValueClaimConfirmed | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What we do not say any more."""

    claimed: ValueClaimClaimed


ValueClaim = Unclaimed | Claimed | Withdrawn

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(claim: ValueClaim, event: ValueClaimEvent) -> ValueClaim:
    """The claim after ``event``."""
    if isinstance(event, ValueClaimClaimed):
        return Claimed(event, event.value)
    assert isinstance(claim, Claimed)
    match event:
        case ValueClaimCorrected():
            return replace(claim, value=event.value)
        case ValueClaimConfirmed():
            return replace(claim, confirmation=event)
        case ValueClaimWithdrawn():
            return Withdrawn(claim.claimed)
        case unknown:
            assert_never(unknown)


VALUE_CLAIM: Final[Decider[ValueClaim, ValueClaimEvent]] = Decider(
    "value_claim", Unclaimed(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(claim: ValueClaim) -> ValueClaimClaimed:
    """What was claimed first, whatever became of it.

    Raises:
        NotFound: ``unknown-claim``.
    """
    match claim:
        case Claimed(claimed=claimed) | Withdrawn(claimed=claimed):
            return claimed
        case Unclaimed():
            raise NotFound("unknown-claim", "there is no such value claim", field="claim_id")
        case unknown:
            assert_never(unknown)


def claim_value(
    claim: ValueClaim, *, fact: ValueClaimClaimed, today: date
) -> tuple[ValueClaimEvent, ...]:
    """Claim it as ``fact`` says; nothing when it was claimed just so.

    Raises:
        WrongState: ``claim-already-made``, otherwise than asked for.
        Invalid: ``claim-without-origin``: it names neither a plan nor a project;
            ``day-in-the-future``: it was measured after ``today``.
    """
    if not isinstance(claim, Unclaimed):
        if existing(claim) == fact:
            return ()
        raise WrongState("claim-already-made", "this id is taken", field="claim_id")
    if fact.plan_id is None and fact.project_id is None:
        raise Invalid("claim-without-origin", "name the plan or the project", field="plan_id")
    _check_day(fact.value.measured_on, today, field="measured_on")
    return (fact,)


def correct(
    claim: ValueClaim, *, fact: ValueClaimCorrected, today: date
) -> tuple[ValueClaimEvent, ...]:
    """Claim ``fact.value`` instead; nothing if that is claimed.

    Raises:
        NotFound: ``unknown-claim``.
        WrongState: ``claim-withdrawn``; ``claim-confirmed``: the customer stands for it.
        Invalid: ``day-in-the-future``: it was measured after ``today``.
    """
    found = _standing(claim)
    if found.value == fact.value:
        return ()
    if found.confirmation is not None:
        raise WrongState("claim-confirmed", "the customer has confirmed it", field="claim_id")
    _check_day(fact.value.measured_on, today, field="measured_on")
    return (fact,)


def confirm(
    claim: ValueClaim, *, fact: ValueClaimConfirmed, today: date
) -> tuple[ValueClaimEvent, ...]:
    """Record that the customer says so too; nothing if that is recorded just so.

    Raises:
        NotFound: ``unknown-claim``.
        WrongState: ``claim-withdrawn``; ``claim-confirmed``, otherwise than asked for.
        Invalid: ``day-in-the-future``: after ``today``; ``confirmed-before-measured``: before the
            day it was measured.
    """
    found = _standing(claim)
    if found.confirmation is not None:
        if found.confirmation == fact:
            return ()
        raise WrongState("claim-confirmed", "the customer has confirmed it", field="claim_id")
    _check_day(fact.confirmed_on, today, field="confirmed_on")
    if fact.confirmed_on < found.value.measured_on:
        raise Invalid(
            "confirmed-before-measured",
            f"it was measured on {found.value.measured_on}",
            field="confirmed_on",
        )
    return (fact,)


def withdraw(claim: ValueClaim, *, reason: str) -> tuple[ValueClaimEvent, ...]:
    """Say so no more, confirmed or not; nothing if it is withdrawn.

    Raises:
        NotFound: ``unknown-claim``.
    """
    claimed = existing(claim)
    if isinstance(claim, Withdrawn):
        return ()
    return (
        ValueClaimWithdrawn(
            claim_id=claimed.claim_id, account_id=claimed.account_id, reason=reason
        ),
    )


def _standing(claim: ValueClaim) -> Claimed:
    existing(claim)
    if not isinstance(claim, Claimed):
        raise WrongState("claim-withdrawn", "the claim was withdrawn", field="claim_id")
    return claim


def _check_day(day: date, today: date, *, field: str) -> None:
    if day > today:
        raise Invalid("day-in-the-future", "this day is still to come", field=field)
