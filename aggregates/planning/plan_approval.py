"""How a plan comes to be in force: submitted, approved for one hash only, amended, approved again.

:func:`submit` and :func:`withdraw` are asked for; :func:`approve` and :func:`send_back` are what
the approval engine runs when the request is at its end (`commands/approving.py`).
"""

from collections.abc import Mapping
from typing import Any, Final

from aggregates.planning.account_plan import (
    AccountPlan,
    Closed,
    Draft,
    Plan,
    Undrafted,
    existing,
    going_on,
)
from aggregates.policies.planning_policy import required_metrics
from aggregates.refusals import Invalid, WrongState
from events.planning.account_plan import (
    AccountPlanAmendmentDiscarded,
    AccountPlanAmendmentDrafted,
    AccountPlanApproved,
    AccountPlanAuthorJoined,
    AccountPlanEvent,
    AccountPlanReturned,
    AccountPlanSubmitted,
    AccountPlanWithdrawn,
)
from events.planning.plan_content import PlanContent, approved_content
from events.policies.planning_policy import PlanningPolicy
from events.recorded import content_sha256

WHOLE_PERCENT: Final = 100
"""What the weights of a plan's objectives add up to."""


def submit(
    plan: AccountPlan,
    *,
    approval_id: str,
    submitted_by: str,
    policy: PlanningPolicy,
    added: Mapping[str, Any],
) -> tuple[AccountPlanEvent, ...]:
    """Put the draft up for the approval ``approval_id``; nothing if it is, or was approved by it.

    ``added`` is approved with it: what forms have added to the plan. What was submitted before
    plans were approved by request is put up anew.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-submitted`` for another approval;
            ``amendment-needed``: it is approved and nothing is drafted.
        Invalid: ``objective-weights`` that do not add up to 100; ``metric-missing``: there is no
            target for a metric that the policy demands for the plan's aim.
    """
    found = going_on(plan)
    asked = waits_for(found)
    if asked == approval_id or _is_approved_by(found, approval_id):
        return ()
    draft = _draft(found)
    if asked is not None:
        raise WrongState("plan-submitted", "it waits for another approval", field="approval_id")
    _check_whole(draft.content, policy)
    _, whole = to_approve(plan)
    return (
        AccountPlanSubmitted(
            plan_id=found.plan_id,
            account_id=found.account_id,
            amendment=draft.amendment,
            content_sha256=content_sha256({**whole, **added}),
            submitted_by=submitted_by,
            approval_id=approval_id,
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


def approve(plan: AccountPlan, *, approval_id: str) -> tuple[AccountPlanEvent, ...]:
    """Have what was submitted for ``approval_id`` in force; nothing if it is by that approval.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-submitted`` for this approval.
    """
    found = going_on(plan)
    if _is_approved_by(found, approval_id):
        return ()
    submission = _submitted(found, approval_id)
    return (
        AccountPlanApproved(
            plan_id=found.plan_id,
            account_id=found.account_id,
            amendment=submission.amendment,
            content_sha256=submission.content_sha256,
            approved_by=None,
            approval_id=approval_id,
        ),
    )


def send_back(
    plan: AccountPlan, *, approval_id: str, reason: str | None
) -> tuple[AccountPlanEvent, ...]:
    """Return what was submitted for ``approval_id`` to be worked on; nothing if it is a draft.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-submitted`` for this approval.
    """
    found = going_on(plan)
    if _is_draft(found):
        return ()
    _submitted(found, approval_id)
    return (
        AccountPlanReturned(
            plan_id=found.plan_id,
            account_id=found.account_id,
            reason=reason,
            approval_id=approval_id,
        ),
    )


def withdraw(plan: AccountPlan) -> tuple[AccountPlanEvent, ...]:
    """Take back what is submitted, to work on it; nothing if it is a draft.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-submitted``: it is approved, and nothing is drafted.
    """
    found = going_on(plan)
    if _is_draft(found):
        return ()
    if not is_submitted(plan):
        raise WrongState("plan-not-submitted", "nothing of it is submitted", field="plan_id")
    return (AccountPlanWithdrawn(plan_id=found.plan_id, account_id=found.account_id),)


def waits_for(plan: AccountPlan) -> str | None:
    """The approval that what is submitted waits for; ``None`` when nothing does."""
    match plan:
        case Plan(draft=Draft(submission=AccountPlanSubmitted(approval_id=approval_id))):
            return approval_id
        case _:
            return None


def authors(plan: AccountPlan) -> tuple[str, ...]:
    """Everybody who wrote on what is worked on; nobody when nothing is."""
    match plan:
        case Plan(draft=Draft(author_ids=author_ids)):
            return author_ids
        case _:
            return ()


def to_approve(plan: AccountPlan) -> tuple[PlanContent, dict[str, Any]]:
    """What is worked on, else what was said last; and all of it that an approval is about.

    Raises:
        NotFound: ``unknown-plan``.
    """
    drafted = existing(plan)
    assert not isinstance(plan, Undrafted)
    content, amendment = _standing(plan.last if isinstance(plan, Closed) else plan)
    whole = approved_content(
        content,
        plan_id=drafted.plan_id,
        account_id=drafted.account_id,
        fiscal_year=drafted.fiscal_year,
        amendment=amendment,
    )
    return content, whole


def _standing(plan: Plan) -> tuple[PlanContent, int]:
    """What it says as it stands, and in which amendment."""
    if plan.draft is not None:
        return plan.draft.content, plan.draft.amendment
    assert plan.approval is not None
    return plan.content, plan.approval.amendment


def is_submitted(plan: AccountPlan) -> bool:
    """Whether something of it waits for approval."""
    return isinstance(plan, Plan) and plan.draft is not None and plan.draft.submission is not None


def write_on(plan: AccountPlan, *, author_id: str) -> tuple[AccountPlanEvent, ...]:
    """Have ``author_id`` be among those who wrote what is worked on; nothing if they are.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``amendment-needed``: it is approved and nothing is drafted.
    """
    found = going_on(plan)
    if author_id in _draft(found).author_ids:
        return ()
    return (
        AccountPlanAuthorJoined(
            plan_id=found.plan_id, account_id=found.account_id, author_id=author_id
        ),
    )


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


def _is_approved_by(plan: Plan, approval_id: str) -> bool:
    return plan.approval is not None and plan.approval.approval_id == approval_id


def _submitted(plan: Plan, approval_id: str) -> AccountPlanSubmitted:
    submission = None if plan.draft is None else plan.draft.submission
    if submission is None or submission.approval_id != approval_id:
        raise WrongState(
            "plan-not-submitted", "it is not put up for this approval", field="plan_id"
        )
    return submission
