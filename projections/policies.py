"""Rules that are data: a row for each version of a policy, and for each time one was put in force.

Where versions are approved, there is a row for each step on the way as well. Value matrices are
rows of their own: they had doors before there were any for all policies.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, assert_never, cast, get_args

from events.event import Event
from events.policies.account_lifecycle import AccountLifecycleActivated, AccountLifecycleDrafted
from events.policies.alert_rule import AlertRuleActivated, AlertRuleDrafted
from events.policies.approval_route import ApprovalRouteActivated, ApprovalRouteDrafted
from events.policies.coverage import CoveragePolicyActivated, CoveragePolicyDrafted
from events.policies.depth import DepthPolicyActivated, DepthPolicyDrafted
from events.policies.form import FormActivated, FormDrafted
from events.policies.planning_policy import PlanningPolicyActivated, PlanningPolicyDrafted
from events.policies.sales_process import SalesProcessActivated, SalesProcessDrafted
from events.policies.scoring import (
    ScoringPolicyActivated,
    ScoringPolicyApproved,
    ScoringPolicyDrafted,
    ScoringPolicyProposed,
    ScoringPolicyRejected,
)
from events.policies.white_space import WhiteSpacePolicyActivated, WhiteSpacePolicyDrafted
from events.recorded import Recorded
from projections.projection import ForEverybody, Key, Projection, Rows, Table

PolicyKind = Literal[
    "account_lifecycle",
    "alert_rule",
    "approval_route",
    "coverage_policy",
    "depth_policy",
    "form",
    "planning_policy",
    "sales_process",
    "scoring_policy",
    "white_space_policy",
]
"""The kinds of policies that are drafted in versions, each put in force from a day on."""

PolicyDrafted = (
    AccountLifecycleDrafted
    | AlertRuleDrafted
    | ApprovalRouteDrafted
    | CoveragePolicyDrafted
    | DepthPolicyDrafted
    | FormDrafted
    | PlanningPolicyDrafted
    | SalesProcessDrafted
    | ScoringPolicyDrafted
    | WhiteSpacePolicyDrafted
)
PolicyActivated = (
    AccountLifecycleActivated
    | AlertRuleActivated
    | ApprovalRouteActivated
    | CoveragePolicyActivated
    | DepthPolicyActivated
    | FormActivated
    | PlanningPolicyActivated
    | SalesProcessActivated
    | ScoringPolicyActivated
    | WhiteSpacePolicyActivated
)
PolicyMoved = ScoringPolicyProposed | ScoringPolicyApproved | ScoringPolicyRejected
PolicyEvent = PolicyDrafted | PolicyActivated | PolicyMoved

ApprovalStatus = Literal["proposed", "approved", "sent_back", "rejected"]
"""How far a version has come that others have to approve."""

KIND_OF: Final[Mapping[type[Event], PolicyKind]] = MappingProxyType(
    {fact: cast("PolicyKind", fact.NAME.partition(".")[0]) for fact in get_args(PolicyEvent)}
)
"""What each fact is about, as its name says it before the dot; its stream begins with it too."""


class PolicyDraftRow(NamedTuple):
    """One version of a policy."""

    kind: PolicyKind
    policy_id: str
    """What stands in its stream after the kind."""
    draft: int
    """The version of the policy, 1 for the first."""
    region_id: str | None
    """The region it is for; ``None``: for all."""
    document: dict[str, Any]
    drafted_at: datetime
    known_from: datetime


class PolicyInForceRow(NamedTuple):
    """One version put in force from a day on."""

    kind: PolicyKind
    policy_id: str
    version: int
    """The version of the stream: what was put in force later has a larger one."""
    draft: int
    region_id: str | None
    effective_on: str
    """The first day it holds, as ``2026-01-31``."""
    document: dict[str, Any]
    known_from: datetime


class PolicyStepRow(NamedTuple):
    """A version was put up for approval, or decided on."""

    kind: PolicyKind
    policy_id: str
    version: int
    """The version of the stream: the last step has the largest one."""
    draft: int
    status: ApprovalStatus
    approval_id: str
    occurred_at: datetime
    known_from: datetime


POLICY_DRAFT: Final = Table(
    "policy_draft", PolicyDraftRow, guard=ForEverybody(), key=("kind", "policy_id", "draft")
)
POLICY_IN_FORCE: Final = Table(
    "policy_in_force", PolicyInForceRow, guard=ForEverybody(), key=("kind", "policy_id", "version")
)
POLICY_STEP: Final = Table(
    "policy_step", PolicyStepRow, guard=ForEverybody(), key=("kind", "policy_id", "version")
)


def keys(recorded: Recorded[PolicyEvent]) -> tuple[Key, ...]:
    """The draft that is put in force."""
    event = recorded.event
    if not isinstance(event, PolicyActivated):
        return ()
    return ((POLICY_DRAFT, (*_named(recorded), event.version)),)


def evolve(rows: Rows, recorded: Recorded[PolicyEvent]) -> Rows:
    """The draft, the step it has come further, or the draft put in force."""
    event, envelope = recorded.event, recorded.envelope
    kind, policy_id = _named(recorded)
    if isinstance(event, PolicyDrafted):
        # An alert rule says in its document for which region it is.
        place = event.document if isinstance(event, AlertRuleDrafted) else event
        draft = PolicyDraftRow(
            kind,
            policy_id,
            event.version,
            place.region_id,
            event.document.model_dump(mode="json"),
            envelope.occurred_at,
            envelope.recorded_at,
        )
        return {(POLICY_DRAFT, draft[:3]): draft}
    if isinstance(event, PolicyMoved):
        step = PolicyStepRow(
            kind,
            policy_id,
            envelope.version,
            event.version,
            _status(event),
            event.approval_id,
            envelope.occurred_at,
            envelope.recorded_at,
        )
        return {(POLICY_STEP, step[:3]): step}
    (drafted,) = rows.values()
    row = PolicyInForceRow(
        kind,
        policy_id,
        envelope.version,
        event.version,
        drafted.region_id,
        event.effective_on.isoformat(),
        drafted.document,
        envelope.recorded_at,
    )
    return {(POLICY_IN_FORCE, row[:3]): row}


def _status(event: PolicyMoved) -> ApprovalStatus:
    match event:
        case ScoringPolicyProposed():
            return "proposed"
        case ScoringPolicyApproved():
            return "approved"
        case ScoringPolicyRejected():
            return "sent_back" if event.sent_back else "rejected"
        case unknown:
            assert_never(unknown)


def _named(recorded: Recorded[PolicyEvent]) -> tuple[PolicyKind, str]:
    kind = KIND_OF[type(recorded.event)]
    return kind, recorded.envelope.stream.removeprefix(f"{kind}-")


POLICIES: Final = Projection(
    name="policies",
    version=3,
    tables=(POLICY_DRAFT, POLICY_IN_FORCE, POLICY_STEP),
    subscribes=frozenset(KIND_OF),
    keys=keys,
    evolve=evolve,
)
