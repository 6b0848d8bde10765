"""What can be asked of value claims."""

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.contact import CONTACT, registered
from aggregates.planning import joint_project, value_claim
from aggregates.planning.joint_project import JOINT_PROJECT
from aggregates.planning.value_claim import VALUE_CLAIM
from aggregates.refusals import Invalid
from commands.accounts.contact import survivor
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.planning.joint_project import plan_of
from events.planning.plan_content import Better, Measure, Statement
from events.planning.value_claim import (
    Confirmation,
    ValueClaimClaimed,
    ValueClaimConfirmed,
    ValueClaimCorrected,
    ValueMeasured,
)
from events.values import Id, PersonId, Reason


class ClaimValue(Command):
    """Say what a customer gained by a plan or a project: a metric before and after."""

    claim_id: Id
    account_id: Id
    plan_id: Id | None = None
    project_id: Id | None = None
    metric: Id
    unit: Id
    baseline: Measure
    measured: Measure
    measured_on: Day
    better: Better = "higher"
    evidence: Statement


class CorrectValueClaim(Command):
    """Say that what a customer gained is otherwise than was said; not once it is confirmed."""

    claim_id: Id
    metric: Id
    unit: Id
    baseline: Measure
    measured: Measure
    measured_on: Day
    better: Better = "higher"
    evidence: Statement
    reason: Reason


class ConfirmValueClaim(Command):
    """Record that the customer says so too: who, on which day, and how."""

    claim_id: Id
    contact_id: PersonId
    confirmed_on: Day
    how: Confirmation


class WithdrawValueClaim(Command):
    """Say so no more."""

    claim_id: Id
    reason: Reason


def claim_value(command: ClaimValue, look: Look) -> Decided:
    """Claim it; account, plan and project must exist and belong together."""
    account.existing(look(ACCOUNT, command.account_id), field="account_id")
    plan_id = command.plan_id
    if command.project_id is not None:
        started = joint_project.existing(look(JOINT_PROJECT, command.project_id))
        if started.account_id != command.account_id:
            raise Invalid("other-account", "the project is another account's", field="project_id")
        plan_id = plan_id or started.plan_id
    if plan_id is not None:
        plan_of(look, plan_id, command.account_id)
    fact = ValueClaimClaimed(
        claim_id=command.claim_id,
        account_id=command.account_id,
        plan_id=plan_id,
        project_id=command.project_id,
        value=_measured(command),
    )
    return look.begin(
        VALUE_CLAIM,
        command.claim_id,
        value_claim.claim_value,
        fact=fact,
        today=look.context.business_date,
    )


def correct_value_claim(command: CorrectValueClaim, look: Look) -> Decided:
    """Correct it."""
    fact = ValueClaimCorrected(
        claim_id=command.claim_id,
        account_id=_account_id(look, command.claim_id),
        value=_measured(command),
        reason=command.reason,
    )
    return look.decide(
        VALUE_CLAIM,
        command.claim_id,
        value_claim.correct,
        fact=fact,
        today=look.context.business_date,
    )


def confirm_value_claim(command: ConfirmValueClaim, look: Look) -> Decided:
    """Confirm it; the contact must be known, also if they have left the customer since."""
    registered(look(CONTACT, survivor(look, command.contact_id)), field="contact_id")
    fact = ValueClaimConfirmed(
        claim_id=command.claim_id,
        account_id=_account_id(look, command.claim_id),
        contact_id=command.contact_id,
        confirmed_on=command.confirmed_on,
        how=command.how,
    )
    return look.decide(
        VALUE_CLAIM,
        command.claim_id,
        value_claim.confirm,
        fact=fact,
        today=look.context.business_date,
    )


def withdraw_value_claim(command: WithdrawValueClaim, look: Look) -> Decided:
    """Withdraw it."""
    return look.decide(VALUE_CLAIM, command.claim_id, value_claim.withdraw, reason=command.reason)


def _measured(command: ClaimValue | CorrectValueClaim) -> ValueMeasured:
    return ValueMeasured.model_validate(command.model_dump(include=set(ValueMeasured.model_fields)))


def _account_id(look: Look, claim_id: str) -> str:
    return value_claim.existing(look(VALUE_CLAIM, claim_id)).account_id
