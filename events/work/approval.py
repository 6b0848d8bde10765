"""Facts about approvals: what was asked, of whom, what each of them said, and how it ended."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.policies.approval_route import Mode, NamedEmployee
from events.values import Digest, Id, Name, PersonId, Reason, Role, SubjectId

Decision = Literal["approved", "rejected", "sent_back"]
"""``sent_back``: not as it stands; the subject may be changed and put up for approval again."""

Outcome = Literal["rejected", "sent_back"]


class RoleInRegion(BaseModel):
    """Whoever holds a role and works for a region."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    role: Role
    region_id: Id


Approver = RoleInRegion | NamedEmployee
"""Who may decide: a level of the region tree has become a region."""


class RequestedStep(BaseModel):
    """One step of a request, as the routes in force had it when the request was made."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    step_id: Id
    approvers: tuple[Approver, ...]
    mode: Mode
    quorum: int | None
    due_on: date | None
    """The last day on which it is not overdue."""
    escalate_to: Approver | None


class SubjectFact(BaseModel):
    """One fact of the subject that the conditions saw."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Id
    value: bool | int | Name
    """Amounts in minor units, rates in basis points."""


class RouteVersion(BaseModel):
    """The version of a region's route that was in force."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    region_id: Id
    version: int = Field(ge=1)


class ApprovalRequested(Event):
    """Somebody asks for an approval; what it rests on does not change from now on."""

    NAME: ClassVar[str] = "approval.requested"
    VERSION: ClassVar[int] = 2

    approval_id: Id
    subject_kind: Id
    subject_id: SubjectId
    """Of up to 64 characters and without an asterisk before version 2."""
    region_id: Id
    account_id: Id | None
    requester_id: PersonId
    author_ids: tuple[PersonId, ...]
    """Who wrote what is to be approved."""
    routes: tuple[RouteVersion, ...]
    """Of the regions from the topmost down to the subject's, those that have one."""
    may_decide_twice: bool
    facts: tuple[SubjectFact, ...]
    content_sha256: Digest
    """Of the subject's content: whoever changes it voids the request."""
    steps: tuple[RequestedStep, ...]
    """In this order, one after the other."""


class ApprovalDecided(Event):
    """An approver has said yes or no."""

    NAME: ClassVar[str] = "approval.decided"

    approval_id: Id
    step: int = Field(ge=1)
    """1 for the first."""
    decision: Decision
    employee_id: PersonId
    on_behalf_of: PersonId | None
    places: tuple[int, ...]
    """Which of the step's approvers this person is, 1 for the first; 0: the one it was escalated
    to."""
    completes: bool
    """Whether the step has all the approvals it needs with this one."""
    comment: Reason | None


class ApprovalDelegated(Event):
    """An approver lets somebody else decide in their name, on these days (both inclusive)."""

    NAME: ClassVar[str] = "approval.delegated"

    approval_id: Id
    from_employee_id: PersonId
    to_employee_id: PersonId
    from_day: date
    until_day: date


class ApprovalApproverReplaced(Event):
    """An employee takes the place of an approver; what was decided before stays decided."""

    NAME: ClassVar[str] = "approval.approver_replaced"

    approval_id: Id
    step: int = Field(ge=1)
    place: int = Field(ge=0)
    """Which of the step's approvers, 1 for the first; 0: the one it is escalated to."""
    employee_id: PersonId
    reason: Reason


class ApprovalEscalated(Event):
    """A step is overdue; somebody else may decide it as well, alone."""

    NAME: ClassVar[str] = "approval.escalated"

    approval_id: Id
    step: int = Field(ge=1)
    approver: Approver


class ApprovalGranted(Event):
    """Every step has its approvals: the subject is approved as it stands."""

    NAME: ClassVar[str] = "approval.granted"

    approval_id: Id


class ApprovalRefused(Event):
    """An approver has said no: the request is at its end."""

    NAME: ClassVar[str] = "approval.refused"

    approval_id: Id
    outcome: Outcome


class ApprovalVoided(Event):
    """The subject is not any more what was to be approved: the approval is worth nothing."""

    NAME: ClassVar[str] = "approval.voided"

    approval_id: Id
    reason: Reason


ApprovalEvent = (
    ApprovalRequested
    | ApprovalDecided
    | ApprovalDelegated
    | ApprovalApproverReplaced
    | ApprovalEscalated
    | ApprovalGranted
    | ApprovalRefused
    | ApprovalVoided
)
