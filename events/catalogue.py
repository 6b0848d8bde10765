"""Every fact there is, by its stored name; nothing is found by import, nothing is guessed."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, get_args

from events.accounts.account import AccountEvent
from events.accounts.account_class import AccountClassEvent
from events.accounts.account_link import AccountLinkEvent
from events.accounts.account_outcome import AccountOutcomeEvent
from events.accounts.account_stage import AccountStageEvent
from events.accounts.account_team import AccountTeamEvent
from events.accounts.competitor import CompetitorEvent
from events.accounts.contact import ContactEvent
from events.accounts.customer_goal import CustomerGoalEvent
from events.accounts.interaction import InteractionEvent
from events.accounts.relationship import RelationshipEvent
from events.accounts.solution_document import SolutionDocumentEvent
from events.accounts.strategic_objective import StrategicObjectiveEvent
from events.event import Event
from events.organization.access_grant import AccessGrantEvent
from events.organization.api_key import ApiKeyEvent
from events.organization.calendar import CalendarEvent
from events.organization.employee import EmployeeEvent
from events.organization.employee_training import EmployeeTrainingEvent
from events.organization.region import RegionEvent
from events.pipeline.commitment import CommitmentEvent
from events.pipeline.contract import ContractEvent
from events.pipeline.opportunity import OpportunityEvent
from events.pipeline.product import ProductEvent
from events.planning.account_plan import AccountPlanEvent
from events.planning.joint_project import JointProjectEvent
from events.planning.plan_year import PlanYearEvent
from events.planning.value_claim import ValueClaimEvent
from events.policies.account_lifecycle import AccountLifecycleEvent
from events.policies.alert_rule import AlertRuleEvent
from events.policies.approval_route import ApprovalRouteEvent
from events.policies.coverage import CoveragePolicyEvent
from events.policies.depth import DepthPolicyEvent
from events.policies.form import FormEvent
from events.policies.planning_policy import PlanningPolicyEvent
from events.policies.sales_process import SalesProcessEvent
from events.policies.scoring import ScoringPolicyEvent
from events.policies.value_matrix import ValueMatrixEvent
from events.policies.white_space import WhiteSpacePolicyEvent
from events.service.survey import SurveyAnswerEvent
from events.work.alert import AlertEvent
from events.work.approval import ApprovalEvent
from events.work.notice import NoticeEvent
from events.work.record_fields import RecordFieldsEvent
from events.work.task import TaskEvent
from events.work.webhook import WebhookEvent

FAMILIES: Final = (
    RegionEvent,
    EmployeeEvent,
    ApiKeyEvent,
    AccessGrantEvent,
    CalendarEvent,
    AccountEvent,
    AccountClassEvent,
    AccountStageEvent,
    AccountTeamEvent,
    AccountLinkEvent,
    CustomerGoalEvent,
    StrategicObjectiveEvent,
    SolutionDocumentEvent,
    InteractionEvent,
    ProductEvent,
    OpportunityEvent,
    SalesProcessEvent,
    DepthPolicyEvent,
    AccountLifecycleEvent,
    ContactEvent,
    RelationshipEvent,
    CoveragePolicyEvent,
    ValueMatrixEvent,
    ScoringPolicyEvent,
    ContractEvent,
    CommitmentEvent,
    ApprovalRouteEvent,
    ApprovalEvent,
    TaskEvent,
    PlanningPolicyEvent,
    AccountPlanEvent,
    PlanYearEvent,
    JointProjectEvent,
    ValueClaimEvent,
    FormEvent,
    RecordFieldsEvent,
    EmployeeTrainingEvent,
    CompetitorEvent,
    WhiteSpacePolicyEvent,
    AlertRuleEvent,
    AlertEvent,
    NoticeEvent,
    WebhookEvent,
    SurveyAnswerEvent,
    AccountOutcomeEvent,
)
"""The facts of each kind of stream."""


def by_name(kinds: Iterable[type[Event]]) -> Mapping[str, type[Event]]:
    """The classes by stored name; two of one name are a programming mistake."""
    found: dict[str, type[Event]] = {}
    for kind in kinds:
        assert kind.NAME not in found, f"two events are named {kind.NAME}"
        found[kind.NAME] = kind
    return MappingProxyType(found)


EVENTS: Final = by_name(kind for family in FAMILIES for kind in get_args(family) or (family,))
