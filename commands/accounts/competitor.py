"""What can be asked of competitors at customers."""

from aggregates.accounts import account, competitor
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.competitor import COMPETITOR
from aggregates.pipeline.opportunity import OPPORTUNITY, Closed, Pursued
from aggregates.refusals import Invalid, NotFound
from commands.command import Command
from commands.look import Decided, Look
from events.accounts.competitor import CompetitorEntered
from events.values import Id, Name, Reason


class RecordCompetitor(Command):
    """Record that a competitor is at work at a customer, or on one of its opportunities."""

    entry_id: Id
    account_id: Id
    opportunity_id: Id | None = None
    competitor: Name
    attacks: Reason
    evidence: Reason | None = None


class RecordCompetitorLeft(Command):
    """Record that a competitor is not at work there any more."""

    entry_id: Id
    reason: Reason


def record_competitor(command: RecordCompetitor, look: Look) -> Decided:
    """Record it; the account must exist, and the opportunity be one of its own."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    if command.opportunity_id is not None:
        _check_opportunity(look, command.opportunity_id, command.account_id)
    return look.begin(
        COMPETITOR,
        command.entry_id,
        competitor.enter,
        fact=CompetitorEntered.model_validate(dict(command)),
    )


def record_competitor_left(command: RecordCompetitorLeft, look: Look) -> Decided:
    """Record it."""
    return look.decide(COMPETITOR, command.entry_id, competitor.leave, reason=command.reason)


def _check_opportunity(look: Look, opportunity_id: str, account_id: str) -> None:
    match look(OPPORTUNITY, opportunity_id):
        case Pursued(account_id=found) | Closed(pursued=Pursued(account_id=found)):
            if found != account_id:
                raise Invalid(
                    "other-account", "the opportunity is another account's", field="opportunity_id"
                )
        case _:
            raise NotFound(
                "unknown-opportunity", "there is no such opportunity", field="opportunity_id"
            )
