"""What the doors around accounts answer: the whole account, and the lists beside it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.account_commitments import (
    ApprovalsPart,
    ContractsPart,
    PlansPart,
    ProjectsPart,
    ValuePart,
)
from api.account_facts import FactsPart
from api.account_parts import (
    DepthPart,
    HealthPart,
    InteractionsPart,
    PeoplePart,
    PolicyPart,
    RankingPart,
)
from api.account_warnings import AlertsPart, OutcomesPart, SurveysPart
from api.answers import AccountItem, Answer, Body, Page
from api.field_classes import COMMERCIAL, SOLUTION
from api.form_answers import FieldValue
from api.team_answers import Member, TeamPart
from events.values import Money


class Company(Body):
    """Another company of the group."""

    account_id: str
    name: str


class RegionPart(Body):
    """The region that looks after the account."""

    region_id: str
    name: str


class CheckPart(Body):
    """Something the lifecycle asks for, and what was found."""

    check_id: str
    stage: str | None = Field(description="The stage that is not left without; null: none any more")
    done: bool
    result: str | None
    evidence: str | None
    recorded_at: datetime | None


class StagePart(Body):
    """How deep we stand with the account."""

    stage: str | None = Field(description="Null where no lifecycle is in force.")
    moved_at: datetime | None
    reason: str | None
    policy: PolicyPart | None
    stages: list[str] = Field(description="Every stage of the lifecycle, in order.")
    next: str | None
    checks: list[CheckPart]
    missing: list[str] = Field(description="What is to be recorded before this stage is left.")


class ObjectivePart(Body):
    """An objective of ours that serves a goal."""

    objective_id: str
    title: str


class GoalPart(Body):
    """What the customer wants to reach."""

    goal_id: str
    version: int
    title: str
    measure: str | None
    due_on: str | None
    objectives: list[ObjectivePart]
    linked: bool = Field(description="Whether any objective of ours serves it.")


class LinkPart(Body):
    """A link to another company, seen from this one."""

    link_id: str
    version: int
    kind: str
    share_bp: int | None
    from_on: str
    until_on: str | None
    outgoing: bool = Field(description="Whether this account holds or invests.")
    with_id: str
    with_name: str | None = Field(description="Null where it was not an account yet.")


class DocumentPart(Body):
    """A solution document in its newest revision."""

    document_id: str
    revision: int
    title: str
    uri: str | None
    sha256: str | None
    media_type: str
    published_at: datetime


class PipelinePart(Body):
    """The opportunities in one state."""

    state: str
    count: int
    amounts: Annotated[list[Money], COMMERCIAL] = Field(
        description="Expected or paid, an entry a currency."
    )


class CustomFieldPart(Body):
    """A field that a form has added."""

    name: str
    field_class: str
    value: FieldValue


class AccountAnswer(Answer):
    """The whole account as it was, all of it at one moment."""

    item: AccountItem
    parents: list[Company] = Field(description="The companies above, nearest first.")
    children: list[Company]
    owner: Member | None
    region: RegionPart | None
    ranking: RankingPart | None = Field(description="Null where it was never ranked.")
    health: HealthPart | None = Field(description="Null where no scoring policy holds.")
    stage: StagePart
    goals: list[GoalPart]
    team: TeamPart
    links: list[LinkPart]
    documents: Annotated[list[DocumentPart], SOLUTION]
    people: PeoplePart
    depth: DepthPart
    interactions: InteractionsPart
    surveys: SurveysPart
    alerts: AlertsPart
    outcomes: OutcomesPart
    plans: PlansPart
    projects: ProjectsPart
    value: ValuePart
    opportunities: list[PipelinePart]
    contracts: ContractsPart
    approvals: ApprovalsPart
    fields: list[CustomFieldPart] = Field(description="What forms have added, as far as set.")
    events: FactsPart


class CustomerGoalItem(Body):
    """One goal of a customer as it was."""

    goal_id: str
    version: int
    account_id: str
    title: str
    measure: str | None
    due_on: str | None
    dropped: bool
    objective_ids: list[str]
    linked: bool
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class CustomerGoalsPage(Page):
    """Customer goals in order of their ids."""

    items: list[CustomerGoalItem]


class StrategicObjectiveItem(Body):
    """One objective of ours as it was."""

    objective_id: str
    version: int
    title: str
    region_id: str | None
    dropped: bool
    goal_ids: list[str]
    linked: bool
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class StrategicObjectivesPage(Page):
    """Our strategic objectives in order of their ids."""

    items: list[StrategicObjectiveItem]


class AccountLinkItem(Body):
    """One link as it was told; when it held is told by its own days, both inclusive."""

    link_id: str
    version: int
    account_id: str
    other_id: str
    kind: str
    share_bp: int | None
    from_on: str
    until_on: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class AccountLinksPage(Page):
    """Links between accounts in order of their ids."""

    items: list[AccountLinkItem]


class SolutionDocumentItem(Body):
    """One revision of a solution document."""

    document_id: str
    version: int
    account_id: str
    revision: int
    title: Annotated[str, SOLUTION]
    uri: Annotated[str | None, SOLUTION]
    sha256: Annotated[str | None, SOLUTION]
    media_type: str
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class SolutionDocumentsPage(Page):
    """Solution documents in order of their ids, each in its newest revision."""

    items: list[SolutionDocumentItem]


class SolutionDocumentAnswer(Answer):
    """One solution document in every revision there was, the first one first."""

    items: list[SolutionDocumentItem]


class AccountGapsItem(Body):
    """One account whose team lacks somebody."""

    account_id: str
    name: str
    owner_id: str | None
    region_id: str | None
    gaps: list[str]


class AccountGapsPage(Page):
    """Accounts whose team has a gap, in order of their ids."""

    items: list[AccountGapsItem]
