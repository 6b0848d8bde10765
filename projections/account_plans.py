"""What we plan with accounts: each plan, with its amendment and what it attained, at every time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, assert_never, get_args

from events.planning.account_plan import (
    AccountPlanActivated,
    AccountPlanAmendmentDiscarded,
    AccountPlanAmendmentDrafted,
    AccountPlanApproved,
    AccountPlanAttainmentRecorded,
    AccountPlanAuthorJoined,
    AccountPlanClosed,
    AccountPlanDrafted,
    AccountPlanEvent,
    AccountPlanReassigned,
    AccountPlanReturned,
    AccountPlanSubmitted,
    AccountPlanWithdrawn,
    PlanApprovalEvent,
)
from events.planning.plan_action import (
    AccountPlanActionCompleted,
    AccountPlanActionReassigned,
    PlanActionEvent,
    still_done,
    still_done_by,
)
from events.planning.plan_content import PlanContent, PlanContentEvent, changed
from events.recorded import Recorded, instant
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByRecord, Key, Projection, Rows, Table

State = Literal["drafted", "submitted", "approved", "active", "closed"]
AmendmentState = Literal["drafted", "submitted"]


class AccountPlanRow(NamedTuple):
    """One plan as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    plan_id: str
    version: int
    account_id: str
    fiscal_year: int
    starts_on: str
    """The first day of the fiscal year, ISO 8601."""
    ends_on: str
    region_id: str
    owner_id: str
    author_id: str
    """Who drafted it."""
    author_ids: tuple[str, ...]
    """Everybody who wrote on what was worked on last; none of them approves it."""
    state: State
    content: dict[str, Any]
    """A ``PlanContent``: what was approved last; before that, the draft."""
    amendment: int
    """How many amendments were begun."""
    amendment_state: str | None
    """An ``AmendmentState``; ``None`` while no amendment lies beside the plan."""
    amendment_author_id: str | None
    """Who drafted it."""
    proposed: dict[str, Any] | None
    """The content that the amendment beside the plan would put in force."""
    content_sha256: str | None
    """The hash of what was submitted last."""
    submitted_by: str | None
    approved_by: str | None
    """Who approved it last, where that was not by request."""
    approval_id: str | None
    """The request for the approval of what was submitted last; ``None`` where there was none."""
    attained: dict[str, str]
    """Side, metric and period, with slashes between them, to the value recorded last."""
    doers: dict[str, Any]
    """Action to since when and who does it, where that is not the owner the plan names."""
    done: dict[str, str]
    """Action to when it was done."""
    active_since: datetime | None
    """Since when it is followed."""
    reason: str | None
    """Why it was last returned, amended or closed."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


ACCOUNT_PLAN: Final = Table(
    "account_plan",
    AccountPlanRow,
    guard=ByRecord("account_plan", "plan_id"),
    key=("plan_id", "version"),
    indexes=(("account_id",),),
)

_NO_AMENDMENT: Final = {"amendment_state": None, "amendment_author_id": None, "proposed": None}


def keys(recorded: Recorded[AccountPlanEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(ACCOUNT_PLAN, recorded.event.plan_id, recorded)


def evolve(rows: Rows, recorded: Recorded[AccountPlanEvent]) -> Rows:
    """The plan as it was, closed, and as it is from now on."""
    event = recorded.event
    if isinstance(event, AccountPlanDrafted):
        return begin(ACCOUNT_PLAN, _drafted(event, recorded))
    (last,) = rows.values()
    changes = _changes(last, event, recorded.envelope.occurred_at)
    return succeed(rows, recorded, changes | _doing(last, changes))


def _doing(last: AccountPlanRow, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Who does what and what is done, where what the plan says is another thing now."""
    if "content" not in changes:
        return {}
    before, after = (
        PlanContent.model_validate(one, strict=False) for one in (last.content, changes["content"])
    )
    doers = still_done_by(last.doers, before, after)
    return {"doers": dict(doers), "done": dict(still_done(last.done, after))}


