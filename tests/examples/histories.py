"""One history for each kind of stream; together they hold every fact there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from aggregates.accounts.account import ACCOUNT
from aggregates.accounts.account_class import ACCOUNT_CLASS
from aggregates.accounts.account_link import ACCOUNT_LINK
from aggregates.accounts.account_outcome import ACCOUNT_OUTCOME
from aggregates.accounts.account_stage import ACCOUNT_STAGE
from aggregates.accounts.account_team import ACCOUNT_TEAM
from aggregates.accounts.competitor import COMPETITOR
from aggregates.accounts.contact import CONTACT
from aggregates.accounts.customer_goal import CUSTOMER_GOAL
from aggregates.accounts.interaction import INTERACTION
from aggregates.accounts.relationship import RELATIONSHIP
from aggregates.accounts.solution_document import SOLUTION_DOCUMENT
from aggregates.accounts.strategic_objective import STRATEGIC_OBJECTIVE
from aggregates.decider import Decider
from aggregates.organization.access_grant import ACCESS_GRANT
from aggregates.organization.api_key import API_KEY
from aggregates.organization.calendar import CALENDAR
from aggregates.organization.employee import EMPLOYEE
from aggregates.organization.employee_training import EMPLOYEE_TRAINING
from aggregates.organization.region import REGION
from aggregates.pipeline.commitment import COMMITMENT
from aggregates.pipeline.contract import CONTRACT
from aggregates.pipeline.opportunity import OPPORTUNITY
from aggregates.pipeline.product import PRODUCT
from aggregates.planning.account_plan import ACCOUNT_PLAN
from aggregates.planning.joint_project import JOINT_PROJECT
from aggregates.planning.plan_year import PLAN_YEAR
from aggregates.planning.value_claim import VALUE_CLAIM
from aggregates.policies.account_lifecycle import ACCOUNT_LIFECYCLE
from aggregates.policies.alert_rule import ALERT_RULE
from aggregates.policies.approval_route import APPROVAL_ROUTE
from aggregates.policies.coverage import COVERAGE_POLICY
from aggregates.policies.depth import DEPTH_POLICY
from aggregates.policies.form import FORM
from aggregates.policies.planning_policy import PLANNING_POLICY
from aggregates.policies.sales_process import SALES_PROCESS
from aggregates.policies.scoring import SCORING_POLICY
from aggregates.policies.value_matrix import VALUE_MATRIX
from aggregates.policies.white_space import WHITE_SPACE_POLICY
from aggregates.service.survey import SURVEY_ANSWER
from aggregates.work.alert import ALERT
from aggregates.work.notice import NOTICE
from aggregates.work.record_fields import RECORD_FIELDS
from aggregates.work.request import APPROVAL
from aggregates.work.task import TASK
from aggregates.work.webhook import WEBHOOK
from events.accounts.account import (
    AccountDetailsChanged,
    AccountOwnerChanged,
    AccountPlaced,
    AccountRegistered,
)
from events.accounts.account_class import AccountClassified, Rating
from events.accounts.account_link import AccountLinked, AccountUnlinked
from events.accounts.account_stage import AccountCheckRecorded, AccountStageMoved
from events.accounts.account_team import AccountTeamMemberAssigned, AccountTeamMemberReleased
from events.accounts.contact import (
    ContactAbsorbed,
    ContactAssessed,
    ContactDetailsChanged,
    ContactErased,
    ContactLeft,
    ContactMerged,
    ContactMoved,
    ContactRegistered,
    ContactReleased,
    ContactReportsToChanged,
    ContactRoleChanged,
    ContactUnmerged,
)
from events.accounts.customer_goal import (
    CustomerGoalChanged,
    CustomerGoalDropped,
    CustomerGoalLinked,
    CustomerGoalStated,
    CustomerGoalUnlinked,
)
from events.accounts.interaction import (
    FollowUp,
    InteractionCorrected,
    InteractionFollowUpDone,
    InteractionFollowUpReassigned,
    InteractionLogged,
    InteractionWithdrawn,
)
from events.accounts.relationship import (
    RelationshipEnded,
    RelationshipEstablished,
    RelationshipStrengthChanged,
)
from events.accounts.solution_document import SolutionDocumentPublished
from events.accounts.strategic_objective import (
    StrategicObjectiveChanged,
    StrategicObjectiveDropped,
    StrategicObjectiveStated,
)
from events.event import Event
from events.organization.access_grant import AccessGranted, AccessRevoked
from events.organization.api_key import ApiKeyIssued, ApiKeyRevoked
from events.organization.calendar import DayClosed
from events.organization.employee import (
    EmployeeErased,
    EmployeeHired,
    EmployeeLeft,
    EmployeeManagerChanged,
    EmployeeMoved,
    EmployeeRolesChanged,
)
from events.organization.region import RegionModeSet, RegionMoved, RegionOpened
from events.pipeline.opportunity import (
    OpportunityAdvanced,
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityReopened,
    OpportunityWon,
)
from events.pipeline.product import ProductListed, ProductRepriced, ProductRetired
from events.policies.account_lifecycle import AccountLifecycleActivated, AccountLifecycleDrafted
from events.policies.coverage import (
    CoveragePolicy,
    CoveragePolicyActivated,
    CoveragePolicyDrafted,
    RoleMinimum,
)
from events.policies.depth import (
    DecayStep,
    DepthLevel,
    DepthPolicy,
    DepthPolicyActivated,
    DepthPolicyDrafted,
    EffectiveKind,
    KindPoints,
    RatingPoints,
)
from events.policies.sales_process import SalesProcessActivated, SalesProcessDrafted
from events.policies.value_matrix import (
    ValueMatrixActivated,
    ValueMatrixApproved,
    ValueMatrixDrafted,
    ValueMatrixProposed,
    ValueMatrixRejected,
    ValueMatrixSuperseded,
)
from tests.examples import approvals, scores, surveys, warnings, webhooks
from tests.examples.cast import ANN, BEA, CARL, FIVE, FOUR_STAGES, STRICT, UMA, VIC, usd
from tests.examples.forms import (
    FIELD_CLEARED,
    FIELDS_SET,
    FORM_IN_FORCE,
    FORM_WRITTEN,
    NEWSLETTER,
    SALUTATION,
)
from tests.examples.planning import (
    CLAIM_CORRECTED,
    CLAIM_WITHDRAWN,
    CLAIMED,
    CONFIRMED,
    OLD_PLAN_LIFE,
    PLAN_LIFE,
    POLICY_ACTIVATED,
    POLICY_DRAFTED,
    PROJECT_LIFE,
    YEAR_CLAIMED,
    YEAR_RELEASED,
)
from tests.examples.tasks import RULED, TASK_CANCELLED, TASK_LIFE


@dataclass(frozen=True, slots=True)
class History:
    """What happened to one thing."""

    decider: Decider[Any, Any]
    identity: str
    facts: tuple[Event, ...]

    @property
    def stream(self) -> str:
        """The stream these facts are on."""
        return self.decider.stream(self.identity)


OPENED: Final = RegionOpened(region_id="emea", name="Europe", parent_id=None)
MOVED: Final = RegionMoved(region_id="emea", parent_id="world")
THROUGH_PARTNERS: Final = RegionModeSet(region_id="emea", mode="channel")

HIRED: Final = EmployeeHired(
    employee_id=ANN, name="Ann Archer", region_id="emea", manager_id=BEA, roles=("sales_rep",)
)
MANAGED: Final = EmployeeManagerChanged(employee_id=ANN, manager_id=CARL)
RELOCATED: Final = EmployeeMoved(employee_id=ANN, region_id="dach")
PROMOTED: Final = EmployeeRolesChanged(employee_id=ANN, roles=("sales_rep", "sales_manager"))
LEFT: Final = EmployeeLeft(employee_id=ANN)
ERASED: Final = EmployeeErased(employee_id=ANN)

ISSUED: Final = ApiKeyIssued(
    key_id="k1",
    secret_sha256="5e" * 32,
    roles=("sales_rep",),
    label="Ann's laptop",
    employee_id=ANN,
    expires_at=datetime(2027, 1, 1, tzinfo=UTC),
)
REVOKED: Final = ApiKeyRevoked(key_id="k1")

GRANTED_ACCESS: Final = AccessGranted(
    grant_id="cover-1",
    employee_id=ANN,
    region_id="dach",
    account_id=None,
    level="write",
    until_on=date(2026, 3, 31),
    reason="covers for a colleague",
)
SHARED: Final = AccessGranted(
    grant_id="cover-2",
    employee_id=ANN,
    region_id=None,
    account_id="acme",
    level="read",
    until_on=date(2026, 3, 31),
    reason="helps with a tender",
)
REVOKED_ACCESS: Final = AccessRevoked(grant_id="cover-1", reason="the colleague is back")

FIRST_DAY: Final = DayClosed(day=date(2026, 2, 28))
SECOND_DAY: Final = DayClosed(day=date(2026, 3, 1))

REGISTERED: Final = AccountRegistered(
    account_id="acme",
    name="Acme Corporation",
    sector="technology",
    country="United States",
    founded_year=1996,
    employees=2822,
    revenue=usd(1_100_040_000_00),
    parent_id=None,
    owner_id=ANN,
    region_id="emea",
)
PLACED: Final = AccountPlaced(account_id="acme", parent_id="holding")
GIVEN_AWAY: Final = AccountOwnerChanged(account_id="acme", owner_id=BEA, region_id="dach")
REDESCRIBED: Final = AccountDetailsChanged(
    account_id="acme",
    name="Acme SE",
    sector="software",
    country="Germany",
    founded_year=1996,
    employees=3000,
    revenue=None,
)

CHECKED: Final = AccountCheckRecorded(
    account_id="acme",
    check_id="market_intelligence",
    result="growing by a tenth a year",
    evidence="https://files.example/acme/market.pdf",
)
CHECKED_AGAIN: Final = CHECKED.model_copy(update={"result": "growing by a fifth a year"})
ENTERED: Final = AccountStageMoved(
    account_id="acme",
    from_stage="identification",
    to_stage="lock_in",
    reason="taken over with their supplier",
)
ASSIGNED: Final = AccountTeamMemberAssigned(
    account_id="acme", role="solution_architect", employee_id=BEA
)
BACKED: Final = AccountTeamMemberAssigned(
    account_id="acme", role="executive_sponsor", employee_id=CARL
)
DELIVERED: Final = AccountTeamMemberAssigned(
    account_id="acme", role="delivery_expert", employee_id=ANN
)
TEAM_RELEASED: Final = AccountTeamMemberReleased(
    account_id="acme", role="solution_architect", employee_id=BEA
)
LINKED: Final = AccountLinked(
    link_id="l1",
    account_id="acme",
    other_id="globex",
    kind="equity",
    share_bp=2_500,
    from_on=date(2020, 1, 1),
    until_on=None,
)
UNLINKED: Final = AccountUnlinked(
    link_id="l1", account_id="acme", other_id="globex", until_on=date(2025, 12, 31)
)
OBJECTIVE: Final = StrategicObjectiveStated(
    objective_id="cloud", title="A tenth more recurring revenue", region_id="emea"
)
OBJECTIVE_REWORDED: Final = StrategicObjectiveChanged(
    objective_id="cloud", title="A fifth more recurring revenue"
)
OBJECTIVE_DROPPED: Final = StrategicObjectiveDropped(objective_id="cloud")
GOAL: Final = CustomerGoalStated(
    goal_id="g1",
    account_id="acme",
    title="Halve the time a line stands still",
    measure="hours a month",
    due_on=date(2027, 12, 31),
)
GOAL_CHANGED: Final = CustomerGoalChanged(
    goal_id="g1",
    account_id="acme",
    title="Halve the time a line stands still",
    measure="hours a quarter",
    due_on=None,
)
GOAL_LINKED: Final = CustomerGoalLinked(goal_id="g1", account_id="acme", objective_id="cloud")
GOAL_UNLINKED: Final = CustomerGoalUnlinked(goal_id="g1", account_id="acme", objective_id="cloud")
GOAL_DROPPED: Final = CustomerGoalDropped(goal_id="g1", account_id="acme")
PUBLISHED: Final = SolutionDocumentPublished(
    document_id="d1",
    account_id="acme",
    revision=1,
    title="A line that mends itself",
    uri="https://files.example/acme/line.pdf",
    sha256="7a" * 32,
    media_type="application/pdf",
)
PUBLISHED_AGAIN: Final = PUBLISHED.model_copy(update={"revision": 2, "sha256": "7b" * 32})

LOGGED: Final = InteractionLogged(
    interaction_id="visit-1",
    account_id="acme",
    kind="executive_visit",
    subject="Plans for next year",
    employee_ids=(ANN, BEA),
    contact_ids=(UMA, VIC),
    minutes=90,
    rating=4,
    feedback_by=UMA,
    feedback="The roadmap convinced me.",
    follow_ups=(
        FollowUp(
            follow_up_id="f1",
            text="Send the roadmap",
            owner_id=ANN,
            due_on=date(2026, 3, 9),
        ),
    ),
)
CORRECTED: Final = InteractionCorrected(
    interaction_id="visit-1",
    account_id="acme",
    kind="executive_visit",
    subject="Plans for next year",
    employee_ids=(ANN,),
    contact_ids=(UMA,),
    minutes=60,
    rating=5,
    feedback_by=None,
    feedback=None,
    follow_ups=LOGGED.follow_ups,
    took_place_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
    reason="Bea and Vic could not come",
)
PASSED_ON: Final = InteractionFollowUpReassigned(
    interaction_id="visit-1", account_id="acme", follow_up_id="f1", owner_id=BEA
)
FOLLOWED_UP: Final = InteractionFollowUpDone(
    interaction_id="visit-1", account_id="acme", follow_up_id="f1"
)
WITHDRAWN: Final = InteractionWithdrawn(
    interaction_id="visit-1", account_id="acme", reason="Logged for another company"
)

LISTED: Final = ProductListed(
    product_id="gtx-pro", name="GTX Pro", series="GTX", list_price=usd(4_821_00)
)
REPRICED: Final = ProductRepriced(product_id="gtx-pro", list_price=usd(4_999_00))
RETIRED: Final = ProductRetired(product_id="gtx-pro")

DRAFTED: Final = SalesProcessDrafted(region_id="emea", version=1, document=STRICT)
LIFECYCLE_DRAFTED: Final = AccountLifecycleDrafted(
    region_id="emea", version=1, document=FOUR_STAGES
)
LIFECYCLE_ACTIVATED: Final = AccountLifecycleActivated(
    region_id="emea", version=1, effective_on=date(2026, 1, 1)
)
ACTIVATED: Final = SalesProcessActivated(region_id="emea", version=1, effective_on=date(2026, 1, 1))

WRITTEN: Final = ValueMatrixDrafted(region_id="emea", version=1, document=FIVE, drafted_by=ANN)
PROPOSED: Final = ValueMatrixProposed(
    region_id="emea", version=1, proposed_by=BEA, approval_id="a1"
)
SENT_BACK: Final = ValueMatrixRejected(
    region_id="emea", version=1, approval_id="a1", sent_back=True
)
PROPOSED_ANEW: Final = PROPOSED.model_copy(update={"approval_id": "a2"})
APPROVED: Final = ValueMatrixApproved(
    region_id="emea", version=1, approved_by=None, approval_id="a1"
)
APPROVED_ANEW: Final = APPROVED.model_copy(update={"approval_id": "a2"})
IN_FORCE: Final = ValueMatrixActivated(region_id="emea", version=1, effective_on=date(2026, 1, 1))
SUPERSEDED: Final = ValueMatrixSuperseded(
    region_id="emea", version=1, by_version=2, superseded_on=date(2026, 4, 1)
)

CLASSIFIED: Final = AccountClassified(
    account_id="acme",
    region_id="emea",
    account_class="strategic",
    score=37_500,
    ratings=(
        Rating(dimension_id="purchase", amount=350, evidence=None, band=4),
        Rating(dimension_id="profit", amount=2_000, evidence=None, band=3),
        Rating(dimension_id="influence", amount=None, evidence="chairs the standard", band=4),
        Rating(dimension_id="innovation", amount=None, evidence="two joint patents", band=4),
        Rating(dimension_id="fit", amount=None, evidence="same three markets", band=4),
    ),
    matrix_region_id="emea",
    matrix_version=1,
)
"""The example of the source of KAM-02: 3.75."""

RANKED_AGAIN: Final = CLASSIFIED.model_copy(update={"account_class": "key", "matrix_version": 2})

DEPTH: Final = DepthPolicy(
    kind_points=(
        KindPoints(kind="executive_visit", points=10),
        KindPoints(kind="call", points=2),
    ),
    rating_points=(RatingPoints(rating=5, points=3), RatingPoints(rating=1, points=-4)),
    window_days=365,
    decay=(DecayStep(from_days=90, keeps_bp=5_000), DecayStep(from_days=180, keeps_bp=2_500)),
    contact_levels=(
        DepthLevel(level_id="known", from_points=0),
        DepthLevel(level_id="close", from_points=10),
    ),
    account_levels=(
        DepthLevel(level_id="thin", from_points=0),
        DepthLevel(level_id="deep", from_points=20),
    ),
    effective=(
        EffectiveKind(kind="executive_visit"),
        EffectiveKind(kind="call", minutes_min=30, rating_min=4),
    ),
)
DEPTH_DRAFTED: Final = DepthPolicyDrafted(region_id="emea", version=1, document=DEPTH)
DEPTH_ACTIVATED: Final = DepthPolicyActivated(
    region_id="emea", version=1, effective_on=date(2026, 1, 1)
)

FOUND: Final = OpportunityOpened(
    opportunity_id="1C1I7A6R",
    account_id="acme",
    product_id="gtx-pro",
    owner_id=ANN,
    region_id="emea",
    stage="prospecting",
    engaged=False,
    amount=usd(4_800_00),
)
ENGAGED: Final = OpportunityAdvanced(
    opportunity_id="1C1I7A6R",
    account_id="acme",
    from_stage="prospecting",
    to_stage="engaging",
    engaged=True,
)
OFFERED: Final = OpportunityAdvanced(
    opportunity_id="1C1I7A6R",
    account_id="acme",
    from_stage="engaging",
    to_stage="offered",
    engaged=True,
)
REVALUED: Final = OpportunityAmountChanged(
    opportunity_id="1C1I7A6R", account_id="acme", amount=usd(5_000_00)
)
HANDED_ON: Final = OpportunityReassigned(
    opportunity_id="1C1I7A6R", account_id="acme", owner_id=BEA, region_id="dach"
)
LOST: Final = OpportunityLost(opportunity_id="1C1I7A6R", account_id="acme", reason="price")
REOPENED: Final = OpportunityReopened(opportunity_id="1C1I7A6R", account_id="acme")
WON: Final = OpportunityWon(opportunity_id="1C1I7A6R", account_id="acme", amount=usd(5_054_00))

MET: Final = ContactRegistered(
    contact_id=UMA,
    account_id="acme",
    name="Uma Ulrich",
    email="uma@acme.example",
    phone="+1 555 0100",
    title="Head of Purchasing",
    department="Purchasing",
)
RENAMED: Final = ContactDetailsChanged(
    contact_id=UMA,
    account_id="acme",
    name="Uma Umber",
    email="umber@acme.example",
    phone="+1 555 0101",
    title="Director of Purchasing",
    department="Procurement",
)
DECIDES: Final = ContactRoleChanged(contact_id=UMA, account_id="acme", role="decision_maker")
JUDGED: Final = ContactAssessed(contact_id=UMA, account_id="acme", influence=4, sentiment=2)
SUBORDINATE: Final = ContactReportsToChanged(contact_id=UMA, account_id="acme", reports_to=VIC)
ABSORBED: Final = ContactAbsorbed(contact_id=UMA, account_id="acme", absorbed_id=VIC)
RELEASED: Final = ContactReleased(contact_id=UMA, account_id="acme", released_id=VIC)
MERGED: Final = ContactMerged(contact_id=UMA, account_id="acme", into_id=VIC)
UNMERGED: Final = ContactUnmerged(contact_id=UMA, account_id="acme", from_id=VIC)
QUIT: Final = ContactLeft(contact_id=UMA, account_id="acme")
CHANGED_SIDES: Final = ContactMoved(contact_id=UMA, account_id="zenith", from_account_id="acme")
FORGOTTEN: Final = ContactErased(contact_id=UMA, account_id="zenith")

ACQUAINTED: Final = RelationshipEstablished(
    employee_id=ANN, contact_id=UMA, account_id="acme", strength=2
)
CLOSER: Final = RelationshipStrengthChanged(
    employee_id=ANN, contact_id=UMA, account_id="acme", strength=4
)
PARTED: Final = RelationshipEnded(employee_id=ANN, contact_id=UMA, account_id="acme")

COVERED: Final = CoveragePolicyDrafted(
    region_id="emea",
    version=1,
    document=CoveragePolicy(minimum=(RoleMinimum(role="decision_maker", contacts=1),)),
)
COVERED_FROM: Final = CoveragePolicyActivated(
    region_id="emea", version=1, effective_on=date(2026, 1, 1)
)

HISTORIES: Final = (
    History(REGION, "emea", (OPENED, MOVED, THROUGH_PARTNERS)),
    History(EMPLOYEE, ANN, (HIRED, MANAGED, RELOCATED, PROMOTED, LEFT, ERASED)),
    History(API_KEY, "k1", (ISSUED, REVOKED)),
    History(ACCESS_GRANT, "cover-1", (GRANTED_ACCESS, REVOKED_ACCESS)),
    History(ACCESS_GRANT, "cover-2", (SHARED,)),
    History(CALENDAR, "days", (FIRST_DAY, SECOND_DAY)),
    History(ACCOUNT, "acme", (REGISTERED, PLACED, GIVEN_AWAY, REDESCRIBED)),
    History(ACCOUNT_STAGE, "acme", (CHECKED, CHECKED_AGAIN, ENTERED)),
    History(ACCOUNT_TEAM, "acme", (ASSIGNED, BACKED, DELIVERED, TEAM_RELEASED)),
    History(ACCOUNT_LINK, "l1", (LINKED, UNLINKED)),
    History(STRATEGIC_OBJECTIVE, "cloud", (OBJECTIVE, OBJECTIVE_REWORDED, OBJECTIVE_DROPPED)),
    History(CUSTOMER_GOAL, "g1", (GOAL, GOAL_CHANGED, GOAL_LINKED, GOAL_UNLINKED, GOAL_DROPPED)),
    History(SOLUTION_DOCUMENT, "d1", (PUBLISHED, PUBLISHED_AGAIN)),
    History(ACCOUNT_LIFECYCLE, "emea", (LIFECYCLE_DRAFTED, LIFECYCLE_ACTIVATED)),
    History(ACCOUNT_CLASS, "acme", (CLASSIFIED, RANKED_AGAIN)),
    History(
        CONTACT,
        UMA,
        (
            MET,
            RENAMED,
            DECIDES,
            JUDGED,
            SUBORDINATE,
            ABSORBED,
            RELEASED,
            MERGED,
            UNMERGED,
            QUIT,
            CHANGED_SIDES,
            FORGOTTEN,
        ),
    ),
    History(RELATIONSHIP, f"{ANN}-{UMA}", (ACQUAINTED, CLOSER, PARTED, ACQUAINTED)),
    History(INTERACTION, "visit-1", (LOGGED, CORRECTED, PASSED_ON, FOLLOWED_UP, WITHDRAWN)),
    History(PRODUCT, "gtx-pro", (LISTED, REPRICED, RETIRED)),
    History(SALES_PROCESS, "emea", (DRAFTED, ACTIVATED)),
    History(COVERAGE_POLICY, "emea", (COVERED, COVERED_FROM)),
    History(
        VALUE_MATRIX,
        "emea",
        (WRITTEN, PROPOSED, SENT_BACK, PROPOSED_ANEW, APPROVED_ANEW, IN_FORCE, SUPERSEDED),
    ),
    History(SCORING_POLICY, "emea", scores.LIFE),
    History(SCORING_POLICY, "dach", scores.LIFE_OF_DACH),
    History(DEPTH_POLICY, "emea", (DEPTH_DRAFTED, DEPTH_ACTIVATED)),
    History(
        OPPORTUNITY,
        "1C1I7A6R",
        (FOUND, ENGAGED, REVALUED, HANDED_ON, LOST, REOPENED, OFFERED, WON),
    ),
    History(PLANNING_POLICY, "emea", (POLICY_DRAFTED, POLICY_ACTIVATED)),
    History(ACCOUNT_PLAN, "p1", PLAN_LIFE),
    History(ACCOUNT_PLAN, "p0", OLD_PLAN_LIFE),
    History(PLAN_YEAR, "acme-2026", (YEAR_CLAIMED, YEAR_RELEASED)),
    History(JOINT_PROJECT, "j1", PROJECT_LIFE),
    History(VALUE_CLAIM, "v1", (CLAIMED, CLAIM_CORRECTED, CONFIRMED, CLAIM_WITHDRAWN)),
    History(
        CONTRACT,
        "c1",
        (
            approvals.CONTRACT_DRAFTED,
            approvals.CONTRACT_AMENDED,
            approvals.CONTRACT_SUBMITTED,
            approvals.CONTRACT_APPROVED,
            approvals.CONTRACT_AMENDED,
            approvals.CONTRACT_SUBMITTED,
            approvals.CONTRACT_REJECTED,
            approvals.CONTRACT_REASSIGNED,
        ),
    ),
    History(COMMITMENT, "acme", (approvals.ENTERED,)),
    History(APPROVAL_ROUTE, "contract.emea", (approvals.ROUTE_DRAFTED, approvals.ROUTE_ACTIVATED)),
    History(
        APPROVAL,
        "a1",
        (
            approvals.REQUESTED,
            approvals.ESCALATED,
            approvals.DELEGATED,
            approvals.DECIDED,
            approvals.REPLACED,
            approvals.DECIDED_LAST,
            approvals.GRANTED,
            approvals.VOIDED,
        ),
    ),
    History(
        SURVEY_ANSWER,
        "s1",
        (surveys.ANSWERED, surveys.ANSWER_CORRECTED, surveys.ANSWER_WITHDRAWN),
    ),
    History(SURVEY_ANSWER, "s2", (surveys.CONTENT,)),
    History(TASK, "t1", TASK_LIFE),
    History(TASK, "t2", (RULED, TASK_CANCELLED)),
    History(FORM, "account.emea", (FORM_WRITTEN, FORM_IN_FORCE)),
    History(RECORD_FIELDS, "account.acme", (FIELDS_SET, FIELD_CLEARED)),
    History(RECORD_FIELDS, f"contact.{UMA}", (SALUTATION, NEWSLETTER)),
    History(EMPLOYEE_TRAINING, "t1", (warnings.TRAINED, warnings.TRAINING_REVOKED)),
    History(COMPETITOR, "e1", (warnings.COMPETITOR_CAME, warnings.COMPETITOR_WENT)),
    History(ACCOUNT_OUTCOME, "x1", (warnings.CHURNED, warnings.CHURN_WITHDRAWN)),
    History(WHITE_SPACE_POLICY, "emea", (warnings.OFFER_DRAFTED, warnings.OFFER_ACTIVATED)),
    History(ALERT_RULE, "r1", (warnings.RULE_DRAFTED, warnings.RULE_ACTIVATED)),
    History(
        ALERT,
        warnings.ALERT_ID,
        (warnings.RAISED, warnings.ACKNOWLEDGED, warnings.REASSIGNED, warnings.RESOLVED),
    ),
    History(NOTICE, warnings.NOTICE_ID, (warnings.NOTICED, warnings.NOTICE_READ)),
    History(WEBHOOK, "desk", (webhooks.REGISTERED, webhooks.ROTATED, webhooks.RETIRED)),
    History(APPROVAL, "a2", (approvals.REQUESTED_ANEW, approvals.SAID_NO, approvals.REFUSED)),
)

EXAMPLES: Final[Mapping[str, Event]] = {
    fact.NAME: fact for history in reversed(HISTORIES) for fact in reversed(history.facts)
}
"""The first example of each fact, by its stored name."""
