"""What can be asked of opportunities."""

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.pipeline import opportunity
from aggregates.pipeline.opportunity import OPPORTUNITY
from aggregates.pipeline.product import PRODUCT, sold
from aggregates.policies.sales_process import stage_at
from commands.command import Command
from commands.completing import completed
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.organization.region import regions_from
from commands.policies.sales_process import process_for
from commands.records import money_of
from events.pipeline.opportunity import OpportunityOpened
from events.policies.sales_process import SalesProcess
from events.values import Id, Money, PersonId


class OpenOpportunity(Command):
    """Open an opportunity: at the first stage and in the owner's region, unless said otherwise."""

    opportunity_id: Id
    account_id: Id | None = None
    product_id: Id
    owner_id: PersonId
    region_id: Id | None = None
    stage: Id | None = None
    amount: Money | None = None


class AdvanceOpportunity(Command):
    """Move an opportunity on to a later stage of the sales process of its region."""

    opportunity_id: Id
    to_stage: Id


class ChangeOpportunityAmount(Command):
    """Say that an opportunity is expected to bring another amount."""

    opportunity_id: Id
    amount: Money


class ReassignOpportunity(Command):
    """Give an opportunity to another employee; its region follows, unless one is named."""

    opportunity_id: Id
    owner_id: PersonId
    region_id: Id | None = None


class WinOpportunity(Command):
    """Record that the customer has bought, for an amount or else for what was expected."""

    opportunity_id: Id
    amount: Money | None = None


class LoseOpportunity(Command):
    """Record that the customer has not bought, for one of the reasons the sales process knows."""

    opportunity_id: Id
    reason: Id


class ReopenOpportunity(Command):
    """Pursue a closed opportunity again, at the stage it had when it was closed."""

    opportunity_id: Id


def open_opportunity(command: OpenOpportunity, look: Look) -> Decided:
    """Open it; account, product, region and an active owner must exist."""
    if command.account_id is not None:
        account.existing(look(ACCOUNT, command.account_id), field="account_id")
    sold(look(PRODUCT, command.product_id), field="product_id")
    region_id = owner(look, command.owner_id).region_id
    process = process_for(look, command.region_id or region_id)
    stage = command.stage or process.stages[0].stage_id
    at = stage_at(process, stage, field="stage")
    fact = OpportunityOpened(
        opportunity_id=command.opportunity_id,
        account_id=command.account_id,
        product_id=command.product_id,
        owner_id=command.owner_id,
        region_id=command.region_id or region_id,
        stage=stage,
        engaged=process.stages[at].engaged,
        amount=command.amount,
    )
    return look.begin(
        OPPORTUNITY,
        command.opportunity_id,
        opportunity.open_opportunity,
        fact=fact,
        process=process,
    )


def advance_opportunity(command: AdvanceOpportunity, look: Look) -> Decided:
    """Advance it."""
    return look.decide(
        OPPORTUNITY,
        command.opportunity_id,
        opportunity.advance,
        to_stage=command.to_stage,
        process=_process_of(look, command.opportunity_id),
    )


def change_opportunity_amount(command: ChangeOpportunityAmount, look: Look) -> Decided:
    """Change it."""
    return look.decide(
        OPPORTUNITY, command.opportunity_id, opportunity.change_amount, amount=command.amount
    )


def reassign_opportunity(command: ReassignOpportunity, look: Look) -> Decided:
    """Reassign it; the new owner must work here."""
    region_id = owner(look, command.owner_id).region_id
    if command.region_id is not None:
        regions_from(look, command.region_id, field="region_id")
    return look.decide(
        OPPORTUNITY,
        command.opportunity_id,
        opportunity.reassign,
        owner_id=command.owner_id,
        region_id=command.region_id or region_id,
    )


def win_opportunity(command: WinOpportunity, look: Look) -> Decided:
    """Win it; the form of its region must be complete."""
    won = look.decide(
        OPPORTUNITY,
        command.opportunity_id,
        opportunity.win,
        amount=command.amount,
        process=_process_of(look, command.opportunity_id),
    )
    told = money_of(command.amount, minor="amount_minor", currency="currency")
    return completed(look, "opportunity", command.opportunity_id, won, told=told)


def lose_opportunity(command: LoseOpportunity, look: Look) -> Decided:
    """Lose it."""
    return look.decide(
        OPPORTUNITY,
        command.opportunity_id,
        opportunity.lose,
        reason=command.reason,
        process=_process_of(look, command.opportunity_id),
    )


def reopen_opportunity(command: ReopenOpportunity, look: Look) -> Decided:
    """Reopen it."""
    return look.decide(OPPORTUNITY, command.opportunity_id, opportunity.reopen)


def _process_of(look: Look, opportunity_id: str) -> SalesProcess:
    return process_for(look, opportunity.region_of(look(OPPORTUNITY, opportunity_id)))
