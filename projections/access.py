"""Where things lie now, and who looks after them: what decides who sees what. Ids only.

Authority is as things stand: it is the current place that decides, also over the past. A record
that is not among :data:`PLACED` lies where its account lies.
"""

from typing import Any, Final, NamedTuple

from events.accounts.account import AccountOwnerChanged, AccountRegistered
from events.accounts.account_link import AccountLinked
from events.accounts.account_team import AccountTeamMemberAssigned, AccountTeamMemberReleased
from events.accounts.contact import ContactMoved, ContactRegistered
from events.event import Event
from events.organization.employee import (
    EmployeeHired,
    EmployeeManagerChanged,
    EmployeeMoved,
    EmployeeRolesChanged,
)
from events.organization.region import RegionMoved, RegionOpened
from events.pipeline.contract import ContractDrafted, ContractReassigned
from events.pipeline.opportunity import OpportunityOpened, OpportunityReassigned
from events.planning.account_plan import AccountPlanDrafted, AccountPlanReassigned
from events.policies.approval_route import NamedEmployee
from events.recorded import Recorded
from events.work.alert import AlertRaised, AlertReassigned
from events.work.approval import (
    ApprovalApproverReplaced,
    ApprovalDelegated,
    ApprovalEscalated,
    ApprovalRequested,
    Approver,
)
from events.work.task import TaskOpened, TaskReassigned
from projections.projection import ForEverybody, Key, Projection, Rows, Table

PLACED: Final = frozenset(
    {
        "account",
        "account_link",
        "account_plan",
        "alert",
        "approval",
        "contact",
        "contract",
        "opportunity",
        "task",
    }
)
"""The kinds of records that have a place of their own: the first part of their streams."""


class PlaceRow(NamedTuple):
    """Where a record lies now."""

    record: str
    """The stream, such as ``opportunity-1C1I7A6R``."""
    kind: str
    """The first part of it, one of :data:`PLACED`."""
    record_id: str
    """The rest of it."""
    account_id: str | None
    """The account it belongs to; an account belongs to itself."""
    other_id: str | None
    """A second account that has to be seen as well, for a link between two."""
    region_id: str | None
    owner_id: str | None
    """Whose it is: who owns it, drafted it or asked for it."""

    @property
    def account(self) -> str | None:
        """The stream of the account it belongs to."""
        return None if self.account_id is None else f"account-{self.account_id}"


class SeatRow(NamedTuple):
    """Who has a role in the team of an account now."""

    account_id: str
    role: str
    employee_id: str | None
    """``None``: nobody."""


class PartyRow(NamedTuple):
    """Somebody who was named to decide about a record, opened it or was told of it."""

    record: str
    seat: str
    """``employee:<id>`` or ``role:<role>@<region>``."""


class BranchRow(NamedTuple):
    """What a region lies below now."""

    region_id: str
    parent_id: str | None


class StaffRow(NamedTuple):
    """Whom an employee reports to and where they work; as they last did, when they have left."""

    employee_id: str
    manager_id: str | None
    region_id: str
    roles: tuple[str, ...]

    @property
    def seats(self) -> tuple[str, ...]:
        """What stands for them where somebody is named to decide."""
        held = (f"role:{role}@{self.region_id}" for role in self.roles)
        return (f"employee:{self.employee_id}", *held)


PLACE: Final = Table(
    "access_place",
    PlaceRow,
    guard=ForEverybody(),
    key=("record",),
    indexes=(("owner_id", "kind"), ("region_id", "kind"), ("account_id", "kind")),
)
SEAT: Final = Table(
    "access_seat",
    SeatRow,
    guard=ForEverybody(),
    key=("account_id", "role"),
    indexes=(("employee_id",),),
)
PARTY: Final = Table(
    "access_party",
    PartyRow,
    guard=ForEverybody(),
    key=("record", "seat"),
    indexes=(("seat",),),
)
BRANCH: Final = Table(
    "access_branch", BranchRow, guard=ForEverybody(), key=("region_id",), indexes=(("parent_id",),)
)
STAFF: Final = Table(
    "access_staff",
    StaffRow,
    guard=ForEverybody(),
    key=("employee_id",),
    indexes=(("manager_id",),),
)


_HANDED_OVER: Final = (
    AccountOwnerChanged,
    AccountPlanReassigned,
    AlertReassigned,
    ContractReassigned,
    OpportunityReassigned,
    TaskReassigned,
)
"""What changes whose a record is, and perhaps its region."""

