"""A scoring policy and its life."""

from datetime import date
from typing import Final

from events.policies.scoring import (
    FULL,
    AlertThreshold,
    Band,
    Cap,
    Component,
    DecayedSum,
    DryRun,
    Group,
    Line,
    Plain,
    Point,
    Rounding,
    ScoringPolicy,
    ScoringPolicyActivated,
    ScoringPolicyApproved,
    ScoringPolicyDrafted,
    ScoringPolicyEvent,
    ScoringPolicyProposed,
    ScoringPolicyRejected,
    ScoringPolicySuperseded,
    Step,
    Steps,
)
from tests.examples.cast import ANN, BEA

NEARNESS: Final = Component(
    component_id="nearness",
    title="How near we are",
    group_id="relationship",
    kinds=("interaction_executive_visit", "interaction_call"),
    window_days=180,
    measure=DecayedSum(half_life_days=30),
    mapping=Line(
        mapping="line",
        points=(Point(raw=0, points=0), Point(raw=5_000_000, points=FULL)),
    ),
    weight=2,
    missing="zero",
)
PROMOTION: Final = Component(
    component_id="promotion",
    title="Whether they would recommend us",
    group_id="relationship",
    kinds=("nps_answer",),
    window_days=365,
    measure=Plain(aggregation="nps"),
    mapping=Steps(
        mapping="steps",
        steps=(
            Step(above=None, up_to=0, points=20_000_000),
            Step(above=0, up_to=50_000_000, points=70_000_000),
            Step(above=50_000_000, up_to=None, points=FULL),
        ),
    ),
    weight=1,
    missing="skip",
)
POLICY: Final = ScoringPolicy(
    groups=(Group(group_id="relationship", title="Relationship", weight=100),),
    weights_add_up_to=100,
    components=(NEARNESS, PROMOTION),
    neutral=50_000_000,
    caps=(
        Cap(
            cap_id="decision-maker-gone",
            title="A decision maker left",
            kinds=("decision_maker_left",),
            window_days=90,
            at_most=59_000_000,
        ),
    ),
    bands=(
        Band(band_id="red", title="At risk", above=0, up_to=50_000_000),
        Band(band_id="yellow", title="To be watched", above=50_000_000, up_to=75_000_000),
        Band(band_id="green", title="Well", above=75_000_000, up_to=FULL),
    ),
    rounding=Rounding(component=6, group=6, score=0),
    alerts=(AlertThreshold(alert_id="low", title="Below sixty", below=60_000_000),),
)

DRAFTED: Final = ScoringPolicyDrafted(region_id="emea", version=1, document=POLICY, drafted_by=ANN)
PROPOSED: Final = ScoringPolicyProposed(
    region_id="emea", version=1, proposed_by=BEA, approval_id="s1", dry_run=None
)
DRY_RUN: Final = DryRun(
    replay_id="r1",
    result_sha256="5e" * 32,
    position=4_711,
    first_day=date(2025, 1, 1),
    last_day=date(2025, 12, 31),
    accounts=85,
    accounts_moved=12,
    alerts_before=7,
    alerts_after=9,
)
SENT_BACK: Final = ScoringPolicyRejected(
    region_id="emea", version=1, approval_id="s1", sent_back=True
)
PROPOSED_ANEW: Final = PROPOSED.model_copy(update={"approval_id": "s2", "dry_run": DRY_RUN})
APPROVED: Final = ScoringPolicyApproved(region_id="emea", version=1, approval_id="s2")
ACTIVATED: Final = ScoringPolicyActivated(
    region_id="emea", version=1, effective_on=date(2026, 1, 1)
)
SUPERSEDED: Final = ScoringPolicySuperseded(
    region_id="emea", version=1, by_version=2, superseded_on=date(2026, 4, 1)
)
LIFE: Final[tuple[ScoringPolicyEvent, ...]] = (
    DRAFTED,
    PROPOSED,
    SENT_BACK,
    PROPOSED_ANEW,
    APPROVED,
    ACTIVATED,
    SUPERSEDED,
)

STRICT: Final = POLICY.model_copy(
    update={
        "components": (NEARNESS, PROMOTION.model_copy(update={"missing": "neutral"})),
        "caps": (POLICY.caps[0].model_copy(update={"at_most": 10_000_000}),),
    }
)
LIFE_OF_DACH: Final[tuple[ScoringPolicyEvent, ...]] = (
    ScoringPolicyDrafted(region_id="dach", version=1, document=STRICT, drafted_by=ANN),
    ScoringPolicyActivated(region_id="dach", version=1, effective_on=date(2026, 3, 1)),
)
