"""Employees: hired, moved about, gone, and in the end forgotten."""

from functools import partial
from typing import Any, Final

import pytest

from aggregates.organization.employee import (
    EMPLOYEE,
    change_manager,
    change_roles,
    erase,
    hire,
    leave,
    move,
)
from aggregates.refusals import Invalid, NotFound, WrongState
from events.event import Event
from events.organization.employee import EmployeeManagerChanged, EmployeeRolesChanged
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.histories import ERASED, HIRED, LEFT, MANAGED, PROMOTED, RELOCATED
from tests.given import given

ARGUMENTS: Final[dict[str, Any]] = {
    "employee_id": ANN,
    "name": "Ann Archer",
    "region_id": "emea",
    "manager_id": BEA,
    "roles": ("sales_rep",),
}


def test_a_person_is_hired() -> None:
    given(EMPLOYEE).when(hire, **ARGUMENTS).then(HIRED)


def test_hiring_them_just_so_again_changes_nothing() -> None:
    given(EMPLOYEE, HIRED).when(hire, **ARGUMENTS).then()


def test_the_order_of_roles_says_nothing() -> None:
    given(EMPLOYEE, HIRED, PROMOTED).when(
        hire, **ARGUMENTS | {"roles": ("sales_manager", "sales_rep")}
    ).then()


@pytest.mark.parametrize(
    "other", [{"region_id": "dach"}, {"manager_id": CARL}, {"roles": ("sales_manager",)}]
)
def test_a_taken_id_is_refused(other: dict[str, Any]) -> None:
    given(EMPLOYEE, HIRED).when(hire, **ARGUMENTS | other).then_refused(
        "employee-already-hired", WrongState, field="employee_id"
    )


@pytest.mark.parametrize("gone", [(LEFT,), (LEFT, ERASED)])
def test_who_has_left_is_not_hired_under_the_same_id(gone: tuple[Event, ...]) -> None:
    given(EMPLOYEE, HIRED, *gone).when(hire, **ARGUMENTS).then_refused(
        "employee-not-active", WrongState, field="employee_id"
    )


def test_nobody_is_hired_as_their_own_manager() -> None:
    given(EMPLOYEE).when(hire, **ARGUMENTS | {"manager_id": ANN}).then_refused(
        "manager-cycle", Invalid, field="manager_id"
    )


def test_an_employee_reports_to_another_manager() -> None:
    given(EMPLOYEE, HIRED).when(
        change_manager, employee_id=ANN, manager_id=CARL, above=(CARL,)
    ).then(MANAGED)


def test_an_employee_reports_to_nobody() -> None:
    given(EMPLOYEE, HIRED).when(change_manager, employee_id=ANN, manager_id=None, above=()).then(
        EmployeeManagerChanged(employee_id=ANN, manager_id=None)
    )


def test_the_manager_they_have_changes_nothing() -> None:
    given(EMPLOYEE, HIRED).when(
        change_manager, employee_id=ANN, manager_id=BEA, above=(BEA,)
    ).then()


def test_nobody_manages_themselves() -> None:
    given(EMPLOYEE, HIRED).when(
        change_manager, employee_id=ANN, manager_id=ANN, above=(ANN,)
    ).then_refused("manager-cycle", Invalid, field="manager_id")


def test_nobody_is_managed_by_who_reports_to_them_however_far_down() -> None:
    given(EMPLOYEE, HIRED).when(
        change_manager, employee_id=ANN, manager_id=CARL, above=(CARL, BEA, ANN)
    ).then_refused("manager-cycle", Invalid, field="manager_id")


def test_an_employee_works_for_another_region() -> None:
    given(EMPLOYEE, HIRED).when(move, employee_id=ANN, region_id="dach").then(RELOCATED)


def test_the_region_they_work_for_changes_nothing() -> None:
    given(EMPLOYEE, HIRED).when(move, employee_id=ANN, region_id="emea").then()


def test_an_employee_has_other_roles() -> None:
    given(EMPLOYEE, HIRED).when(
        change_roles, employee_id=ANN, roles=("sales_rep", "sales_manager")
    ).then(PROMOTED)


def test_an_employee_loses_a_role() -> None:
    given(EMPLOYEE, HIRED, PROMOTED).when(
        change_roles, employee_id=ANN, roles=("sales_manager",)
    ).then(EmployeeRolesChanged(employee_id=ANN, roles=("sales_manager",)))


@pytest.mark.parametrize(
    "roles", [("sales_rep", "sales_manager"), ("sales_manager", "sales_rep", "sales_rep")]
)
def test_the_roles_they_have_change_nothing_in_any_order(roles: tuple[str, ...]) -> None:
    given(EMPLOYEE, HIRED, PROMOTED).when(change_roles, employee_id=ANN, roles=roles).then()


def test_an_employee_leaves() -> None:
    given(EMPLOYEE, HIRED).when(leave, employee_id=ANN).then(LEFT)


@pytest.mark.parametrize("gone", [(LEFT,), (LEFT, ERASED)])
def test_who_has_left_leaves_no_second_time(gone: tuple[Event, ...]) -> None:
    given(EMPLOYEE, HIRED, *gone).when(leave, employee_id=ANN).then()


def test_who_has_left_is_forgotten() -> None:
    given(EMPLOYEE, HIRED, LEFT).when(erase, employee_id=ANN).then(ERASED)


def test_who_is_forgotten_is_not_forgotten_again() -> None:
    given(EMPLOYEE, HIRED, LEFT, ERASED).when(erase, employee_id=ANN).then()


def test_who_works_here_is_not_forgotten() -> None:
    given(EMPLOYEE, HIRED).when(erase, employee_id=ANN).then_refused(
        "employee-still-active", WrongState, field="employee_id"
    )


ACTS: Final = {
    "change_manager": partial(change_manager, employee_id=ANN, manager_id=CARL, above=(CARL,)),
    "move": partial(move, employee_id=ANN, region_id="dach"),
    "change_roles": partial(change_roles, employee_id=ANN, roles=("analyst",)),
}
MORE_ACTS: Final = {
    **ACTS,
    "leave": partial(leave, employee_id=ANN),
    "erase": partial(erase, employee_id=ANN),
}


@pytest.mark.parametrize("act", MORE_ACTS)
def test_nothing_is_done_with_a_person_nobody_hired(act: str) -> None:
    given(EMPLOYEE).when(MORE_ACTS[act]).then_refused(
        "unknown-employee", NotFound, field="employee_id"
    )


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("gone", [(LEFT,), (LEFT, ERASED)])
def test_nothing_is_done_with_an_employee_who_has_left(act: str, gone: tuple[Event, ...]) -> None:
    given(EMPLOYEE, HIRED, *gone).when(ACTS[act]).then_refused(
        "employee-not-active", WrongState, field="employee_id"
    )
