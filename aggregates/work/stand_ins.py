"""Who may decide instead: by delegation, by replacement, or because a step is overdue."""

from datetime import date

from aggregates.refusals import Invalid, NotAllowed, NotFound
from aggregates.work.request import (
    Approval,
    check_independent,
    check_once,
    check_open,
    existing,
    places,
    undecided,
    waiting,
    with_approver,
)
from aggregates.work.seats import Person
from events.policies.approval_route import NamedEmployee
from events.work.approval import (
    ApprovalApproverReplaced,
    ApprovalDelegated,
    ApprovalEscalated,
    ApprovalEvent,
    RequestedStep,
)


def delegate(
    approval: Approval, *, approver: Person, to: str, from_day: date, until_day: date, today: date
) -> tuple[ApprovalEvent, ...]:
    """Let ``to`` decide in the name of ``approver`` from one day to another, both inclusive.

    Nothing when just this was delegated.

    Raises:
        NotFound: ``unknown-approval``.
        WrongState: ``approval-ended``.
        Invalid: ``delegation-dates``: they end before they begin, or before ``today``.
        NotAllowed: ``self-approval``: to or by whoever asked or wrote it;
            ``delegate-of-delegate``: the approver is one by delegation only;
            ``not-an-approver`` of a step that is still to be decided.
    """
    requested = existing(approval)
    fact = ApprovalDelegated(
        approval_id=requested.fact.approval_id,
        from_employee_id=approver.employee_id,
        to_employee_id=to,
        from_day=from_day,
        until_day=until_day,
    )
    if fact in requested.delegations:
        return ()
    check_open(requested)
    if until_day < max(from_day, today):
        raise Invalid("delegation-dates", "it would end before it begins", field="until_day")
    check_independent(requested, approver.employee_id, to)
    open_steps = range(requested.step, len(requested.steps) + 1)
    if not any(places(requested, step, approver) for step in open_steps):
        if any(one.to_employee_id == approver.employee_id for one in requested.delegations):
            raise NotAllowed("delegate-of-delegate", "what is delegated is not delegated again")
        raise NotAllowed("not-an-approver", "no step is theirs to decide")
    if to == approver.employee_id:
        raise Invalid("delegation-to-self", "it is theirs already", field="to_employee_id")
    return (fact,)


def replace_approver(
    approval: Approval, *, step: int, place: int, employee_id: str, reason: str
) -> tuple[ApprovalEvent, ...]:
    """Put ``employee_id`` in the place of an approver of a step; nothing when it is theirs.

    The place 0 is that of whoever the step is escalated to, also before it is.

    Raises:
        NotFound: ``unknown-approval``, ``unknown-step``, ``unknown-place``.
        WrongState: ``approval-ended``, ``step-complete``; ``decides-once``: they have decided here
            before.
        NotAllowed: ``self-approval``.
        Invalid: ``step-unfillable``: they have another place of the step, which needs more persons.
    """
    requested = existing(approval)
    found = undecided(requested, step)
    there = 0 if found.escalate_to is not None else 1
    if not there <= place <= len(found.approvers):
        raise NotFound("unknown-place", f"it has {len(found.approvers)} approvers", field="place")
    has_it = found.escalate_to if place == 0 else found.approvers[place - 1]
    if has_it == NamedEmployee(employee_id=employee_id):
        return ()
    check_independent(requested, employee_id)
    check_once(requested, step, {employee_id}, field="employee_id")
    _check_fillable(with_approver(found, place, employee_id))
    return (
        ApprovalApproverReplaced(
            approval_id=requested.fact.approval_id,
            step=step,
            place=place,
            employee_id=employee_id,
            reason=reason,
        ),
    )


def _check_fillable(step: RequestedStep) -> None:
    people = [one for one in step.approvers if isinstance(one, NamedEmployee)]
    twice = step.mode == "all" and len(set(people)) < len(people)
    few = len(people) == len(step.approvers) and len(set(people)) < (step.quorum or 1)
    if twice or few:
        raise Invalid(
            "step-unfillable", f"{step.step_id} would have too few persons", field="employee_id"
        )


def escalate(approval: Approval, *, step: int, today: date) -> tuple[ApprovalEvent, ...]:
    """Let whoever an overdue step is escalated to decide it; nothing when they may already.

    Raises:
        NotFound: ``unknown-approval``, ``unknown-step``.
        WrongState: ``approval-ended``, ``step-complete``, ``step-not-reached``.
        Invalid: ``not-overdue`` on this day, or never.
    """
    requested = existing(approval)
    if any(found.step == step for found in requested.escalated):
        return ()
    overdue = waiting(requested, step)
    if overdue.escalate_to is None or overdue.due_on is None or today <= overdue.due_on:
        raise Invalid("not-overdue", f"step {step} is not overdue", field="step")
    return (
        ApprovalEscalated(
            approval_id=requested.fact.approval_id, step=step, approver=overdue.escalate_to
        ),
    )
