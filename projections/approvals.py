"""What waits for whose approval: each request, at every time, with what was said so far."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.recorded import Recorded
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
)
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table

State = Literal["pending", "granted", "rejected", "sent_back", "voided"]


class ApprovalRow(NamedTuple):
    """One request as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    approval_id: str
    version: int
    subject_kind: str
    subject_id: str
    region_id: str
    account_id: str | None
    requester_id: str
    author_ids: tuple[str, ...]
    state: State
    happened: str
    """The fact that made it so, such as ``approval.decided``."""
    employee_id: str | None
    """Who decided, delegated or took a place in that fact."""
    step: int | None
    """The step that waits, 1 for the first; ``None`` when none does."""
    due_on: str | None
    """The last day on which that step is not overdue, ISO 8601."""
    overdue_to: bool
    """Whether there is somebody to escalate that step to, and it was not done yet."""
    waiting: tuple[str, ...]
    """Whom that step waits for: ``employee:<id>`` or ``role:<role>@<region>``."""
    closed_to: tuple[str, ...]
    """The employees who may not decide it: they asked for it, wrote it, or have decided."""
    content_sha256: str
    routes: dict[str, int]
    """The version of each region's route that was in force."""
    facts: dict[str, Any]
    """What the conditions saw."""
    steps: dict[str, Any]
    """Under ``steps``: each step with its approvers and decisions."""
    delegations: dict[str, Any]
    """Under ``delegations``: from whom to whom, from and until which day."""
    may_decide_twice: bool
    requested_at: datetime
    ended_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


APPROVAL: Final = Table(
    "approval",
    ApprovalRow,
    guard=ByRecord("approval", "approval_id"),
    key=("approval_id", "version"),
    indexes=(("subject_kind", "subject_id"), ("account_id",), ("state",)),
)


def keys(recorded: Recorded[ApprovalEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(APPROVAL, recorded.event.approval_id, recorded)


def evolve(rows: Rows, recorded: Recorded[ApprovalEvent]) -> Rows:
    """The request as it was, closed, and as it is from now on."""
    event = recorded.event
    if isinstance(event, ApprovalRequested):
        return begin(APPROVAL, _requested(event, recorded))
    (last,) = rows.values()
    at = recorded.envelope.occurred_at
    changes: dict[str, Any]
    match event:
        case ApprovalDecided():
            changes = _decided(last, event, at)
        case ApprovalDelegated():
            given = event.model_dump(mode="json", exclude={"approval_id"})
            listed = [*last.delegations["delegations"], given]
            changes = {"delegations": {"delegations": listed}, "who": event.from_employee_id}
        case ApprovalApproverReplaced():
            steps = _steps(last)
            _replace(steps[event.step - 1], event)
            changes = {"steps": {"steps": steps}, "who": event.employee_id}
        case ApprovalEscalated():
            steps = _steps(last)
            steps[event.step - 1]["escalated_to"] = event.approver.model_dump(mode="json")
            changes = {"steps": {"steps": steps}}
        case ApprovalGranted():
            changes = {"state": "granted", "ended_at": at}
        case ApprovalRefused(outcome=outcome):
            changes = {"state": outcome, "ended_at": at}
        case ApprovalVoided():
            changes = {"state": "voided", "ended_at": at}
        case unknown:
            assert_never(unknown)
    changes |= {"happened": event.NAME, "employee_id": changes.pop("who", None)}
    changes |= _waiting(last._replace(**changes))
    return succeed(rows, recorded, changes)


def _requested(event: ApprovalRequested, recorded: Recorded[Any]) -> ApprovalRow:
    told = event.model_dump(mode="json")
    steps = [{**step, "escalated_to": None, "decisions": []} for step in told["steps"]]
    row = ApprovalRow(
        event.approval_id,
        recorded.envelope.version,
        event.subject_kind,
        event.subject_id,
        event.region_id,
        event.account_id,
        event.requester_id,
        event.author_ids,
        "pending",
        event.NAME,
        event.requester_id,
        1 if steps else None,
        None,
        False,
        (),
        (),
        event.content_sha256,
        {route.region_id: route.version for route in event.routes},
        {fact.name: fact.value for fact in event.facts},
        {"steps": steps},
        {"delegations": []},
        event.may_decide_twice,
        recorded.envelope.occurred_at,
        None,
        *interval(recorded),
    )
    return row._replace(**_waiting(row))


def _decided(last: ApprovalRow, event: ApprovalDecided, at: datetime) -> dict[str, Any]:
    steps = _steps(last)
    said = event.model_dump(mode="json", exclude={"approval_id", "step"})
    steps[event.step - 1]["decisions"].append({**said, "at": at.isoformat()})
    changes: dict[str, Any] = {"steps": {"steps": steps}, "who": event.employee_id}
    if event.completes:
        changes["step"] = event.step + 1 if event.step < len(steps) else None
    return changes


def _replace(step: dict[str, Any], event: ApprovalApproverReplaced) -> None:
    named = {"employee_id": event.employee_id}
    if event.place > 0:
        step["approvers"][event.place - 1] = named
        return
    step["escalate_to"] = named
    if step["escalated_to"] is not None:
        step["escalated_to"] = named


def _steps(row: ApprovalRow) -> list[dict[str, Any]]:
    """The steps of ``row``, to be changed: the row itself stays as it is."""
    return [
        {**step, "approvers": [*step["approvers"]], "decisions": [*step["decisions"]]}
        for step in row.steps["steps"]
    ]


def _waiting(row: ApprovalRow) -> dict[str, Any]:
    """What follows from the step that waits: for whom, for whom not, and until when."""
    if row.step is None or row.state != "pending":
        return {"step": None, "due_on": None, "overdue_to": False, "waiting": (), "closed_to": ()}
    steps = row.steps["steps"]
    step = steps[row.step - 1]
    heard = _people([step] if row.may_decide_twice else steps)
    escalated = [] if step["escalated_to"] is None else [step["escalated_to"]]
    return {
        "due_on": step["due_on"],
        "overdue_to": step["escalate_to"] is not None and not escalated,
        "waiting": tuple(_seat(one) for one in (*step["approvers"], *escalated)),
        "closed_to": tuple(dict.fromkeys((row.requester_id, *row.author_ids, *heard))),
    }


def _people(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Everybody who has decided in ``steps``, or on whose behalf somebody has."""
    return [
        person
        for step in steps
        for said in step["decisions"]
        for person in (said["employee_id"], said["on_behalf_of"])
        if person is not None
    ]


def _seat(approver: Mapping[str, str]) -> str:
    if "role" in approver:
        return f"role:{approver['role']}@{approver['region_id']}"
    return f"employee:{approver['employee_id']}"


APPROVALS: Final = Projection(
    name="approvals",
    version=3,
    tables=(APPROVAL,),
    subscribes=frozenset(get_args(ApprovalEvent)),
    keys=keys,
    evolve=evolve,
)