_STAFF_CHANGED: Final = (EmployeeManagerChanged, EmployeeMoved, EmployeeRolesChanged)
_SAID: Final = (
    AccountLinked,
    AccountPlanDrafted,
    AccountRegistered,
    AccountTeamMemberAssigned,
    AccountTeamMemberReleased,
    AlertRaised,
    ApprovalApproverReplaced,
    ApprovalDelegated,
    ApprovalEscalated,
    ApprovalRequested,
    ContactMoved,
    ContactRegistered,
    ContractDrafted,
    EmployeeHired,
    OpportunityOpened,
    RegionMoved,
    RegionOpened,
    TaskOpened,
)
"""What says all there is to say of a row."""


def keys(recorded: Recorded[Any]) -> tuple[Key, ...]:
    """The rows that are there already and that the fact replaces, or changes a part of."""
    event, envelope = recorded.event, recorded.envelope
    if isinstance(event, _HANDED_OVER):
        return ((PLACE, (envelope.stream,)),)
    if isinstance(event, _STAFF_CHANGED):
        return ((STAFF, (event.employee_id,)),)
    return () if envelope.version == 1 else tuple(_said(recorded))


def evolve(rows: Rows, recorded: Recorded[Any]) -> Rows:
    """The rows as they are after the fact."""
    event = recorded.event
    if not isinstance(event, _HANDED_OVER + _STAFF_CHANGED):
        return _said(recorded)
    ((key, last),) = rows.items()
    told = {"owner_id", "region_id", "manager_id", "roles"} & set(type(event).model_fields)
    return {key: last._replace(**{name: getattr(event, name) for name in told})}


def _said(recorded: Recorded[Any]) -> Rows:
    """The rows of a fact that says all there is to say."""
    event, record = recorded.event, recorded.envelope.stream
    new = [*_organized(event), *_placed(event, record), *_named(event, record)]
    return {(table, table.key_of(row)): row for table, row in new}


def _organized(event: Event) -> list[tuple[Table, Any]]:
    match event:
        case RegionOpened() | RegionMoved():
            return [(BRANCH, BranchRow(event.region_id, event.parent_id))]
        case EmployeeHired():
            staff = StaffRow(event.employee_id, event.manager_id, event.region_id, event.roles)
            return [(STAFF, staff)]
        case AccountTeamMemberAssigned():
            return [(SEAT, SeatRow(event.account_id, event.role, event.employee_id))]
        case AccountTeamMemberReleased():
            return [(SEAT, SeatRow(event.account_id, event.role, None))]
        case _:
            return []


def _named(event: Event, record: str) -> list[tuple[Table, Any]]:
    approvers: list[Approver]
    match event:
        case ApprovalRequested(steps=steps):
            approvers = [one for step in steps for one in step.approvers]
        case ApprovalDelegated(to_employee_id=employee_id):
            approvers = [NamedEmployee(employee_id=employee_id)]
        case ApprovalApproverReplaced(employee_id=employee_id):
            approvers = [NamedEmployee(employee_id=employee_id)]
        case ApprovalEscalated(approver=approver):
            approvers = [approver]
        case AlertRaised(notified_ids=notified_ids):
            approvers = [NamedEmployee(employee_id=one) for one in notified_ids]
        case TaskOpened(opened_by=str(employee_id)):
            approvers = [NamedEmployee(employee_id=employee_id)]
        case _:
            return []
    return [(PARTY, PartyRow(record, _seat(one))) for one in approvers]


def _seat(approver: Approver) -> str:
    if isinstance(approver, NamedEmployee):
        return f"employee:{approver.employee_id}"
    return f"role:{approver.role}@{approver.region_id}"


def _placed(event: Event, record: str) -> list[tuple[Table, Any]]:
    other_id = region_id = owner_id = None
    match event:
        case AccountRegistered() | OpportunityOpened() | AccountPlanDrafted() | AlertRaised():
            region_id, owner_id = event.region_id, event.owner_id
        case ContractDrafted():
            region_id, owner_id = event.region_id, event.author_id
        case ApprovalRequested():
            region_id, owner_id = event.region_id, event.requester_id
        case TaskOpened():
            owner_id = event.owner_id
        case AccountLinked():
            other_id = event.other_id
        case ContactRegistered() | ContactMoved():
            pass
        case _:
            return []
    kind, _, record_id = record.partition("-")
    row = PlaceRow(record, kind, record_id, event.account_id, other_id, region_id, owner_id)
    return [(PLACE, row)]


ACCESS: Final = Projection(
    name="access",
    version=1,
    tables=(PLACE, SEAT, PARTY, BRANCH, STAFF),
    subscribes=frozenset((*_HANDED_OVER, *_STAFF_CHANGED, *_SAID)),
    keys=keys,
    evolve=evolve,
)
