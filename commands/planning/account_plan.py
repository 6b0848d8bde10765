"""What can be asked of account plans as a whole, from their draft to their end."""

from typing import Any, Final

from aggregates.accounts import account, account_class
from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_class import ACCOUNT_CLASS
from aggregates.planning import account_plan, plan_approval, plan_year
from aggregates.planning.account_plan import ACCOUNT_PLAN, AccountPlan, Plan
from aggregates.planning.plan_year import PLAN_YEAR
from aggregates.policies.planning_policy import fiscal_year
from aggregates.refusals import WrongState
from commands.acting import acting_employee, requester
from commands.approving import Described, Subject, put_up, voided
from commands.command import Command
from commands.completing import added_fields, completed
from commands.look import Decided, Look
from commands.organization.employee import owner
from commands.policies.planning_policy import planning_policy_for
from events.planning.account_plan import (
    AccountPlanAttainmentRecorded,
    AccountPlanDrafted,
    FiscalYear,
)
from events.planning.plan_content import Aim, Measure, Period, Side
from events.values import Id, Money, PersonId, Reason


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
    """Put the draft of a plan, or of its amendment, up for approval under an id of the caller's.

    The weights of its objectives add up to 100, and its aim has the targets the policy demands. A
    key that acts for no employee names the one who asks.
    """

    plan_id: Id
    approval_id: Id
    requester_id: PersonId | None = None


class WithdrawAccountPlan(Command):
    """Take back what was submitted, to work on it; the approval that was asked for is void."""

    plan_id: Id


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
    """Submit it; whoever asks must work here, and the form of its region be complete."""
    requester_id = requester(look, command.requester_id)
    region_id = _drafted(look, command.plan_id).region_id
    facts = plan_approval.submit(
        look(ACCOUNT_PLAN, command.plan_id),
        approval_id=command.approval_id,
        submitted_by=requester_id,
        policy=planning_policy_for(look, region_id),
        added=added_fields(look, "account_plan", command.plan_id),
    )
    submitted = put_up(
        look,
        SUBJECT,
        command.plan_id,
        approval_id=command.approval_id,
        requester_id=requester_id,
        region_id=region_id,
        facts=facts,
    )
    return completed(look, "account_plan", command.plan_id, submitted)


def withdraw_account_plan(command: WithdrawAccountPlan, look: Look) -> Decided:
    """Withdraw it, and void its approval with that."""
    approval_id = plan_approval.waits_for(look(ACCOUNT_PLAN, command.plan_id))
    decided = _decide(look, command.plan_id, plan_approval.withdraw)
    void = voided(look, approval_id, reason="the plan was withdrawn")
    return Decided(decided.stream, (*decided.writes, *void))


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


def _described(look: Look, state: AccountPlan, plan_id: str, _: int) -> Described:
    drafted = account_plan.existing(state)
    content, whole = plan_approval.to_approve(state)
    return Described(
        account_id=drafted.account_id,
        author_ids=plan_approval.authors(state),
        facts={
            "account_class": account_class.standing(look(ACCOUNT_CLASS, drafted.account_id)),
            "actions": len(content.actions),
            "aim": content.aim,
            "budget_minor": content.budget.minor,
            "currency": content.budget.currency,
            "fiscal_year": drafted.fiscal_year,
            "is_amendment": whole["amendment"] > 0,
            "region": drafted.region_id,
        },
        content={**whole, **added_fields(look, "account_plan", plan_id)},
    )


SUBJECT: Final = Subject(
    kind="account_plan",
    variables={
        "account_class": "text",
        "actions": "integer",
        "aim": "text",
        "budget_minor": "money",
        "currency": "text",
        "fiscal_year": "integer",
        "is_amendment": "truth",
        "region": "text",
    },
    decider=ACCOUNT_PLAN,
    describe=_described,
    approve=lambda state, approval_id: plan_approval.approve(state, approval_id=approval_id),
    reject=lambda state, approval_id, _, said: plan_approval.send_back(
        state, approval_id=approval_id, reason=said
    ),
)
"""Account plans and their amendments, as the approval engine sees them."""
