"""One account plan: drafted, submitted, approved, active, amended, closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.pipeline.amounts import check_amount
from aggregates.refusals import NotFound, WrongState
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
    still_done,
    still_done_by,
)
from events.planning.plan_content import PlanContent, changed

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Undrafted:
    """There is no such plan."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is worked on: the plan before it was ever approved, or an amendment of it."""

    content: PlanContent
    author_ids: tuple[str, ...]
    """Everybody who wrote on it, the first of them first."""
    amendment: int = 0
    """0 for the plan itself."""
    submission: AccountPlanSubmitted | None = None
    """While it is submitted, it does not change."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that is not closed."""

    drafted: AccountPlanDrafted
    owner_id: str
    draft: Draft | None
    in_force: PlanContent | None = None
    """What was approved last."""
    approval: AccountPlanApproved | None = None
    active: bool = False
    amendments: int = 0
    attained: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """Side, metric and period to the value recorded last."""
    doers: Mapping[str, str] = field(default_factory=dict)
    """Action to who does it, where that is not the owner the plan names."""
    done: Mapping[str, bool] = field(default_factory=dict)
    """The actions that have been done."""

    @property
    def content(self) -> PlanContent:
        """What was approved last; before that, the draft."""
        if self.in_force is not None:
            return self.in_force
        assert self.draft is not None
        return self.draft.content

    @property
    def plan_id(self) -> str:
        """Its id."""
        return self.drafted.plan_id

    @property
    def account_id(self) -> str:
        """Whom it is about."""
        return self.drafted.account_id


@dataclass(frozen=True, slots=True)
class Closed:
    """A plan that is not followed any more."""

    last: Plan
    """As it was when it was closed."""

    @property
    def drafted(self) -> AccountPlanDrafted:
        """How it was drafted."""
        return self.last.drafted


AccountPlan = Undrafted | Plan | Closed

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(plan: AccountPlan, event: AccountPlanEvent) -> AccountPlan:
    """The plan after ``event``."""
    if isinstance(event, AccountPlanDrafted):
        content = PlanContent(aim=event.aim, budget=event.budget)
        return Plan(event, event.owner_id, Draft(content, (event.author_id,)))
    assert isinstance(plan, Plan)
    if isinstance(event, PlanApprovalEvent):
        return _after_approval(plan, event)
    match event:
        case AccountPlanActivated():
            after = replace(plan, active=True)
        case AccountPlanAttainmentRecorded():
            known = {**plan.attained, (event.side, event.metric, event.period): event.value}
            after = replace(plan, attained=known)
        case AccountPlanReassigned():
            after = replace(plan, owner_id=event.owner_id)
        case AccountPlanActionReassigned():
            after = replace(plan, doers={**plan.doers, event.action_id: event.owner_id})
        case AccountPlanActionCompleted():
            after = replace(plan, done={**plan.done, event.action_id: True})
        case AccountPlanClosed():
            return Closed(plan)
        case _:
            draft = _draft(plan)
            written = replace(plan, draft=replace(draft, content=changed(draft.content, event)))
            return _with_doers(written, plan.content)
    return after


def _after_approval(plan: Plan, event: PlanApprovalEvent) -> Plan:
    match event:
        case AccountPlanSubmitted():
            return replace(plan, draft=replace(_draft(plan), submission=event))
        case AccountPlanWithdrawn() | AccountPlanReturned():
            return replace(plan, draft=replace(_draft(plan), submission=None))
        case AccountPlanApproved():
            content = _draft(plan).content
            after = replace(plan, draft=None, in_force=content, approval=event)
            return _with_doers(after, plan.content)
        case AccountPlanAmendmentDrafted():
            assert plan.in_force is not None
            draft = Draft(plan.in_force, (event.author_id,), event.amendment)
            return replace(plan, draft=draft, amendments=event.amendment)
        case AccountPlanAmendmentDiscarded():
            return replace(plan, draft=None)
        case AccountPlanAuthorJoined():
            draft = _draft(plan)
            authors = (*draft.author_ids, event.author_id)
            return replace(plan, draft=replace(draft, author_ids=authors))
        case unknown:
            assert_never(unknown)


