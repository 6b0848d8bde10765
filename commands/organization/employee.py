"""What can be asked of employees."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from aggregates.organization import employee
from aggregates.organization.employee import EMPLOYEE, Active
from commands.ancestry import ancestors
from commands.command import Command
from commands.look import Decided, ExternalKey, Look
from commands.organization.region import regions_from
from commands.roles import Roles
from events.values import Id, PersonId

PersonName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class HireEmployee(Command):
    """Hire a person, named by an id of ours or by the key another system has for them."""

    employee_id: PersonId | None = None
    external_key: ExternalKey | None = None
    name: PersonName
    region_id: Id
    manager_id: PersonId | None = None
    roles: Roles

    @model_validator(mode="after")
    def _one_identity(self) -> Self:
        if (self.employee_id is None) == (self.external_key is None):
            raise ValueError("give either employee_id or external_key")
        return self


class ChangeEmployeeManager(Command):
    """Have an employee report to another manager, or to nobody."""

    employee_id: PersonId
    manager_id: PersonId | None


class MoveEmployee(Command):
    """Have an employee work for another region."""

    employee_id: PersonId
    region_id: Id


class ChangeEmployeeRoles(Command):
    """Give an employee these roles, and no others."""

    employee_id: PersonId
    roles: Roles


class RecordEmployeeLeft(Command):
    """Record that an employee has left; what they own stays theirs until it is reassigned."""

    employee_id: PersonId


class EraseEmployee(Command):
    """Make the personal data of an employee who has left unreadable, everywhere and for good."""

    employee_id: PersonId


def hire_employee(command: HireEmployee, look: Look) -> Decided:
    """Hire them; region and manager must exist."""
    employee_id = command.employee_id
    if employee_id is None:
        assert command.external_key is not None
        employee_id = look.person(command.external_key)
    regions_from(look, command.region_id, field="region_id")
    if command.manager_id not in {None, employee_id}:
        managers_from(look, command.manager_id)
    return look.begin(
        EMPLOYEE,
        employee_id,
        employee.hire,
        employee_id=employee_id,
        name=command.name,
        region_id=command.region_id,
        manager_id=command.manager_id,
        roles=command.roles,
    )


def change_employee_manager(command: ChangeEmployeeManager, look: Look) -> Decided:
    """Change it; the new manager must work here and not report to the employee."""
    return look.decide(
        EMPLOYEE,
        command.employee_id,
        employee.change_manager,
        employee_id=command.employee_id,
        manager_id=command.manager_id,
        above=managers_from(look, command.manager_id),
    )


def move_employee(command: MoveEmployee, look: Look) -> Decided:
    """Move them; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        EMPLOYEE,
        command.employee_id,
        employee.move,
        employee_id=command.employee_id,
        region_id=command.region_id,
    )


def change_employee_roles(command: ChangeEmployeeRoles, look: Look) -> Decided:
    """Change them."""
    return look.decide(
        EMPLOYEE,
        command.employee_id,
        employee.change_roles,
        employee_id=command.employee_id,
        roles=command.roles,
    )


def record_employee_left(command: RecordEmployeeLeft, look: Look) -> Decided:
    """Record it."""
    return look.decide(
        EMPLOYEE, command.employee_id, employee.leave, employee_id=command.employee_id
    )


def erase_employee(command: EraseEmployee, look: Look) -> Decided:
    """Record it; the key of the person is destroyed when the fact is seen."""
    return look.decide(
        EMPLOYEE, command.employee_id, employee.erase, employee_id=command.employee_id
    )


def owner(look: Look, employee_id: str) -> Active:
    """The employee who is to own something: one who works here.

    Raises:
        NotFound: ``unknown-employee``.
        WrongState: ``employee-not-active``.
    """
    return employee.active(look(EMPLOYEE, employee_id), field="owner_id")


def holders(look: Look, role: str, region_id: str) -> tuple[str, ...]:
    """The employees who work for the region and have the role now, in order of their ids."""
    found = []
    for employee_id in look.ever_in(region_id):
        match look(EMPLOYEE, employee_id):
            case Active(region_id=place, roles=roles) if place == region_id and role in roles:
                found.append(employee_id)
            case _:
                pass
    return tuple(found)


def managers_from(look: Look, manager_id: str | None) -> tuple[str, ...]:
    """``manager_id`` and those above, nearest first; empty for ``None``.

    Raises:
        NotFound: ``unknown-employee``.
        WrongState: ``employee-not-active``, where the first of them has left.
    """
    if manager_id is not None:
        employee.active(look(EMPLOYEE, manager_id), field="manager_id")
    return ancestors(
        look,
        EMPLOYEE,
        manager_id,
        lambda found: found.manager_id if isinstance(found, Active) else None,
    )
