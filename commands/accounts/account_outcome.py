"""What can be asked of outcomes at customers."""

from aggregates.accounts import account, account_outcome
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_outcome import ACCOUNT_OUTCOME
from aggregates.pipeline import contract
from aggregates.pipeline.contract import CONTRACT
from aggregates.refusals import Invalid
from commands.command import Command, Day
from commands.look import Decided, Look
from events.accounts.account_outcome import AccountOutcomeRecorded, OutcomeKind
from events.values import Id, Reason


class RecordAccountOutcome(Command):
    """Record that a customer was lost, or did not renew: on which day, and why."""

    outcome_id: Id
    account_id: Id
    outcome: OutcomeKind
    occurred_on: Day
    contract_id: Id | None = None
    reason: Reason


class WithdrawAccountOutcome(Command):
    """Say that an outcome never happened."""

    outcome_id: Id
    reason: Reason


def record_account_outcome(command: RecordAccountOutcome, look: Look) -> Decided:
    """Record it; the account must exist, and the contract be one of its own."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    if command.contract_id is not None:
        written = contract.existing(look(CONTRACT, command.contract_id))
        if written.drafted.account_id != command.account_id:
            raise Invalid("other-account", "the contract is another account's", field="contract_id")
    return look.begin(
        ACCOUNT_OUTCOME,
        command.outcome_id,
        account_outcome.record,
        fact=AccountOutcomeRecorded.model_validate(dict(command)),
        today=look.context.business_date,
    )


def withdraw_account_outcome(command: WithdrawAccountOutcome, look: Look) -> Decided:
    """Withdraw it."""
    return look.decide(
        ACCOUNT_OUTCOME, command.outcome_id, account_outcome.withdraw, reason=command.reason
    )
