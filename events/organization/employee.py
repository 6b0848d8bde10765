"""Facts about employees: who works where, for whom, and in which roles."""

from typing import ClassVar

from events.event import Event
from events.personal import Personal
from events.values import Id, PersonId, Role


class EmployeeHired(Event):
    """A person works for the company from now on."""

    NAME: ClassVar[str] = "employee.hired"
    PERSON: ClassVar[str | None] = "employee_id"

    employee_id: PersonId
    name: Personal[str]
    region_id: Id
    manager_id: PersonId | None
    roles: tuple[Role, ...]


class EmployeeManagerChanged(Event):
    """An employee reports to another manager, or to nobody."""

    NAME: ClassVar[str] = "employee.manager_changed"

    employee_id: PersonId
    manager_id: PersonId | None


class EmployeeMoved(Event):
    """An employee works for another region."""

    NAME: ClassVar[str] = "employee.moved"

    employee_id: PersonId
    region_id: Id


class EmployeeRolesChanged(Event):
    """An employee has these roles, and no others."""

    NAME: ClassVar[str] = "employee.roles_changed"

    employee_id: PersonId
    roles: tuple[Role, ...]


class EmployeeLeft(Event):
    """An employee has left the company."""

    NAME: ClassVar[str] = "employee.left"

    employee_id: PersonId


class EmployeeErased(Event):
    """A person's data is to be unreadable from now on: the person's key is destroyed."""

    NAME: ClassVar[str] = "employee.erased"

    employee_id: PersonId


EmployeeEvent = (
    EmployeeHired
    | EmployeeManagerChanged
    | EmployeeMoved
    | EmployeeRolesChanged
    | EmployeeLeft
    | EmployeeErased
)
