"""One opportunity: opened, advanced stage by stage, won or lost, perhaps reopened."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.pipeline.amounts import check_amount
from aggregates.policies.sales_process import place_of, stage_at
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
            raise WrongState("opportunity-already-open", "this id is taken", field="opportunity_id")
    if stage_at(process, fact.stage, field="stage") > 0 and not process.may_skip:
        first = process.stages[0].stage_id
        raise Invalid("stage-skipped", f"an opportunity begins at {first}", field="stage")
    if fact.amount is not None:
        check_amount(fact.amount, field="amount")
    return (fact,)


def advance(
    opportunity: Opportunity, *, to_stage: str, process: SalesProcess
) -> tuple[OpportunityEvent, ...]:
    """Move it on to ``to_stage``; nothing if it is there.

    Where the process does not have its present stage, because the region or the process is
    another by now, it starts over: the next stage is the first.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``.
        Invalid: ``unknown-stage``; ``stage-behind`` for an earlier one; ``stage-skipped`` for one
            after the next, unless the process lets stages be skipped.
    """
    pursued = being_pursued(opportunity)
    if pursued.stage == to_stage:
        return ()
    target = stage_at(process, to_stage, field="to_stage")
    place = place_of(process, pursued.stage)
    if target < place:
        raise Invalid("stage-behind", f"{to_stage} comes before {pursued.stage}", field="to_stage")
    if target > place + 1 and not process.may_skip:
        following = process.stages[place + 1].stage_id
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
        WrongState: ``opportunity-closed``, ``other-currency`` than the one expected so far.
        Invalid: ``negative-amount``.
    """
    pursued = being_pursued(opportunity)
    if pursued.amount == amount:
        return ()
    check_amount(amount, field="amount", like=pursued.amount)
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
    pursued = being_pursued(opportunity)
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
    """Record that it was bought for ``amount``, or else for what was expected; nothing if it was.

    Raises:
        NotFound: ``unknown-opportunity``.
        WrongState: ``opportunity-closed``; ``amount-missing``; ``other-currency`` than the one
            expected so far.
        Invalid: ``negative-amount``; ``stage-skipped``, when it is not at the last stage of the
            process and none may be skipped.
    """
    match opportunity:
        case Closed(ending=OpportunityWon(amount=paid)) if amount in (paid, None):
            return ()
    pursued = being_pursued(opportunity)
    price = amount or pursued.amount
    if price is None:
        raise WrongState("amount-missing", "no amount was ever expected; name one", field="amount")
    check_amount(price, field="amount", like=pursued.amount)
    last = process.stages[-1].stage_id
    if pursued.stage != last and not process.may_skip:
        raise Invalid("stage-skipped", f"only at the stage {last} can it be won")
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
    pursued = being_pursued(opportunity)
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


def being_pursued(opportunity: Opportunity) -> Pursued:
    """The opportunity; refused as ``unknown-opportunity`` or ``opportunity-closed``."""
    match opportunity:
        case Pursued():
            return opportunity
        case Closed():
            raise WrongState("opportunity-closed", "it is closed", field="opportunity_id")
        case Unopened():
            raise _unknown()
        case unknown:
            assert_never(unknown)


def _unknown() -> NotFound:
    return NotFound("unknown-opportunity", "there is no such opportunity", field="opportunity_id")
