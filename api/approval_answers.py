"""What the doors of approvals and contracts answer."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.answers import Answer, Body, Page
from api.field_classes import APPROVAL, COMMERCIAL


class ApprovalItem(Body):
    """One request for an approval as it was."""

    approval_id: str
    version: int
    subject_kind: str
    subject_id: str
    region_id: str
    account_id: str | None
    requester_id: str
    author_ids: list[str]
    state: str
    happened: str = Field(description="The fact that made it so.")
    employee_id: str | None = Field(description="Who asked, decided, delegated or took a place.")
    step: int | None = Field(description="The step that waits; null when none does.")
    due_on: str | None = Field(description="The last day on which it is not overdue.")
    waiting: list[str] = Field(description="Whom it waits for: employee:<id>, role:<role>@<region>")
    content_sha256: str
    routes: Annotated[dict[str, int], APPROVAL] = Field(
        description="The version of each region's route in force."
    )
    facts: Annotated[dict[str, bool | int | str], COMMERCIAL] = Field(
        description="What the conditions saw."
    )
    steps: Annotated[list[dict[str, Any]], APPROVAL] = Field(
        description="Each step, its approvers and decisions."
    )
    delegations: Annotated[list[dict[str, Any]], APPROVAL]
    may_decide_twice: bool
    requested_at: datetime
    ended_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class InboxItem(ApprovalItem):
    """One request that waits for somebody."""

    on_behalf_of: str | None = Field(description="Who has delegated it; null: it is one's own.")


class Happening(Body):
    """What became of a request, and when."""

    version: int
    happened: str
    employee_id: str | None
    state: str
    step: int | None
    occurred_at: datetime
    recorded_at: datetime


class ApprovalsPage(Page):
    """Requests in order of their ids."""

    items: list[ApprovalItem]


class InboxPage(Page):
    """Requests in order of their ids."""

    employee_id: str
    items: list[InboxItem]


class ApprovalAnswer(Answer):
    """One request and what became of it."""

    item: ApprovalItem
    history: Annotated[list[Happening], APPROVAL]


class ContractItem(Body):
    """One contract as it was."""

    contract_id: str
    version: int
    account_id: str
    region_id: str
    state: str
    amount_minor: Annotated[int, COMMERCIAL]
    currency: Annotated[str, COMMERCIAL]
    discount_bps: Annotated[int, COMMERCIAL]
    runs_from: str
    runs_until: str
    author_id: str | None
    owner_id: str | None
    approval_id: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class ContractsPage(Page):
    """Contracts in order of their ids."""

    items: list[ContractItem]


class ContractAnswer(Answer):
    """One contract."""

    item: ContractItem
