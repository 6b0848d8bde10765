"""How a plan comes to be in force: submitted, approved for one hash only, amended, approved again.

These are the verbs that an approval of a plan runs: :func:`submit` and :func:`withdraw` at the
asking end, :func:`approve` and :func:`send_back` at the deciding one.
"""

from typing import Final

from aggregates.planning.account_plan import AccountPlan, Draft, Plan, going_on
from aggregates.policies.planning_policy import required_metrics
from aggregates.refusals import Invalid, NotAllowed, WrongState
from events.planning.account_plan import (
    AccountPlanAmendmentDiscarded,
    AccountPlanAmendmentDrafted,
    AccountPlanApproved,
    AccountPlanEvent,
    AccountPlanReturned,
    AccountPlanSubmitted,
    AccountPlanWithdrawn,
)
from events.planning.plan_content import PlanContent
from events.policies.planning_policy import PlanningPolicy

WHOLE_PERCENT: Final = 100
"""What the weights of a plan's objectives add up to."""


def submit(
    plan: AccountPlan, *, submitted_by: str, policy: PlanningPolicy
) -> tuple[AccountPlanEvent, ...]:
    """Put the draft forward for approval as it stands; nothing if it is submitted.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``amendment-needed``: it is approved and nothing is drafted.
        Invalid: ``objective-weights`` that do not add up to 100; ``metric-missing``: there is no
            target for a metric that the policy demands for the plan's aim.
    """
    found = going_on(plan)
    draft = _draft(found)
    if draft.submission is not None:
        return ()
    _check_whole(draft.content, policy)
    return (
        AccountPlanSubmitted(
            plan_id=found.plan_id,
            account_id=found.account_id,
            amendment=draft.amendment,
            content_sha256=found.sha256_of(draft),
            submitted_by=submitted_by,
        ),
    )


def _check_whole(content: PlanContent, policy: PlanningPolicy) -> None:
    weights = sum(objective.weight_percent for objective in content.objectives)
    if weights != WHOLE_PERCENT:
        raise Invalid(
            "objective-weights", f"the weights of the objectives add up to {weights}, not to 100"
        )
    measured = {target.metric for target in content.targets}
    missing = [name for name in required_metrics(policy, content.aim) if name not in measured]
    if missing:
        raise Invalid("metric-missing", f"{content.aim} needs a target for {', '.join(missing)}")


def approve(
    plan: AccountPlan, *, content_sha256: str, approver_id: str
) -> tuple[AccountPlanEvent, ...]:
    """Approve what is submitted, if it is just what the approver saw; nothing if that is approved.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-submitted``; ``content-changed``: what is submitted
            has another hash.
        NotAllowed: ``self-approval``, when the approver drafted or submitted it.
    """
    found = going_on(plan)
    approval = found.approval
    if found.draft is None and approval is not None and approval.content_sha256 == content_sha256:
        return ()
    draft, submission = _submitted(found)
    if content_sha256 != submission.content_sha256 or content_sha256 != found.sha256_of(draft):
        raise WrongState(
            "content-changed", "what is submitted is something else", field="content_sha256"
        )
    if approver_id in (draft.author_id, submission.submitted_by):
        raise NotAllowed("self-approval", "nobody approves what they drafted or submitted")
    return (
        AccountPlanApproved(
            plan_id=found.plan_id,
            account_id=found.account_id,
            amendment=draft.amendment,
            content_sha256=content_sha256,
            approved_by=approver_id,
        ),
    )


def send_back(plan: AccountPlan, *, reason: str) -> tuple[AccountPlanEvent, ...]:
    """Return what is submitted to be worked on; nothing if it is a draft.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-submitted``: it is approved, and nothing is drafted.
    """
    found = going_on(plan)
    if _is_draft(found):
        return ()
    _submitted(found)
    return (AccountPlanReturned(plan_id=found.plan_id, account_id=found.account_id, reason=reason),)


def withdraw(plan: AccountPlan) -> tuple[AccountPlanEvent, ...]:
    """Take back what is submitted, to work on it; nothing if it is a draft.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-submitted``: it is approved, and nothing is drafted.
    """
    found = going_on(plan)
    if _is_draft(found):
        return ()
    _submitted(found)
    return (AccountPlanWithdrawn(plan_id=found.plan_id, account_id=found.account_id),)


def amend(plan: AccountPlan, *, author_id: str, reason: str) -> tuple[AccountPlanEvent, ...]:
    """Begin an amendment beside the approved plan, which stays in force; nothing if there is one.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-approved``: a draft changes without an amendment.
    """
    found = going_on(plan)
    if found.in_force is None:
        raise WrongState("plan-not-approved", "what is not approved changes without an amendment")
    if found.draft is not None:
        return ()
    return (
        AccountPlanAmendmentDrafted(
            plan_id=found.plan_id,
            account_id=found.account_id,
            amendment=found.amendments + 1,
            author_id=author_id,
            reason=reason,
        ),
    )


def discard_amendment(plan: AccountPlan) -> tuple[AccountPlanEvent, ...]:
    """Give up the draft of an amendment; nothing if there is none.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-submitted``: it is withdrawn first.
    """
    found = going_on(plan)
    draft = found.draft
    if draft is None or draft.amendment == 0:
        return ()
    if draft.submission is not None:
        raise WrongState("plan-submitted", "it waits for approval; withdraw it first")
    return (
        AccountPlanAmendmentDiscarded(
            plan_id=found.plan_id, account_id=found.account_id, amendment=draft.amendment
        ),
    )


def _draft(plan: Plan) -> Draft:
    if plan.draft is None:
        raise WrongState("amendment-needed", "an approved plan changes only by an amendment")
    return plan.draft


def _is_draft(plan: Plan) -> bool:
    return plan.draft is not None and plan.draft.submission is None


def _submitted(plan: Plan) -> tuple[Draft, AccountPlanSubmitted]:
    if plan.draft is None or plan.draft.submission is None:
        raise WrongState("plan-not-submitted", "nothing of it is submitted", field="plan_id")
    return plan.draft, plan.draft.submission
