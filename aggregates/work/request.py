"""A request for an approval: what it rests on, who has said what, and which step waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotAllowed, NotFound, WrongState
from aggregates.work.seats import Person, seats
from events.policies.approval_route import NamedEmployee, RoleHolder, Step
from events.work.approval import (
    ApprovalApproverReplaced,
    ApprovalDecided,
    ApprovalDelegated,
    ApprovalEscalated,
    ApprovalEvent,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalVoided,
    Approver,
    RequestedStep,
    RoleInRegion,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unrequested:
    """There is no such request."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A request, and what became of it so far."""

    fact: ApprovalRequested
    steps: tuple[RequestedStep, ...]
    """As requested, but for approvers who were replaced."""
    step: int = 1
    """The step that waits, 1 for the first; one more than there are when all are complete."""
    decisions: tuple[ApprovalDecided, ...] = ()
    delegations: tuple[ApprovalDelegated, ...] = ()
    escalated: tuple[ApprovalEscalated, ...] = ()
    ended: str | None = None
    """``granted``, ``rejected``, ``sent_back`` or ``voided``; ``None`` while it waits."""


Approval = Unrequested | Requested

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(approval: Approval, event: ApprovalEvent) -> Approval:
    """The approval after ``event``."""
    if isinstance(event, ApprovalRequested):
        return Requested(event, event.steps)
    assert isinstance(approval, Requested)
    changes: dict[str, Any]
    match event:
        case ApprovalDecided():
            step = event.step + 1 if event.completes else approval.step
            changes = {"decisions": (*approval.decisions, event), "step": step}
        case ApprovalDelegated():
            changes = {"delegations": (*approval.delegations, event)}
        case ApprovalApproverReplaced():
            escalated = tuple(_with_other(found, event) for found in approval.escalated)
            changes = {"steps": _replaced(approval.steps, event), "escalated": escalated}
        case ApprovalEscalated():
            changes = {"escalated": (*approval.escalated, event)}
        case ApprovalGranted():
            changes = {"ended": "granted"}
        case ApprovalRefused():
            changes = {"ended": event.outcome}
        case ApprovalVoided():
            changes = {"ended": "voided"}
        case unknown:
            assert_never(unknown)
    return replace(approval, **changes)


def _replaced(
    steps: tuple[RequestedStep, ...], event: ApprovalApproverReplaced
) -> tuple[RequestedStep, ...]:
    changed = with_approver(steps[event.step - 1], event.place, event.employee_id)
    return (*steps[: event.step - 1], changed, *steps[event.step :])


def with_approver(step: RequestedStep, place: int, employee_id: str) -> RequestedStep:
    """``step`` with an employee in a place; 0 is the one it is escalated to."""
    named = NamedEmployee(employee_id=employee_id)
    if place == 0:
        return step.model_copy(update={"escalate_to": named})
    approvers = (*step.approvers[: place - 1], named, *step.approvers[place:])
    return step.model_copy(update={"approvers": approvers})


def _with_other(escalated: ApprovalEscalated, event: ApprovalApproverReplaced) -> ApprovalEscalated:
    if (escalated.step, 0) != (event.step, event.place):
        return escalated
    return escalated.model_copy(update={"approver": NamedEmployee(employee_id=event.employee_id)})