def _changes(last: AccountPlanRow, event: Any, at: datetime) -> dict[str, Any]:
    match event:
        case AccountPlanActivated():
            return {"state": "active", "active_since": at}
        case AccountPlanAttainmentRecorded(side=side, metric=metric, period=period, value=value):
            return {"attained": {**last.attained, f"{side}/{metric}/{period}": value}}
        case AccountPlanReassigned(owner_id=owner_id):
            return {"owner_id": owner_id}
        case AccountPlanClosed(reason=reason):
            return {"state": "closed", "reason": reason, **_NO_AMENDMENT}
        case _ if isinstance(event, PlanApprovalEvent):
            return _approval(last, event)
        case _:
            return _worked_on(last, event, at)


def _worked_on(
    last: AccountPlanRow, event: PlanActionEvent | PlanContentEvent, at: datetime
) -> dict[str, Any]:
    match event:
        case AccountPlanActionReassigned(action_id=action_id, owner_id=owner_id):
            return {"doers": {**last.doers, action_id: [instant(at), owner_id]}}
        case AccountPlanActionCompleted(action_id=action_id):
            return {"done": {**last.done, action_id: instant(at)}}
        case _:
            return _rewritten(last, event)


def _approval(last: AccountPlanRow, event: PlanApprovalEvent) -> dict[str, Any]:
    match event:
        case AccountPlanSubmitted(content_sha256=sha256, submitted_by=submitter):
            asked = {"submitted_by": submitter, "approval_id": event.approval_id}
            return {"content_sha256": sha256, **asked, **_standing(last, "submitted")}
        case AccountPlanWithdrawn():
            return _standing(last, "drafted")
        case AccountPlanReturned(reason=reason):
            return {"reason": reason, **_standing(last, "drafted")}
        case AccountPlanApproved(approved_by=approver):
            state = "approved" if last.state == "submitted" else last.state
            content = last.content if last.proposed is None else last.proposed
            return {"state": state, "content": content, "approved_by": approver, **_NO_AMENDMENT}
        case _:
            return _drafting(last, event)


def _drafting(
    last: AccountPlanRow,
    event: AccountPlanAmendmentDrafted | AccountPlanAmendmentDiscarded | AccountPlanAuthorJoined,
) -> dict[str, Any]:
    match event:
        case AccountPlanAmendmentDrafted(amendment=number, author_id=author_id, reason=reason):
            begun = {"amendment": number, "amendment_author_id": author_id, "reason": reason}
            authors = {"author_ids": (author_id,)}
            return {**begun, **authors, "amendment_state": "drafted", "proposed": last.content}
        case AccountPlanAmendmentDiscarded():
            return dict(_NO_AMENDMENT)
        case AccountPlanAuthorJoined(author_id=author_id):
            return {"author_ids": (*last.author_ids, author_id)}
        case unknown:
            assert_never(unknown)


def _standing(last: AccountPlanRow, state: AmendmentState) -> dict[str, Any]:
    """``state`` for what is worked on: the amendment beside the plan, or else the plan itself."""
    return {"state": state} if last.proposed is None else {"amendment_state": state}


def _rewritten(last: AccountPlanRow, event: PlanContentEvent) -> dict[str, Any]:
    column = "content" if last.proposed is None else "proposed"
    content = PlanContent.model_validate(getattr(last, column), strict=False)
    return {column: changed(content, event).model_dump(mode="json")}


def _drafted(event: AccountPlanDrafted, recorded: Recorded[Any]) -> AccountPlanRow:
    content = PlanContent(aim=event.aim, budget=event.budget)
    return AccountPlanRow(
        event.plan_id,
        recorded.envelope.version,
        event.account_id,
        event.fiscal_year,
        event.starts_on.isoformat(),
        event.ends_on.isoformat(),
        event.region_id,
        event.owner_id,
        event.author_id,
        (event.author_id,),
        "drafted",
        content.model_dump(mode="json"),
        0,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        {},
        {},
        {},
        None,
        None,
        *interval(recorded),
    )


ACCOUNT_PLANS: Final = Projection(
    name="account_plans",
    version=3,
    tables=(ACCOUNT_PLAN,),
    subscribes=frozenset(get_args(AccountPlanEvent)),
    keys=keys,
    evolve=evolve,
)
