"""What the doors of tasks and of open work answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.answers import Answer, Body, Page
from api.field_classes import DELIVERY, SOLUTION, SOMETIMES


class TaskItem(Body):
    """One task as it was."""

    task_id: str
    version: int
    account_id: str | None
    title: str
    subject_kind: str | None
    subject_id: str | None
    owner_id: str = Field(description="The one employee who answers for it.")
    owner_since: datetime
    state: str = Field(description="open, completed or cancelled")
    due_on: date
    overdue: bool = Field(description="Whether it was open after the day it was due.")
    opened_by: str | None = Field(description="Null where a program opened it.")
    rule_id: str | None = Field(description="The rule it comes from; null for one opened by hand.")
    rule_version: int | None
    reason: str | None = Field(description="Why it was cancelled.")
    opened_at: datetime
    ended_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class TasksPage(Page):
    """Tasks in order of their ids."""

    items: list[TaskItem]


class TaskOwner(Body):
    """From when on somebody answered for a task, until the next one did."""

    owner_id: str
    since: datetime


class TaskDetail(TaskItem):
    """One task, with everybody who answered for it."""

    owners: list[TaskOwner] = Field(description="The first one first; one at every time.")


class TaskAnswer(Answer):
    """One task."""

    item: TaskDetail


class WorkEntry(Body):
    """One thing somebody has to do."""

    kind: str = Field(
        description="task, approval, plan_action, milestone, follow_up, contract or gap."
    )
    record_id: str = Field(
        description="The task, approval, plan, project, interaction, contract or account."
    )
    part_id: str | None = Field(
        description="Which part of it: a step, an action, a milestone, a follow-up or a role."
    )
    account_id: str | None
    title: Annotated[str, SOMETIMES] = Field(
        description="Left out for a milestone where deliveries are not for who asks."
    )
    due_on: date | None
    overdue: bool
    since: datetime = Field(
        description="Since when it is theirs; of a milestone or a gap, since when it stands so."
    )


class MilestoneEntry(WorkEntry):
    """A milestone to be met: what it is called is about how we deliver."""

    title: Annotated[str, DELIVERY]


class WorkCountItem(Body):
    """How much there is of one kind."""

    kind: str
    open: int
    overdue: int


class PlanProgressItem(Body):
    """How far a plan has come."""

    plan_id: str
    account_id: str
    fiscal_year: int
    state: str
    ends_on: date
    actions: int
    actions_done: int
    targets: int
    targets_reached: int


class ProjectProgressItem(Body):
    """How far a joint project has come."""

    project_id: str
    account_id: str
    name: str
    state: str
    milestones: Annotated[int, DELIVERY]
    milestones_met: Annotated[int, DELIVERY]
    next_due_on: Annotated[date | None, DELIVERY]


class RecentInteractionItem(Body):
    """What was done together with a customer."""

    interaction_id: str
    account_id: str
    kind: str
    subject: str
    occurred_at: datetime


class RecentDocumentItem(Body):
    """What was worked out with and for a customer, in its newest revision."""

    document_id: str
    account_id: str
    revision: int
    title: Annotated[str, SOLUTION]
    uri: Annotated[str | None, SOLUTION]
    published_at: datetime


class WorkPage(Page):
    """What one employee has to do, those due first; and what goes on at their accounts."""

    employee_id: str
    counts: list[WorkCountItem] = Field(description="Of all pages, by kind.")
    plans: list[PlanProgressItem] = Field(description="Up to 20; those that end first.")
    projects: list[ProjectProgressItem] = Field(description="Up to 20; those due first.")
    interactions: list[RecentInteractionItem] = Field(description="The latest 20.")
    documents: list[RecentDocumentItem] = Field(description="The latest 20.")
    items: list[WorkEntry]
