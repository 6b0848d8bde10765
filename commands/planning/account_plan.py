"""What can be asked of account plans as a whole, from their draft to their end."""

from typing import Any

from aggregates.accounts import account
from aggregates.accounts.account import ACCOUNT
from aggregates.planning import account_plan, plan_approval, plan_year
from aggregates.planning.account_plan import ACCOUNT_PLAN, Plan
from aggregates.planning.plan_year import PLAN_YEAR
from aggregates.policies.planning_policy import fiscal_year
from aggregates.refusals import NotAllowed, WrongState
from commands.acting import acting_employee
from commands.command import Command
from commands.completing import completed
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.policies.planning_policy import planning_policy_for
from events.planning.account_plan import (
    AccountPlanAttainmentRecorded,
    AccountPlanDrafted,
    FiscalYear,
)
from events.planning.plan_content import Aim, Measure, Period, Side
from events.values import Digest, Id, Money, PersonId, Reason


class DraftAccountPlan(Command):
    """Begin to plan a fiscal year with an account; its owner answers for it, unless another does.

    It follows the planning policy of the region: the one named, the account's, or the owner's.
    """

    plan_id: Id
    account_id: Id
    fiscal_year: FiscalYear
    aim: Aim
    budget: Money
    owner_id: PersonId | None = None
    region_id: Id | None = None


class SubmitAccountPlan(Command):
    """Put the draft of a plan, or of its amendment, forward for approval as it stands.

    The weights of its objectives add up to 100, and its aim has the targets the policy demands.
    """

    plan_id: Id


class WithdrawAccountPlan(Command):
    """Take back what was submitted, to work on it."""

    plan_id: Id


class ReturnAccountPlan(Command):
    """Send back what was submitted, to be worked on."""

    plan_id: Id
    reason: Reason


class ApproveAccountPlan(Command):
    """Approve just what was submitted with this hash: for another person than drafted it."""

    plan_id: Id
    content_sha256: Digest


class ActivateAccountPlan(Command):
    """Follow an approved plan: an account has one active plan a fiscal year."""

    plan_id: Id


class AmendAccountPlan(Command):
    """Draft a change beside an approved plan, which stays in force until that is approved."""

    plan_id: Id
    reason: Reason


class DiscardPlanAmendment(Command):
    """Give up the draft of an amendment."""

    plan_id: Id


class RecordPlanAttainment(Command):
    """Record what the metric of a target came to in its period; again, to correct it."""

    plan_id: Id
    side: Side
    metric: Id
    period: Period
    value: Measure


class ReassignAccountPlan(Command):
    """Let another employee answer for a plan."""

    plan_id: Id
    owner_id: PersonId


class CloseAccountPlan(Command):
    """Follow a plan no more; another one may then be activated for its account and year."""

    plan_id: Id
    reason: Reason


def draft_account_plan(command: DraftAccountPlan, look: Look) -> Decided:
    """Draft it; the account and an active owner must exist, and a policy be in force."""
    found = account.existing(look(ACCOUNT, command.account_id), field="account_id")
    owner_id = command.owner_id or found.owner_id
    if owner_id is None:
        raise WrongState("owner-missing", "the account has no owner; name one", field="owner_id")
    owner_region_id = owner(look, owner_id).region_id
    region_id = command.region_id or found.region_id or owner_region_id
    starts_on, ends_on = fiscal_year(planning_policy_for(look, region_id), command.fiscal_year)
    fact = AccountPlanDrafted(
        plan_id=command.plan_id,
        account_id=command.account_id,
        fiscal_year=command.fiscal_year,
        starts_on=starts_on,
        ends_on=ends_on,
        region_id=region_id,
        owner_id=owner_id,
        author_id=acting_employee(look) or owner_id,
        aim=command.aim,
        budget=command.budget,
    )
    return look.begin(ACCOUNT_PLAN, command.plan_id, account_plan.draft_plan, fact=fact)


