"""One opportunity: opened, advanced stage by stage, won or lost, perhaps reopened."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityAmountChanged,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityReopened,
    OpportunityWon,
)
from events.policies.sales_process import SalesProcess
from events.values import Money

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unopened:
    """There is no such opportunity."""


@dataclass(frozen=True, slots=True)
class Pursued:
    """Somebody tries to win it."""

    opened: OpportunityOpened
    stage: str
    amount: Money | None
    owner_id: str
    region_id: str

    @property
    def opportunity_id(self) -> str:
        """Its id."""
        return self.opened.opportunity_id

    @property
    def account_id(self) -> str | None:
        """The account it belongs to, if any."""
        return self.opened.account_id


@dataclass(frozen=True, slots=True)
class Closed:
    """It was won or lost."""

    pursued: Pursued
    ending: OpportunityWon | OpportunityLost


Opportunity = Unopened | Pursued | Closed

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(opportunity: Opportunity, event: OpportunityEvent) -> Opportunity:
    """The opportunity after ``event``."""
    if isinstance(event, OpportunityOpened):
        return Pursued(event, event.stage, event.amount, event.owner_id, event.region_id)
    if isinstance(event, OpportunityReopened):
        assert isinstance(opportunity, Closed)
        return opportunity.pursued
    assert isinstance(opportunity, Pursued)
    match event:
        case OpportunityAdvanced():
            return replace(opportunity, stage=event.to_stage)
        case OpportunityAmountChanged():
            return replace(opportunity, amount=event.amount)
        case OpportunityReassigned():
            return replace(opportunity, owner_id=event.owner_id, region_id=event.region_id)
        case OpportunityWon() | OpportunityLost():
            return Closed(opportunity, event)
        case unknown:
            assert_never(unknown)


OPPORTUNITY: Final[Decider[Opportunity, OpportunityEvent]] = Decider(
    "opportunity", Unopened(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def region_of(opportunity: Opportunity) -> str:
    """The region whose sales process it follows.

    Raises:
        NotFound: ``unknown-opportunity``.
    """
    match opportunity:
        case Pursued():
            return opportunity.region_id
        case Closed():
            return opportunity.pursued.region_id
        case Unopened():
            raise _unknown()
        case unknown:
            assert_never(unknown)


def open_opportunity(
    opportunity: Opportunity, *, fact: OpportunityOpened, process: SalesProcess
) -> tuple[OpportunityEvent, ...]:
    """Open it as ``fact`` says; nothing when it was opened just so.

    Raises:
        WrongState: ``opportunity-already-open``, otherwise than asked for.
        Invalid: ``unknown-stage``, or ``stage-skipped`` when it is not the first one and the
            process lets none be skipped; ``negative-amount``.
    """
    match opportunity:
        case Unopened():
            pass
        case Pursued(opened=opened) | Closed(pursued=Pursued(opened=opened)) if opened == fact:
            return ()
        case _:
            raise WrongState(
                "opportunity-already-open", "this opportunity id is taken", field="opportunity_id"
            )
    if stage_at(process, fact.stage, field="stage") > 0 and not process.may_skip:
        first = process.stages[0].stage_id
        raise Invalid("stage-skipped", f"an opportunity begins at {first}", field="stage")
    if fact.amount is not None:
        _check_amount(fact.amount)
    return (fact,)


def advance(
    opportunity: Opportunity, *, to_stage: str, process: SalesProcess
) -> tuple[OpportunityEvent, ...]:
    """Move it on to ``to_stage``; nothing if it is there.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``.
        Invalid: ``unknown-stage``; ``stage-behind`` for an earlier one; ``stage-skipped`` for one
            after the next, unless the process lets stages be skipped.
    """
    pursued = _pursued(opportunity)
    if pursued.stage == to_stage:
        return ()
    target = stage_at(process, to_stage, field="to_stage")
    step = target - stage_at(process, pursued.stage, field="to_stage")
    if step < 0:
        raise Invalid("stage-behind", f"{to_stage} comes before {pursued.stage}", field="to_stage")
    if step > 1 and not process.may_skip:
        following = process.stages[target - step + 1].stage_id
        raise Invalid("stage-skipped", f"the next stage is {following}", field="to_stage")
    return (
        OpportunityAdvanced(
            opportunity_id=pursued.opportunity_id,
            account_id=pursued.account_id,
            from_stage=pursued.stage,
            to_stage=to_stage,
            engaged=process.stages[target].engaged,
        ),
    )


def change_amount(opportunity: Opportunity, *, amount: Money) -> tuple[OpportunityEvent, ...]:
    """Expect another amount; nothing if it is expected.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``.
        Invalid: ``negative-amount``, ``other-currency`` than the one expected so far.
    """
    pursued = _pursued(opportunity)
    if pursued.amount == amount:
        return ()
    _check_amount(amount, pursued.amount)
    return (
        OpportunityAmountChanged(
            opportunity_id=pursued.opportunity_id, account_id=pursued.account_id, amount=amount
        ),
    )


def reassign(
    opportunity: Opportunity, *, owner_id: str, region_id: str
) -> tuple[OpportunityEvent, ...]:
    """Give it to ``owner_id`` and with that to ``region_id``; nothing if it is theirs.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``.
    """
    pursued = _pursued(opportunity)
    if (pursued.owner_id, pursued.region_id) == (owner_id, region_id):
        return ()
    return (
        OpportunityReassigned(
            opportunity_id=pursued.opportunity_id,
            account_id=pursued.account_id,
            owner_id=owner_id,
            region_id=region_id,
        ),
    )


def win(
    opportunity: Opportunity, *, amount: Money | None, process: SalesProcess
) -> tuple[OpportunityEvent, ...]:
    """Record that the customer has bought, for ``amount`` or else for what was expected.

    Nothing when it was won for that already.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``; ``amount-missing``; ``stage-skipped`` when a stage of
            the process is still ahead and none may be skipped.
        Invalid: ``negative-amount``, ``other-currency`` than the one expected so far.
    """
    match opportunity:
        case Closed(ending=OpportunityWon(amount=paid)) if amount in (paid, None):
            return ()
    pursued = _pursued(opportunity)
    price = amount or pursued.amount
    if price is None:
        raise WrongState("amount-missing", "no amount was ever expected; name one", field="amount")
    _check_amount(price, pursued.amount)
    last = process.stages[-1].stage_id
    if pursued.stage != last and not process.may_skip:
        raise WrongState("stage-skipped", f"only at the stage {last} can it be won")
    return (
        OpportunityWon(
            opportunity_id=pursued.opportunity_id, account_id=pursued.account_id, amount=price
        ),
    )


def lose(
    opportunity: Opportunity, *, reason: str, process: SalesProcess
) -> tuple[OpportunityEvent, ...]:
    """Record that the customer has not bought; nothing when it was lost for that reason.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``.
        Invalid: ``unknown-reason``, when the process does not have it.
    """
    match opportunity:
        case Closed(ending=OpportunityLost(reason=given)) if given == reason:
            return ()
    pursued = _pursued(opportunity)
    if reason not in process.loss_reasons:
        known = ", ".join(process.loss_reasons)
        raise Invalid("unknown-reason", f"the process knows the reasons {known}", field="reason")
    return (
        OpportunityLost(
            opportunity_id=pursued.opportunity_id, account_id=pursued.account_id, reason=reason
        ),
    )


def reopen(opportunity: Opportunity) -> tuple[OpportunityEvent, ...]:
    """Pursue it again, at the stage it had when it was closed; nothing if it is open.

    Raises:
        NotFound: ``unknown-opportunity``.
    """
    match opportunity:
        case Closed(pursued=pursued):
            return (
                OpportunityReopened(
                    opportunity_id=pursued.opportunity_id, account_id=pursued.account_id
                ),
            )
        case Pursued():
            return ()
        case Unopened():
            raise _unknown()
        case unknown:
            assert_never(unknown)


def stage_at(process: SalesProcess, stage: str, *, field: str) -> int:
    """The place of ``stage`` in the process, 0 for the first.

    Raises:
        Invalid: ``unknown-stage``; ``field`` is the field to blame.
    """
    stages = [found.stage_id for found in process.stages]
    if stage not in stages:
        known = ", ".join(stages)
        raise Invalid("unknown-stage", f"{stage} is none of the stages {known}", field=field)
    return stages.index(stage)


def _pursued(opportunity: Opportunity) -> Pursued:
    match opportunity:
        case Pursued():
            return opportunity
        case Closed():
            raise WrongState("opportunity-closed", "the opportunity is closed")
        case Unopened():
            raise _unknown()
        case unknown:
            assert_never(unknown)


def _check_amount(amount: Money, expected: Money | None = None) -> None:
    if amount.minor < 0:
        raise Invalid("negative-amount", "an amount is not below zero", field="amount")
    if expected is not None and amount.currency != expected.currency:
        currency = expected.currency
        raise Invalid("other-currency", f"the amount expected is in {currency}", field="amount")


def _unknown() -> NotFound:
    return NotFound("unknown-opportunity", "there is no such opportunity", field="opportunity_id")
