"""Deciding on a request: step by step, by others than those who ask, each person once."""

from datetime import date

from aggregates.refusals import NotAllowed, WrongState
from aggregates.work.request import (
    Approval,
    Requested,
    check_independent,
    check_once,
    existing,
    places,
    waiting,
)
from aggregates.work.seats import Person, is_complete
from events.work.approval import (
    ApprovalDecided,
    ApprovalEvent,
    ApprovalGranted,
    ApprovalRefused,
    Decision,
    Outcome,
)


def decide(
    approval: Approval,
    *,
    step: int,
    decision: Decision,
    by: str,
    on_behalf_of: str | None,
    approver: Person,
    comment: str | None,
    content_sha256: str,
    on: date,
) -> tuple[ApprovalEvent, ...]:
    """Have ``by`` decide ``step`` on the day ``on``, perhaps on behalf of a delegating approver.

    ``approver`` is whoever's decision it is: the one on whose behalf, else ``by``. The last
    approval grants the request, and one that is not an approval refuses it, in every mode.
    Nothing when it was decided just so, whatever the comment.

    Raises:
        NotFound: ``unknown-approval``, ``unknown-step``.
        WrongState: ``already-decided`` otherwise; ``decides-once``: the person has decided here
            before; ``approval-ended``, ``step-complete``, ``step-not-reached``; ``content-changed``
            since it was asked for.
        NotAllowed: ``self-approval``: whoever asked or wrote it, also on behalf of others or by
            others on their behalf; ``not-delegated`` on that day; ``not-an-approver`` of the step.
    """
    requested = existing(approval)
    if _decided_so(requested, step, decision, by, on_behalf_of):
        return ()
    asked = waiting(requested, step)
    if content_sha256 != requested.fact.content_sha256:
        raise WrongState("content-changed", "it is not any more what was to be approved")
    check_independent(requested, by, on_behalf_of)
    if on_behalf_of is not None and not _is_delegated(requested, on_behalf_of, by, on):
        raise NotAllowed("not-delegated", "it is not delegated on this day", field="on_behalf_of")
    seats_taken = places(requested, step, approver)
    if not seats_taken:
        raise NotAllowed("not-an-approver", "this step is not theirs to decide", field="step")
    check_once(requested, step, {by, on_behalf_of or by})
    earlier = [found.places for found in requested.decisions if found.step == step]
    completes = decision == "approved" and is_complete(asked, [*earlier, seats_taken])
    decided = ApprovalDecided(
        approval_id=requested.fact.approval_id,
        step=step,
        decision=decision,
        employee_id=by,
        on_behalf_of=on_behalf_of,
        places=seats_taken,
        completes=completes,
        comment=comment,
    )
    return (decided, *_ending(requested, decided))


def _ending(requested: Requested, decided: ApprovalDecided) -> tuple[ApprovalEvent, ...]:
    if decided.decision != "approved":
        outcome: Outcome = decided.decision
        return (ApprovalRefused(approval_id=decided.approval_id, outcome=outcome),)
    if decided.completes and decided.step == len(requested.steps):
        return (ApprovalGranted(approval_id=decided.approval_id),)
    return ()


def _decided_so(
    requested: Requested, step: int, decision: Decision, by: str, on_behalf_of: str | None
) -> bool:
    for found in requested.decisions:
        if (found.step, found.employee_id, found.on_behalf_of) == (step, by, on_behalf_of):
            if found.decision == decision:
                return True
            raise WrongState("already-decided", f"it is {found.decision} by them", field="decision")
    return False


def _is_delegated(requested: Requested, giver: str, taker: str, on: date) -> bool:
    return any(
        (found.from_employee_id, found.to_employee_id) == (giver, taker)
        and found.from_day <= on <= found.until_day
        for found in requested.delegations
    )
