"""How deep we stand with one account: checks recorded, stages entered one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.policies.account_lifecycle import place_of
from aggregates.refusals import Invalid, WrongState
from events.accounts.account_stage import (
    AccountCheckRecorded,
    AccountStageEvent,
    AccountStageMoved,
)
from events.policies.account_lifecycle import AccountLifecycle

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands; one that was never moved is at the first stage there is."""

    stage: str | None = None
    checks: Mapping[str, AccountCheckRecorded] = field(default_factory=dict)
    """The newest result of each check."""


# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(standing: Standing, event: AccountStageEvent) -> Standing:
    """The standing after ``event``."""
    match event:
        case AccountCheckRecorded():
            return replace(standing, checks={**standing.checks, event.check_id: event})
        case AccountStageMoved():
            return replace(standing, stage=event.to_stage)
        case unknown:
            assert_never(unknown)


ACCOUNT_STAGE: Final[Decider[Standing, AccountStageEvent]] = Decider(
    "account_stage", Standing(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def record_check(
    standing: Standing, *, fact: AccountCheckRecorded, lifecycle: AccountLifecycle
) -> tuple[AccountStageEvent, ...]:
    """Record it as ``fact`` says; nothing when that is what was found last.

    Raises:
        Invalid: ``unknown-check``, when no stage of the lifecycle asks for it.
    """
    if standing.checks.get(fact.check_id) == fact:
        return ()
    known = [check for stage in lifecycle.stages for check in stage.checks]
    if fact.check_id not in known:
        told = ", ".join(known) or "none"
        raise Invalid("unknown-check", f"the lifecycle asks for {told}", field="check_id")
    return (fact,)


def move_stage(
    standing: Standing,
    *,
    account_id: str,
    to_stage: str,
    reason: str | None,
    lifecycle: AccountLifecycle,
) -> tuple[AccountStageEvent, ...]:
    """Move it to ``to_stage``; nothing if it is there.

    Where the lifecycle does not have its present stage, because the region or the lifecycle is
    another by now, it starts over: the next stage is the first, and nothing is left behind.

    Raises:
        Invalid: ``unknown-lifecycle-stage``; ``reason-missing``, when a stage is passed over or it
            goes back.
        WrongState: ``checks-missing``: what the present stage asks for is not recorded yet.
    """
    first = lifecycle.stages[0].stage_id
    stage = standing.stage or first
    target = place_of(lifecycle, to_stage)
    if target < 0:
        known = ", ".join(found.stage_id for found in lifecycle.stages)
        raise Invalid(
            "unknown-lifecycle-stage", f"{to_stage} is none of the stages {known}", field="to_stage"
        )
    if stage == to_stage:
        return ()
    place = place_of(lifecycle, stage)
    if target > place >= 0:
        _check_recorded(standing, lifecycle, place)
    if target != place + 1 and reason is None:
        way = "goes back" if target < place else "passes over a stage"
        raise Invalid(
            "reason-missing", f"a move from {stage} to {to_stage} {way}: say why", field="reason"
        )
    return (
        AccountStageMoved(
            account_id=account_id, from_stage=stage, to_stage=to_stage, reason=reason
        ),
    )


def _check_recorded(standing: Standing, lifecycle: AccountLifecycle, place: int) -> None:
    stage = lifecycle.stages[place]
    missing = [check for check in stage.checks if check not in standing.checks]
    if missing:
        raise WrongState(
            "checks-missing",
            f"{stage.stage_id} is not left before {', '.join(missing)} is recorded",
            field="to_stage",
        )
