"""KAM-32: who has left leaves no open work behind once it was handed over, whatever they had."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aggregates.refusals import Invalid, NotAllowed, Refusal
from commands.accounts.account import ChangeAccountOwner, ReassignPortfolio
from commands.accounts.interaction import CompleteFollowUp
from commands.command import Command
from commands.organization.employee import RecordEmployeeLeft
from commands.planning.account_plan import CloseAccountPlan
from commands.work.task import CompleteTask
from tests.commands.holdings import held
from tests.commands.leaving import ALERT, GIVING, TEAM, busy, task
from tests.commands.memory_store import MemoryEventStore
from tests.commands.office import Office
from tests.commands.signing import GUS
from tests.examples.approvals import EVE, FAY
from tests.examples.cast import ANN, BEA, CARL

EVERYTHING: Final = ReassignPortfolio(from_id=ANN, to_id=BEA)


def holds(office: Office, employee_id: str) -> dict[str, tuple[str, ...]]:
    assert isinstance(office.store, MemoryEventStore)
    return held(office.store.told(), employee_id)


def refusal(office: Office, command: Command) -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.ask(command)
    return refused.value


HELD: Final = {
    "account_ids": ("acme",),
    "opportunity_ids": ("o1",),
    "team_account_ids": ("acme",),
    "contract_ids": ("c1",),
    "plan_ids": ("p1",),
    "project_ids": ("j1",),
    "interaction_ids": ("i1",),
    "task_ids": (ALERT, "t1"),
    "alert_ids": (ALERT,),
}


@pytest.mark.parametrize("more", [(), (RecordEmployeeLeft(employee_id=ANN),)])
def test_kam_32_without_a_name_everything_is_handed_over(more: tuple[Command, ...]) -> None:
    office = busy(*more)
    assert holds(office, ANN) == HELD
    assert len(office.ask(EVERYTHING).events) == 12
    assert holds(office, ANN) == {}
    assert holds(office, BEA) == HELD
    again = office.ask(EVERYTHING)
    assert (again.events, again.repeated) == ((), False)


def test_kam_32_named_and_listed_come_to_the_same() -> None:
    office = busy()
    fields: dict[str, Any] = {**holds(office, ANN)}
    office.ask(ReassignPortfolio(from_id=ANN, to_id=BEA, **fields))
    assert holds(office, ANN) == {}
    assert holds(office, BEA) == HELD


def test_kam_32_an_approval_is_for_who_takes_over() -> None:
    office = busy()
    assert holds(office, FAY) == {"approval_ids": ("a1",)}
    office.ask(ReassignPortfolio(from_id=FAY, to_id=EVE))
    assert holds(office, FAY) == {}
    assert holds(office, EVE) == {"approval_ids": ("a1",)}


def test_kam_32_what_cannot_be_moved_is_named_and_nothing_moves() -> None:
    """Gus has asked for what Fay is to approve; she has a task besides."""
    office = busy(task("t2", FAY))
    refused = refusal(office, ReassignPortfolio(from_id=FAY, to_id=GUS))
    assert (type(refused), refused.rule, refused.field) == (
        NotAllowed,
        "self-approval",
        "approval_ids",
    )
    assert refused.detail.startswith("a1: ")
    assert holds(office, FAY) == {"approval_ids": ("a1",), "task_ids": ("t2",)}


def test_kam_32_a_named_record_that_has_ended_is_told() -> None:
    office = busy(task("t2"), CompleteTask(task_id="t2"))
    refused = refusal(office, ReassignPortfolio(from_id=ANN, to_id=BEA, task_ids=("t1", "t2")))
    assert (refused.rule, refused.field) == ("task-ended", "task_ids")
    assert refused.detail.startswith("t2: ")
    assert holds(office, ANN) == HELD


class _Stale:
    """A list that is behind: what it names has ended or belongs to others by now."""

    def __init__(self, found: Mapping[str, tuple[str, ...]]) -> None:
        self.found = found

    async def held_by(self, employee_id: str) -> Mapping[str, tuple[str, ...]]:
        return self.found


def test_kam_32_what_has_changed_since_it_was_listed_is_passed_over() -> None:
    office = busy(
        CompleteTask(task_id="t1"),
        CompleteFollowUp(interaction_id="i1", follow_up_id="f1"),
        CloseAccountPlan(plan_id="p1", reason="x"),
        ChangeAccountOwner(account_id="acme", owner_id=CARL),
    )
    office.desk.portfolios = _Stale(HELD)
    office.ask(EVERYTHING)
    assert holds(office, ANN) == {}
    left = {"account_ids", "task_ids", "interaction_ids", "plan_ids"}
    rest = {one: HELD[one] for one in HELD if one not in left}
    assert holds(office, BEA) == {**rest, "task_ids": (ALERT,)}


@pytest.mark.parametrize(("count", "fits"), [(500, True), (501, False)])
def test_five_hundred_records_at_once_are_handed_over(count: int, fits: bool) -> None:
    office = busy()
    office.desk.portfolios = _Stale({"team_account_ids": tuple(f"a{n}" for n in range(count))})
    if fits:
        assert office.ask(EVERYTHING).events == ()
        return
    refused = refusal(office, EVERYTHING)
    assert (type(refused), refused.rule, refused.field) == (
        Invalid,
        "portfolio-too-large",
        "from_id",
    )
    assert refused.detail.startswith("it holds 501 records")


def test_naming_nothing_is_not_naming_everything() -> None:
    with pytest.raises(ValidationError, match="name 1 to 500 records, or leave them out"):
        ReassignPortfolio(from_id=ANN, to_id=BEA, task_ids=())


# --- whatever they had ---------------------------------------------------------------


people: Final = st.sampled_from(TEAM)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    given_out=st.lists(st.tuples(st.sampled_from(GIVING), people), max_size=15),
    leaver=people,
    heir=people,
)
def test_kam_32_nobodys_open_work_is_a_leavers(
    given_out: list[tuple[Any, str]], leaver: str, heir: str
) -> None:
    """What the leaver had is the heir's, and what the others had is theirs."""
    office = busy()
    for give, person in given_out:
        with suppress(Refusal):
            office.ask(give(person))
    office.ask(RecordEmployeeLeft(employee_id=leaver))
    had = {one: holds(office, one) for one in TEAM}
    over = ReassignPortfolio(from_id=leaver, to_id=heir)
    if leaver == heir:
        assert refusal(office, over).rule == "same-employee"
    elif "approval_ids" in had[leaver] and heir == GUS:
        assert refusal(office, over).rule == "self-approval"
        assert holds(office, leaver) == had[leaver]
    else:
        office.ask(over)
        assert holds(office, leaver) == {}
        for one in set(TEAM) - {leaver, heir}:
            assert holds(office, one) == had[one]
        for field in {*had[leaver], *had[heir]}:
            both = {*had[leaver].get(field, ()), *had[heir].get(field, ())}
            assert set(holds(office, heir)[field]) == both