APPROVAL: Final[Decider[Approval, ApprovalEvent]] = Decider("approval", Unrequested(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(approval: Approval) -> Requested:
    """The request, which must have been made.

    Raises:
        NotFound: ``unknown-approval``.
    """
    if not isinstance(approval, Requested):
        raise NotFound("unknown-approval", "there is no such approval", field="approval_id")
    return approval


def roles_of_all(steps: Iterable[Step], *, regions: Sequence[str]) -> tuple[RoleInRegion, ...]:
    """The roles in regions of which every holder decides, as :func:`resolved` wants to know."""
    return tuple(
        approver
        for step in steps
        if step.mode == "all"
        for approver in (_resolved(one, regions) for one in step.approvers)
        if isinstance(approver, RoleInRegion)
    )


def resolved(
    steps: Sequence[Step],
    *,
    regions: Sequence[str],
    on: date,
    holders: Mapping[RoleInRegion, Sequence[str]],
) -> tuple[RequestedStep, ...]:
    """``steps`` of a request made on the day ``on`` in the first of ``regions``, nearest first.

    A step may take its days after those of the steps before it. Where all decide, a role stands
    for each of its ``holders`` who may; while nobody does, for the first who will have it.
    """
    found, days = [], 0
    for step in steps:
        days += step.due_days or 0
        approvers = tuple(_resolved(approver, regions) for approver in step.approvers)
        found.append(
            RequestedStep(
                step_id=step.step_id,
                approvers=_each(approvers, holders) if step.mode == "all" else approvers,
                mode=step.mode,
                quorum=step.quorum,
                due_on=None if step.due_days is None else on + timedelta(days=days),
                escalate_to=None
                if step.escalate_to is None
                else _resolved(step.escalate_to, regions),
            )
        )
    return tuple(found)


def _each(
    approvers: Iterable[Approver], holders: Mapping[RoleInRegion, Sequence[str]]
) -> tuple[Approver, ...]:
    """The approvers one by one, each person and each role that nobody has once."""
    found: list[Approver] = []
    for approver in approvers:
        people = holders.get(approver, ()) if isinstance(approver, RoleInRegion) else ()
        found.extend(NamedEmployee(employee_id=one) for one in people)
        if not people:
            found.append(approver)
    return tuple(dict.fromkeys(found))


def _resolved(approver: RoleHolder | NamedEmployee, regions: Sequence[str]) -> Approver:
    if isinstance(approver, NamedEmployee):
        return approver
    place = {"region": 0, "parent": min(1, len(regions) - 1), "group": -1}[approver.level]
    return RoleInRegion(role=approver.role, region_id=regions[place])


def request(approval: Approval, *, fact: ApprovalRequested) -> tuple[ApprovalEvent, ...]:
    """Ask for it as ``fact`` says; granted at once without a step; nothing when asked just so.

    Raises:
        WrongState: ``approval-already-requested``, otherwise than asked for.
    """
    match approval:
        case Requested(fact=made) if made == fact:
            return ()
        case Requested():
            raise WrongState(
                "approval-already-requested", "this approval id is taken", field="approval_id"
            )
        case Unrequested():
            granted = () if fact.steps else (ApprovalGranted(approval_id=fact.approval_id),)
            return (fact, *granted)
        case unknown:
            assert_never(unknown)


def void(approval: Approval, *, reason: str) -> tuple[ApprovalEvent, ...]:
    """Make it worth nothing, granted or not; nothing when it was refused or is void.

    Raises:
        NotFound: ``unknown-approval``.
    """
    requested = existing(approval)
    if requested.ended not in {None, "granted"}:
        return ()
    return (ApprovalVoided(approval_id=requested.fact.approval_id, reason=reason),)


# --- what the other decisions ask of a request --------------------------------


def waiting(requested: Requested, step: int) -> RequestedStep:
    """The step ``step``, which is the one that waits.

    Raises:
        NotFound: ``unknown-step``.
        WrongState: ``approval-ended``, ``step-complete``, ``step-not-reached``.
    """
    found = undecided(requested, step)
    if step > requested.step:
        raise WrongState("step-not-reached", f"step {requested.step} comes first", field="step")
    return found


def undecided(requested: Requested, step: int) -> RequestedStep:
    """The step ``step``, which has not all its approvals yet.

    Raises:
        NotFound: ``unknown-step``.
        WrongState: ``approval-ended``, ``step-complete``.
    """
    check_open(requested)
    if not 1 <= step <= len(requested.steps):
        raise NotFound("unknown-step", f"it has {len(requested.steps)} steps", field="step")
    if step < requested.step:
        raise WrongState("step-complete", f"step {step} has its approvals", field="step")
    return requested.steps[step - 1]


def check_open(requested: Requested) -> None:
    """Let pass a request that is not at its end.

    Raises:
        WrongState: ``approval-ended``.
    """
    if requested.ended is not None:
        raise WrongState("approval-ended", f"the request is at its end: {requested.ended}")


def check_independent(requested: Requested, *people: str | None) -> None:
    """Let pass ``people`` of whom nobody wrote the subject or asked for its approval.

    Raises:
        NotAllowed: ``self-approval``.
    """
    barred = {requested.fact.requester_id, *requested.fact.author_ids}
    if not barred.isdisjoint(people):
        raise NotAllowed("self-approval", "nobody approves what they wrote or asked for")


def places(requested: Requested, step: int, person: Person) -> tuple[int, ...]:
    """The places of the approvers of ``step`` that ``person`` is; 0: by escalation. Often none."""
    escalated = [found.approver for found in requested.escalated if found.step == step]
    return seats(requested.steps[step - 1], person, escalated)


def check_once(requested: Requested, step: int, people: set[str], *, field: str = "step") -> None:
    """Let pass ``people`` of whom nobody has decided yet what ``step`` shares its people with.

    Raises:
        WrongState: ``decides-once``; ``field`` named them.
    """
    before = {
        person
        for found in requested.decisions
        if found.step == step or not requested.fact.may_decide_twice
        for person in (found.employee_id, found.on_behalf_of)
    }
    if not people.isdisjoint(before):
        raise WrongState("decides-once", "one person decides once about one request", field=field)