def submit_account_plan(command: SubmitAccountPlan, look: Look) -> Decided:
    """Submit it, with its region's form complete; a program submits for the plan's owner."""
    submitted = _decide(
        look,
        command.plan_id,
        plan_approval.submit,
        submitted_by=_asker(look, command.plan_id),
        policy=planning_policy_for(look, _drafted(look, command.plan_id).region_id),
    )
    return completed(look, "account_plan", command.plan_id, submitted)


def withdraw_account_plan(command: WithdrawAccountPlan, look: Look) -> Decided:
    """Withdraw it."""
    return _decide(look, command.plan_id, plan_approval.withdraw)


def return_account_plan(command: ReturnAccountPlan, look: Look) -> Decided:
    """Return it."""
    return _decide(look, command.plan_id, plan_approval.send_back, reason=command.reason)


def approve_account_plan(command: ApproveAccountPlan, look: Look) -> Decided:
    """Approve it; the key must act for an employee."""
    approver_id = acting_employee(look)
    if approver_id is None:
        raise NotAllowed("approver-not-employee", "this key acts for no employee")
    return _decide(
        look,
        command.plan_id,
        plan_approval.approve,
        content_sha256=command.content_sha256,
        approver_id=approver_id,
    )


def activate_account_plan(command: ActivateAccountPlan, look: Look) -> Decided:
    """Activate it; the place of its account and year must be free."""
    decided = _decide(look, command.plan_id, account_plan.activate)
    return _with_year(look, command.plan_id, decided, plan_year.claim)


def amend_account_plan(command: AmendAccountPlan, look: Look) -> Decided:
    """Begin an amendment; a program drafts for the plan's owner."""
    return _decide(
        look,
        command.plan_id,
        plan_approval.amend,
        author_id=_asker(look, command.plan_id),
        reason=command.reason,
    )


def discard_plan_amendment(command: DiscardPlanAmendment, look: Look) -> Decided:
    """Discard it."""
    return _decide(look, command.plan_id, plan_approval.discard_amendment)


def record_plan_attainment(command: RecordPlanAttainment, look: Look) -> Decided:
    """Record it; the plan must be active and have such a target."""
    fact = AccountPlanAttainmentRecorded(
        **dict(command), account_id=_drafted(look, command.plan_id).account_id
    )
    return _decide(look, command.plan_id, account_plan.record_attainment, fact=fact)


def reassign_account_plan(command: ReassignAccountPlan, look: Look) -> Decided:
    """Reassign it; the new owner must work here."""
    owner(look, command.owner_id)
    return _decide(look, command.plan_id, account_plan.reassign, owner_id=command.owner_id)


def close_account_plan(command: CloseAccountPlan, look: Look) -> Decided:
    """Close it, and free the place of its account and year."""
    decided = _decide(look, command.plan_id, account_plan.close, reason=command.reason)
    return _with_year(look, command.plan_id, decided, plan_year.release)


def _decide(look: Look, plan_id: str, verb: Any, **arguments: Any) -> Decided:
    return look.decide(ACCOUNT_PLAN, plan_id, verb, **arguments)


def _with_year(look: Look, plan_id: str, decided: Decided, verb: Any) -> Decided:
    """What was decided of the plan, and what ``verb`` says of the place of its year, together."""
    drafted = _drafted(look, plan_id)
    place = look.decide(
        PLAN_YEAR,
        f"{drafted.account_id}-{drafted.fiscal_year}",
        verb,
        account_id=drafted.account_id,
        fiscal_year=drafted.fiscal_year,
        plan_id=plan_id,
    )
    return Decided(decided.stream, (*decided.writes, *place.writes))


def _drafted(look: Look, plan_id: str) -> AccountPlanDrafted:
    return account_plan.existing(look(ACCOUNT_PLAN, plan_id))


def _asker(look: Look, plan_id: str) -> str:
    """The employee who asks; for a program, the plan's owner."""
    plan = look(ACCOUNT_PLAN, plan_id)
    owner_id = plan.owner_id if isinstance(plan, Plan) else _drafted(look, plan_id).owner_id
    return acting_employee(look) or owner_id
