"""Trees stay trees, also when two ask at the same time."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from aggregates.refusals import Invalid, NotFound, Refusal, WrongState
from commands.accounts.account import PlaceAccount, RegisterAccount
from commands.command import Command
from commands.organization.employee import (
    ChangeEmployeeManager,
    HireEmployee,
    RecordEmployeeLeft,
)
from commands.organization.region import MoveRegion, OpenRegion
from commands.ports import Receipt
from tests.commands.company import company, hired
from tests.commands.memory_store import MemoryEventStore
from tests.commands.office import Office
from tests.examples.cast import ANN, BEA, CARL, DORA
from tests.runtime.contracts.event_stores import postgres_event_store

NONE: Final = "99999999-9999-4999-8999-999999999999"

Circle = tuple[tuple[Command, ...], tuple[Command, Command], str]


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A process on an empty store: the double, and the real one."""
    if request.param == "memory":
        yield Office(MemoryEventStore())
        return
    url, name = request.getfixturevalue("database_url"), request.getfixturevalue("ledger")
    with postgres_event_store(url, name, tmp_path) as store:
        yield Office(store)


REGION_CIRCLE: Final[Circle] = (
    (OpenRegion(region_id="a", name="A"), OpenRegion(region_id="b", name="B")),
    (MoveRegion(region_id="a", parent_id="b"), MoveRegion(region_id="b", parent_id="a")),
    "region-cycle",
)
ACCOUNT_CIRCLE: Final[Circle] = (
    (
        RegisterAccount(account_id="a", name="A"),
        RegisterAccount(account_id="b", name="B"),
        RegisterAccount(account_id="c", name="C", parent_id="b"),
    ),
    (PlaceAccount(account_id="a", parent_id="c"), PlaceAccount(account_id="b", parent_id="a")),
    "account-cycle",
)
MANAGER_CIRCLE: Final[Circle] = (
    (
        OpenRegion(region_id="world", name="World"),
        hired(ANN, "Ann Archer", "world"),
        hired(BEA, "Bea Baker", "world"),
    ),
    (
        ChangeEmployeeManager(employee_id=ANN, manager_id=BEA),
        ChangeEmployeeManager(employee_id=BEA, manager_id=ANN),
    ),
    "manager-cycle",
)


@pytest.mark.parametrize("circle", [REGION_CIRCLE, ACCOUNT_CIRCLE, MANAGER_CIRCLE])
@pytest.mark.parametrize("processes", [1, 2])
def test_two_who_would_close_a_circle_together_do_not(
    office: Office, circle: Circle, processes: int
) -> None:
    """Exactly one of them gets through; the other is decided again and refused."""
    before, pair, rule = circle
    office.ask_all(*before)
    offices = [office, office.neighbour() if processes == 2 else office]

    async def race() -> Sequence[Receipt | BaseException]:
        return await asyncio.gather(
            *(each.carry(command) for each, command in zip(offices, pair, strict=True)),
            return_exceptions=True,
        )

    ended = asyncio.run(race())
    (refused,) = (end for end in ended if not isinstance(end, Receipt))
    assert isinstance(refused, Refusal)
    assert (refused.rule, type(refused)) == (rule, Invalid)


def test_a_region_is_not_moved_below_itself_however_deep() -> None:
    with pytest.raises(Invalid, match="below itself"):
        company().ask(MoveRegion(region_id="world", parent_id="dach"))


def test_a_region_is_moved_to_another_branch() -> None:
    assert company().ask(MoveRegion(region_id="dach", parent_id="apac")).version == 2


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (OpenRegion(region_id="x", name="X", parent_id="none"), "parent_id"),
        (MoveRegion(region_id="dach", parent_id="none"), "parent_id"),
        (MoveRegion(region_id="none", parent_id="dach"), "region_id"),
        (RegisterAccount(account_id="x", name="X", parent_id="none"), "parent_id"),
        (RegisterAccount(account_id="x", name="X", region_id="none"), "region_id"),
        (RegisterAccount(account_id="x", name="X", owner_id=NONE), "owner_id"),
        (RegisterAccount(account_id="x", name="X", owner_id=NONE, region_id="dach"), "owner_id"),
        (PlaceAccount(account_id="acme", parent_id="none"), "parent_id"),
        (hired(NONE, "Nobody Yet", "none"), "region_id"),
        (ChangeEmployeeManager(employee_id=ANN, manager_id=NONE), "manager_id"),
    ],
)
def test_what_is_named_exists(command: Command, field: str) -> None:
    with pytest.raises(NotFound) as refused:
        company().ask(command)
    assert refused.value.field == field


def test_nobody_reports_to_somebody_who_has_left() -> None:
    with pytest.raises(WrongState) as refused:
        company().ask(ChangeEmployeeManager(employee_id=ANN, manager_id=DORA))
    assert (refused.value.rule, refused.value.field) == ("employee-not-active", "manager_id")


def test_nobody_is_hired_under_somebody_who_has_left() -> None:
    hire = HireEmployee(
        employee_id=NONE, name="New", region_id="dach", manager_id=DORA, roles=("sales_rep",)
    )
    with pytest.raises(WrongState) as refused:
        company().ask(hire)
    assert (refused.value.rule, refused.value.field) == ("employee-not-active", "manager_id")


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (OpenRegion(region_id="x", name="X", parent_id="x"), "region-cycle"),
        (RegisterAccount(account_id="x", name="X", parent_id="x"), "account-cycle"),
        (
            HireEmployee(
                employee_id=NONE, name="X", region_id="dach", manager_id=NONE, roles=("sales_rep",)
            ),
            "manager-cycle",
        ),
    ],
)
def test_nothing_begins_below_itself(command: Command, rule: str) -> None:
    """And the answer says so, rather than that what is being made does not exist."""
    with pytest.raises(Invalid) as refused:
        company().ask(command)
    assert refused.value.rule == rule


def test_a_long_way_up_is_walked_to_the_end() -> None:
    office = Office()
    office.ask(OpenRegion(region_id="r0", name="R"))
    office.ask_all(
        *(OpenRegion(region_id=f"r{n}", name="R", parent_id=f"r{n - 1}") for n in range(1, 50))
    )
    with pytest.raises(Invalid):
        office.ask(MoveRegion(region_id="r0", parent_id="r49"))


def test_nobody_reports_to_who_reports_to_them_through_others() -> None:
    office = company(
        ChangeEmployeeManager(employee_id=ANN, manager_id=BEA),
        ChangeEmployeeManager(employee_id=BEA, manager_id=CARL),
    )
    with pytest.raises(Invalid):
        office.ask(ChangeEmployeeManager(employee_id=CARL, manager_id=ANN))


def test_a_chain_of_managers_ends_at_one_who_has_left() -> None:
    office = company(
        ChangeEmployeeManager(employee_id=ANN, manager_id=BEA),
        ChangeEmployeeManager(employee_id=BEA, manager_id=CARL),
        RecordEmployeeLeft(employee_id=BEA),
    )
    assert office.ask(ChangeEmployeeManager(employee_id=CARL, manager_id=ANN)).version == 2
