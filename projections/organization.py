"""How the company is organized: its regions and its employees, at every time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, assert_never, get_args

from events.organization.employee import (
    EmployeeErased,
    EmployeeEvent,
    EmployeeHired,
    EmployeeLeft,
    EmployeeManagerChanged,
    EmployeeMoved,
    EmployeeRolesChanged,
)
from events.organization.region import RegionEvent, RegionModeSet, RegionMoved, RegionOpened
from events.recorded import Recorded
from projections.history import begin, interval, row_before, succeed
from projections.projection import ForEverybody, Key, Projection, Rows, Table


class RegionRow(NamedTuple):
    """One region as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    region_id: str
    version: int
    name: str
    parent_id: str | None
    mode: str | None
    """How it sells, where it does not do as the region above: ``direct`` or ``channel``."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class EmployeeRow(NamedTuple):
    """One employee as they were from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    employee_id: str
    version: int
    name: dict[str, Any]
    """Sealed; who may read it opens it when an answer is made."""
    region_id: str
    manager_id: str | None
    roles: tuple[str, ...]
    active: bool
    """Whether they work here."""
    erased: bool
    """Whether their name can never be read again."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


REGION: Final = Table("region", RegionRow, guard=ForEverybody(), key=("region_id", "version"))
EMPLOYEE: Final = Table(
    "employee", EmployeeRow, guard=ForEverybody(), key=("employee_id", "version")
)


def keys(recorded: Recorded[RegionEvent | EmployeeEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    match recorded.event:
        case RegionOpened() | RegionMoved() | RegionModeSet() as event:
            return row_before(REGION, event.region_id, recorded)
        case event:
            return row_before(EMPLOYEE, event.employee_id, recorded)


def evolve(rows: Rows, recorded: Recorded[RegionEvent | EmployeeEvent]) -> Rows:
    """The region or employee as it was, closed, and as it is from now on."""
    event = recorded.event
    changes: dict[str, Any]
    match event:
        case RegionOpened():
            return begin(REGION, _opened(event, recorded))
        case EmployeeHired():
            return begin(EMPLOYEE, _hired(event, recorded))
        case RegionMoved(parent_id=parent_id):
            changes = {"parent_id": parent_id}
        case RegionModeSet(mode=mode):
            changes = {"mode": mode}
        case EmployeeManagerChanged(manager_id=manager_id):
            changes = {"manager_id": manager_id}
        case EmployeeMoved(region_id=region_id):
            changes = {"region_id": region_id}
        case EmployeeRolesChanged(roles=roles):
            changes = {"roles": roles}
        case EmployeeLeft():
            changes = {"active": False}
        case EmployeeErased():
            changes = {"erased": True}
        case unknown:
            assert_never(unknown)
    return succeed(rows, recorded, changes)


def _opened(event: RegionOpened, recorded: Recorded[Any]) -> RegionRow:
    version = recorded.envelope.version
    return RegionRow(
        event.region_id, version, event.name, event.parent_id, None, *interval(recorded)
    )


def _hired(event: EmployeeHired, recorded: Recorded[Any]) -> EmployeeRow:
    name = event.model_dump(mode="json", by_alias=True, include={"name"})["name"]
    return EmployeeRow(
        event.employee_id,
        recorded.envelope.version,
        name,
        event.region_id,
        event.manager_id,
        event.roles,
        True,
        False,
        *interval(recorded),
    )


ORGANIZATION: Final = Projection(
    name="organization",
    version=2,
    tables=(REGION, EMPLOYEE),
    subscribes=frozenset((*get_args(RegionEvent), *get_args(EmployeeEvent))),
    keys=keys,
    evolve=evolve,
)
