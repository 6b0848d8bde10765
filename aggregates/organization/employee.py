"""The working life of one employee: hired, moved about, gone, and in the end forgotten."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.employee import (
    EmployeeErased,
    EmployeeEvent,
    EmployeeHired,
    EmployeeLeft,
    EmployeeManagerChanged,
    EmployeeMoved,
    EmployeeRolesChanged,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class NotHired:
    """There is no such employee."""


@dataclass(frozen=True, slots=True)
class Active:
    """Somebody who works here; the name is not needed to decide anything."""

    region_id: str
    manager_id: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who worked here."""

    erased: bool


Employee = NotHired | Active | Gone

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(employee: Employee, event: EmployeeEvent) -> Employee:
    """The employee after ``event``."""
    match event:
        case EmployeeHired():
            return Active(event.region_id, event.manager_id, event.roles)
        case EmployeeManagerChanged():
            return replace(_active(employee), manager_id=event.manager_id)
        case EmployeeMoved():
            return replace(_active(employee), region_id=event.region_id)
        case EmployeeRolesChanged():
            return replace(_active(employee), roles=event.roles)
        case EmployeeLeft():
            return Gone(erased=False)
        case EmployeeErased():
            return Gone(erased=True)
        case unknown:
            assert_never(unknown)


def _active(employee: Employee) -> Active:
    assert isinstance(employee, Active)
    return employee


EMPLOYEE: Final[Decider[Employee, EmployeeEvent]] = Decider("employee", NotHired(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def active(employee: Employee, *, field: str) -> Active:
    """The employee, who must work here.

    Raises:
        NotFound: ``unknown-employee``; ``field`` named them.
        WrongState: ``employee-not-active``, when they have left.
    """
    match employee:
        case Active():
            return employee
        case NotHired():
            raise NotFound("unknown-employee", "there is no such employee", field=field)
        case Gone():
            raise WrongState("employee-not-active", "the employee has left", field=field)
        case unknown:
            assert_never(unknown)


def hire(
    employee: Employee,
    *,
    employee_id: str,
    name: str,
    region_id: str,
    manager_id: str | None,
    roles: tuple[str, ...],
) -> tuple[EmployeeEvent, ...]:
    """Hire them; nothing when they work here just so.

    Raises:
        WrongState: ``employee-already-hired`` otherwise than asked for, ``employee-not-active``.
        Invalid: ``manager-cycle``, when they are named as their own manager.
    """
    match employee:
        case Active(region, manager, has) if (region, manager, set(has)) == (
            region_id,
            manager_id,
            set(roles),
        ):
            return ()
        case Active():
            raise WrongState(
                "employee-already-hired", "the employee already works here", field="employee_id"
            )
        case Gone():
            raise WrongState("employee-not-active", "the employee has left", field="employee_id")
        case NotHired():
            if manager_id == employee_id:
                raise Invalid("manager-cycle", "nobody manages themselves", field="manager_id")
        case unknown:
            assert_never(unknown)
    return (
        EmployeeHired(
            employee_id=employee_id,
            name=name,
            region_id=region_id,
            manager_id=manager_id,
            roles=roles,
        ),
    )


def change_manager(
    employee: Employee, *, employee_id: str, manager_id: str | None, above: tuple[str, ...]
) -> tuple[EmployeeEvent, ...]:
    """Have them report to ``manager_id``, who reports to ``above``; nothing if they do.

    Raises:
        NotFound: ``unknown-employee``.
        WrongState: ``employee-not-active``.
        Invalid: ``manager-cycle``, when the manager is the employee or reports to them.
    """
    if active(employee, field="employee_id").manager_id == manager_id:
        return ()
    if employee_id in (manager_id, *above):
        raise Invalid("manager-cycle", "nobody manages themselves", field="manager_id")
    return (EmployeeManagerChanged(employee_id=employee_id, manager_id=manager_id),)


def move(employee: Employee, *, employee_id: str, region_id: str) -> tuple[EmployeeEvent, ...]:
    """Have them work for ``region_id``; nothing if they do.

    Raises:
        NotFound: ``unknown-employee``.
        WrongState: ``employee-not-active``.
    """
    if active(employee, field="employee_id").region_id == region_id:
        return ()
    return (EmployeeMoved(employee_id=employee_id, region_id=region_id),)


def change_roles(
    employee: Employee, *, employee_id: str, roles: tuple[str, ...]
) -> tuple[EmployeeEvent, ...]:
    """Give them ``roles`` and no others; nothing if they have just these, in whatever order.

    Raises:
        NotFound: ``unknown-employee``.
        WrongState: ``employee-not-active``.
    """
    if set(active(employee, field="employee_id").roles) == set(roles):
        return ()
    return (EmployeeRolesChanged(employee_id=employee_id, roles=roles),)


def leave(employee: Employee, *, employee_id: str) -> tuple[EmployeeEvent, ...]:
    """Record that they have left; nothing if they have.

    Raises:
        NotFound: ``unknown-employee``.
    """
    if isinstance(employee, Gone):
        return ()
    active(employee, field="employee_id")
    return (EmployeeLeft(employee_id=employee_id),)


def erase(employee: Employee, *, employee_id: str) -> tuple[EmployeeEvent, ...]:
    """Have their personal data made unreadable; nothing if it is.

    Raises:
        NotFound: ``unknown-employee``.
        WrongState: ``employee-still-active``; a purpose ends when they leave, not before.
    """
    match employee:
        case Gone(erased=True):
            return ()
        case Gone():
            return (EmployeeErased(employee_id=employee_id),)
        case Active():
            raise WrongState(
                "employee-still-active", "the employee still works here", field="employee_id"
            )
        case NotHired():
            raise NotFound("unknown-employee", "there is no such employee", field="employee_id")
        case unknown:
            assert_never(unknown)