def _with_doers(plan: Plan, before: PlanContent) -> Plan:
    """``plan`` with who does its actions, and which are done, when it no longer says ``before``."""
    doers = still_done_by(plan.doers, before, plan.content)
    return replace(plan, doers=doers, done=still_done(plan.done, plan.content))


def _draft(plan: Plan) -> Draft:
    assert plan.draft is not None
    return plan.draft


ACCOUNT_PLAN: Final[Decider[AccountPlan, AccountPlanEvent]] = Decider(
    "account_plan", Undrafted(), evolve
)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(plan: AccountPlan, *, field: str = "plan_id") -> AccountPlanDrafted:
    """What was drafted, whatever became of it.

    Raises:
        NotFound: ``unknown-plan``; ``field`` named it.
    """
    match plan:
        case Plan(drafted=drafted) | Closed(drafted=drafted):
            return drafted
        case Undrafted():
            raise NotFound("unknown-plan", "there is no such account plan", field=field)
        case unknown:
            assert_never(unknown)


def going_on(plan: AccountPlan) -> Plan:
    """The plan, which must not be closed.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``.
    """
    existing(plan)
    if not isinstance(plan, Plan):
        raise WrongState("plan-closed", "the plan is closed", field="plan_id")
    return plan


def draft_plan(plan: AccountPlan, *, fact: AccountPlanDrafted) -> tuple[AccountPlanEvent, ...]:
    """Draft it as ``fact`` says; nothing when it was drafted just so.

    Raises:
        WrongState: ``plan-already-drafted``, otherwise than asked for.
        Invalid: ``negative-amount``.
    """
    match plan:
        case Undrafted():
            check_amount(fact.budget, field="budget")
            return (fact,)
        case Plan(drafted=drafted) | Closed(drafted=drafted) if drafted == fact:
            return ()
        case _:
            raise WrongState("plan-already-drafted", "this id is taken", field="plan_id")


def activate(plan: AccountPlan) -> tuple[AccountPlanEvent, ...]:
    """Follow the approved plan; nothing if it is followed.

    That no other plan of the account and year is active, `aggregates/planning/plan_year.py` says.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``; ``plan-not-approved``.
    """
    found = going_on(plan)
    if found.active:
        return ()
    if found.in_force is None:
        raise WrongState("plan-not-approved", "only an approved plan becomes active")
    return (AccountPlanActivated(plan_id=found.plan_id, account_id=found.account_id),)


def record_attainment(
    plan: AccountPlan, *, fact: AccountPlanAttainmentRecorded
) -> tuple[AccountPlanEvent, ...]:
    """Record what a target's metric came to; nothing if the same is recorded.

    Raises:
        NotFound: ``unknown-plan``; ``unknown-target``, when the plan in force has none such.
        WrongState: ``plan-closed``; ``plan-not-active``.
    """
    found = going_on(plan)
    if not found.active or found.in_force is None:
        raise WrongState("plan-not-active", "attainment is recorded for an active plan")
    key = (fact.side, fact.metric, fact.period)
    if key not in {target.key for target in found.in_force.targets}:
        raise NotFound("unknown-target", "the plan in force has no such target", field="metric")
    return () if found.attained.get(key) == fact.value else (fact,)


def reassign(plan: AccountPlan, *, owner_id: str) -> tuple[AccountPlanEvent, ...]:
    """Let ``owner_id`` answer for it; nothing if they do.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-closed``.
    """
    found = going_on(plan)
    if found.owner_id == owner_id:
        return ()
    return (
        AccountPlanReassigned(
            plan_id=found.plan_id, account_id=found.account_id, owner_id=owner_id
        ),
    )


def close(plan: AccountPlan, *, reason: str) -> tuple[AccountPlanEvent, ...]:
    """Close it, wherever it stands; nothing if it is closed.

    Raises:
        NotFound: ``unknown-plan``.
        WrongState: ``plan-submitted``: somebody is asked to approve it; it is withdrawn first.
    """
    existing(plan)
    if not isinstance(plan, Plan):
        return ()
    if plan.draft is not None and plan.draft.submission is not None:
        raise WrongState("plan-submitted", "it waits for approval; withdraw it first")
    return (AccountPlanClosed(plan_id=plan.plan_id, account_id=plan.account_id, reason=reason),)
