"""The one path: read, decide, record, and all that can come between."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from aggregates.pipeline.product import PRODUCT
from aggregates.refusals import Invalid, NotFound, WrongState
from commands.carry_out import ATTEMPTS, CommandIdReused, VersionConflict, carry_out
from commands.look import ExternalKey
from commands.organization.employee import HireEmployee
from commands.organization.region import MoveRegion, OpenRegion
from commands.pipeline.product import ListProduct, RepriceProduct, RetireProduct
from commands.ports import (
    Conflict,
    Outcome,
    Proposal,
    Receipt,
    StoreUnavailable,
    Write,
)
from events.event import Event
from events.pipeline.product import ProductRepriced
from events.recorded import Recorded
from tests.commands.asking import context, new_id
from tests.commands.memory_store import MemoryEventStore
from tests.commands.office import Office
from tests.examples.cast import NOON, usd
from tests.examples.histories import LISTED, REPRICED, RETIRED

GTX: Final = "product-gtx-pro"
LIST: Final = ListProduct(
    product_id="gtx-pro", name="GTX Pro", series="GTX", list_price=usd(4_821_00)
)
REPRICE: Final = RepriceProduct(product_id="gtx-pro", list_price=usd(4_999_00))
RETIRE: Final = RetireProduct(product_id="gtx-pro")
AN_HOUR: Final = timedelta(hours=1)
TICK: Final = timedelta(microseconds=1)


@pytest.fixture
def office() -> Office:
    return Office()


def test_what_is_decided_is_recorded_and_answered_with_its_place(office: Office) -> None:
    receipt = office.ask(LIST)
    assert office.facts(GTX) == [LISTED]
    assert (receipt.stream, receipt.version, receipt.position) == (GTX, 1, 1)
    assert [ref.event_id for ref in receipt.events] == [f"{GTX}/1"]


def test_what_is_so_already_is_answered_without_a_fact(office: Office) -> None:
    office.ask(LIST)
    receipt = office.ask(LIST)
    assert (receipt.version, receipt.events, receipt.repeated) == (1, (), False)
    assert office.facts(GTX) == [LISTED]


def test_a_refusal_leaves_nothing(office: Office) -> None:
    with pytest.raises(NotFound):
        office.ask(RETIRE)
    assert office.facts(GTX) == []


# --- races and stale memories ---------------------------------------------------


def test_a_decision_on_a_stale_memory_is_made_again(office: Office) -> None:
    office.ask(LIST)
    office.neighbour().ask(REPRICE)
    receipt = office.ask(RepriceProduct(product_id="gtx-pro", list_price=usd(1_00)))
    assert receipt.version == 3
    assert office.facts(GTX)[1] == REPRICED


def test_what_seemed_new_on_a_stale_memory_is_nothing_new(office: Office) -> None:
    office.ask(LIST)
    office.neighbour().ask(REPRICE)
    receipt = office.ask(REPRICE)
    assert (receipt.version, receipt.events) == (2, ())


def test_what_seemed_so_already_on_a_stale_memory_is_recorded_after_all(office: Office) -> None:
    """Nothing to write is confirmed like anything else."""
    office.ask_all(LIST, REPRICE)
    back = RepriceProduct(product_id="gtx-pro", list_price=usd(4_821_00))
    office.neighbour().ask(back)
    receipt = office.ask(REPRICE)
    assert receipt.version == 4
    assert office.facts(GTX)[-1] == REPRICED


def test_what_was_refused_on_a_stale_memory_is_allowed_after_all(office: Office) -> None:
    with pytest.raises(NotFound):
        office.ask(RETIRE)
    office.neighbour().ask(LIST)
    assert office.ask(RETIRE).version == 2


def test_what_was_allowed_on_a_stale_memory_is_refused_after_all(office: Office) -> None:
    office.ask(LIST)
    office.neighbour().ask(RETIRE)
    with pytest.raises(WrongState):
        office.ask(REPRICE)
    assert office.facts(GTX) == [LISTED, RETIRED]


@dataclass(slots=True)
class Counting:
    """A store that notes what it is asked for: streams, and after which version."""

    inner: MemoryEventStore
    read: list[tuple[str, int]] = field(default_factory=list)

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        self.read.append((stream, after))
        return await self.inner.facts(stream, after)

    async def submit(self, proposal: Proposal) -> Outcome:
        return await self.inner.submit(proposal)


def test_what_begins_a_stream_does_not_look_it_up_and_is_remembered() -> None:
    store = Counting(MemoryEventStore())
    office = Office(store)
    assert office.ask(LIST).version == 1
    assert office.ask(REPRICE).version == 2
    assert store.read == []


def test_what_was_taken_to_be_new_and_is_not_is_decided_again(office: Office) -> None:
    office.ask(LIST)
    repeated, other = office.neighbour(), office.neighbour()
    receipt = repeated.ask(LIST)
    assert (receipt.version, receipt.events) == (1, ())
    with pytest.raises(WrongState):
        other.ask(ListProduct(product_id="gtx-pro", name="Another", list_price=usd(1)))
    assert office.facts(GTX) == [LISTED]


def test_of_many_at_once_each_is_decided_on_what_the_others_did(office: Office) -> None:
    """40 prices from four processes at once: each is recorded, on top of another."""
    office.ask(LIST)
    offices = [office, *(office.neighbour() for _ in range(3))]

    async def race() -> Sequence[Receipt]:
        prices = [RepriceProduct(product_id="gtx-pro", list_price=usd(n)) for n in range(40)]
        return await asyncio.gather(
            *(offices[n % 4].carry(price) for n, price in enumerate(prices))
        )

    versions = [receipt.version for receipt in asyncio.run(race())]
    assert sorted(versions) == list(range(2, 42))
    facts: list[Any] = office.facts(GTX)
    for each in offices:
        known = each.desk.memory.known[GTX]
        assert known.state == PRODUCT.fold(facts[: known.version])


@dataclass(slots=True)
class RivalStore:
    """A store to which somebody else always writes first, as long as ``rivals`` are left."""

    inner: MemoryEventStore
    rivals: int
    submitted: int = field(default=0)

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        return await self.inner.facts(stream, after)

    async def submit(self, proposal: Proposal) -> Outcome:
        self.submitted += 1
        if self.rivals:
            self.rivals -= 1
            await self.inner.submit(await self._rival(proposal.stream))
        return await self.inner.submit(proposal)

    async def _rival(self, stream: str) -> Proposal:
        version = len(await self.inner.facts(stream))
        price = ProductRepriced(product_id="gtx-pro", list_price=usd(version))
        return Proposal(
            context=context(), stream=stream, reads={stream: version}, writes=[Write(stream, price)]
        )


@pytest.mark.parametrize("rivals", [1, ATTEMPTS - 1])
def test_a_race_may_be_lost_up_to_the_last_attempt(office: Office, rivals: int) -> None:
    office.ask(LIST)
    assert isinstance(office.store, MemoryEventStore)
    store = RivalStore(office.store, rivals)
    assert Office(store).ask(REPRICE).version == rivals + 2
    assert store.submitted == rivals + 1


def test_a_race_lost_too_often_is_said(office: Office) -> None:
    office.ask(LIST)
    assert isinstance(office.store, MemoryEventStore)
    store = RivalStore(office.store, ATTEMPTS)
    with pytest.raises(VersionConflict) as conflict:
        Office(store).ask(REPRICE)
    assert (conflict.value.stream, conflict.value.stated) == (GTX, None)
    assert store.submitted == ATTEMPTS
    assert REPRICED not in office.facts(GTX)


# --- repeats --------------------------------------------------------------------


def test_a_repeated_command_gets_its_first_answer(office: Office) -> None:
    office.ask(LIST)
    command_id = new_id()
    first = office.ask(REPRICE, command_id=command_id)
    office.ask(RETIRE)
    for process in (office, office.neighbour()):
        again = process.ask(REPRICE, command_id=command_id)
        assert again.repeated
        assert (again.version, again.position, again.events) == (2, 2, first.events)
    assert len(office.facts(GTX)) == 3


def test_a_repeat_of_what_changed_nothing_gets_its_first_answer(office: Office) -> None:
    office.ask(LIST)
    command_id = new_id()
    office.ask(LIST, command_id=command_id)
    office.ask(RETIRE)
    again = office.ask(LIST, command_id=command_id)
    assert (again.repeated, again.version, again.events) == (True, 1, ())


def test_a_refusal_is_decided_again_when_it_is_repeated(office: Office) -> None:
    command_id = new_id()
    with pytest.raises(NotFound):
        office.ask(RETIRE, command_id=command_id)
    office.ask(LIST)
    assert not office.ask(RETIRE, command_id=command_id).repeated


def test_a_command_id_with_other_content_is_refused(office: Office) -> None:
    command_id = new_id()
    office.ask(LIST, command_id=command_id, content="list")
    for content, command in (("reprice", REPRICE), ("retire", RETIRE)):
        with pytest.raises(CommandIdReused):
            office.ask(command, command_id=command_id, content=content)
    assert office.facts(GTX) == [LISTED]


def test_a_command_id_with_other_content_is_refused_even_where_a_rule_refuses(
    office: Office,
) -> None:
    command_id = new_id()
    office.ask(LIST, command_id=command_id, content="list")
    with pytest.raises(CommandIdReused):
        office.ask(RetireProduct(product_id="none"), command_id=command_id, content="retire none")


@pytest.mark.parametrize("processes", [1, 4])
def test_repeats_at_the_same_time_are_one(office: Office, processes: int) -> None:
    command_id = new_id()
    offices = [office, *(office.neighbour() for _ in range(processes - 1))]

    async def race() -> Sequence[Receipt]:
        return await asyncio.gather(
            *(offices[n % processes].carry(LIST, command_id=command_id) for n in range(20))
        )

    receipts = asyncio.run(race())
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert {(receipt.version, receipt.position) for receipt in receipts} == {(1, 1)}
    assert office.facts(GTX) == [LISTED]
    assert all(not each.desk.running for each in offices)


def test_a_repeat_waits_for_the_first_of_its_process(office: Office) -> None:
    """The first is under way: the second asks the store for nothing until it has its answer."""

    @dataclass(slots=True)
    class Gate:
        inner: MemoryEventStore
        opened: asyncio.Event
        waiting: int = 0

        async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
            return await self.inner.facts(stream, after)

        async def submit(self, proposal: Proposal) -> Outcome:
            self.waiting += 1
            await self.opened.wait()
            return await self.inner.submit(proposal)

    async def scenario() -> None:
        gate = Gate(MemoryEventStore(), asyncio.Event())
        process, command_id = Office(gate), new_id()
        both = [asyncio.create_task(process.carry(LIST, command_id=command_id)) for _ in range(2)]
        for _ in range(100):
            await asyncio.sleep(0)
        assert gate.waiting == 1
        gate.opened.set()
        first, second = await asyncio.gather(*both)
        assert (first.repeated, second.repeated) == (False, True)

    asyncio.run(scenario())


@dataclass(slots=True)
class MuteStore:
    """A store that records and then, once, does not answer."""

    inner: MemoryEventStore
    mute: bool = False

    async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
        return await self.inner.facts(stream, after)

    async def submit(self, proposal: Proposal) -> Outcome:
        outcome = await self.inner.submit(proposal)
        if self.mute:
            self.mute = False
            raise StoreUnavailable
        return outcome


def test_an_answer_that_was_lost_is_given_when_it_is_asked_for_again() -> None:
    """And the memory, which missed the fact, is brought up to date before the next decision."""
    store = MuteStore(MemoryEventStore())
    office, command_id = Office(store), new_id()
    office.ask(LIST)
    store.mute = True
    with pytest.raises(StoreUnavailable):
        office.ask(REPRICE, command_id=command_id)
    again = office.ask(REPRICE, command_id=command_id)
    assert (again.repeated, again.version) == (True, 2)
    assert office.ask(RETIRE).version == 3
    assert office.facts(GTX) == [LISTED, REPRICED, RETIRED]


# --- If-Match -------------------------------------------------------------------


def test_the_version_the_caller_saw_still_stands(office: Office) -> None:
    office.ask(LIST)
    assert office.ask(REPRICE, expected_version=1).version == 2


@pytest.mark.parametrize("seen", [0, 2])
def test_a_version_that_does_not_stand_is_refused(office: Office, seen: int) -> None:
    office.ask(LIST)
    with pytest.raises(VersionConflict) as conflict:
        office.ask(REPRICE, expected_version=seen)
    found = conflict.value
    assert (found.stream, found.stated, found.actual) == (GTX, seen, 1)
    assert office.facts(GTX) == [LISTED]


def test_the_version_that_stands_is_the_one_of_the_store(office: Office) -> None:
    """What this process remembers does not decide, neither for nor against the caller."""
    office.ask(LIST)
    office.neighbour().ask(REPRICE)
    with pytest.raises(VersionConflict):
        office.ask(RETIRE, expected_version=1)
    assert office.ask(RETIRE, expected_version=2).version == 3


def test_a_new_thing_is_at_version_0(office: Office) -> None:
    assert office.ask(LIST, expected_version=0).version == 1


def test_a_repeat_is_answered_whatever_version_it_states(office: Office) -> None:
    command_id = new_id()
    office.ask(LIST, command_id=command_id, expected_version=0)
    assert office.ask(LIST, command_id=command_id, expected_version=0).repeated


# --- when it was true -----------------------------------------------------------


def test_a_fact_may_occur_with_the_last_one_of_its_stream(office: Office) -> None:
    office.ask(LIST, occurred_at=NOON - AN_HOUR)
    assert office.ask(REPRICE, occurred_at=NOON - AN_HOUR).version == 2


@pytest.mark.parametrize("process", ["same", "other"])
def test_a_fact_does_not_occur_before_the_last_one_of_its_stream(
    office: Office, process: str
) -> None:
    office.ask(LIST, occurred_at=NOON - AN_HOUR)
    asked = office if process == "same" else office.neighbour()
    with pytest.raises(Invalid) as refused:
        asked.ask(REPRICE, occurred_at=NOON - AN_HOUR - TICK)
    assert (refused.value.rule, refused.value.field) == (
        "occurred-before-last-fact",
        "occurred_at",
    )
    assert office.facts(GTX) == [LISTED]


@pytest.mark.parametrize("process", ["same", "other"])
def test_what_is_true_now_occurs_with_the_last_fact_where_another_clock_is_ahead(
    office: Office, process: str
) -> None:
    office.ask(LIST, now=NOON)
    asked = office if process == "same" else office.neighbour()
    asked.ask(REPRICE, now=NOON - TICK)
    *_, last = asyncio.run(_recorded(office))
    assert last.event == REPRICED
    assert last.envelope.occurred_at == NOON
    with pytest.raises(Invalid):
        asked.ask(RETIRE, occurred_at=NOON - TICK)


async def _recorded(office: Office) -> Sequence[Recorded[Event]]:
    return await office.store.facts(GTX)


def test_what_changes_nothing_may_be_said_of_any_time(office: Office) -> None:
    office.ask(LIST, occurred_at=NOON)
    assert office.ask(LIST, occurred_at=NOON - AN_HOUR).events == ()


# --- memory ---------------------------------------------------------------------


def test_a_stream_is_read_once_and_then_only_what_is_new() -> None:
    store = Counting(MemoryEventStore())
    Office(store.inner).ask(LIST)
    office = Office(store)
    office.ask_all(REPRICE, REPRICE)
    assert store.read == [(GTX, 0)]
    Office(store.inner).ask(RETIRE)
    with pytest.raises(WrongState):
        office.ask(RepriceProduct(product_id="gtx-pro", list_price=usd(1)))
    assert store.read == [(GTX, 0), (GTX, 2)]


def test_the_memory_forgets_what_was_not_used_for_longest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.carry_out.REMEMBERED", 2)
    office.ask_all(*(OpenRegion(region_id=f"r{n}", name=f"R {n}") for n in range(5)))
    assert list(office.desk.memory.known) == ["region-r3", "region-r4"]
    assert set(office.desk.memory.deciders) == set(office.desk.memory.known)
    office.ask(MoveRegion(region_id="r0", parent_id="r1"))
    assert len(office.facts("region-r0")) == 2


def test_what_is_forgotten_while_it_is_recorded_is_read_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.carry_out.REMEMBERED", 1)

    async def both() -> Sequence[Receipt]:
        other = LIST.model_copy(update={"product_id": "other"})
        return await asyncio.gather(office.carry(LIST), office.carry(other))

    assert [receipt.version for receipt in asyncio.run(both())] == [1, 1]
    assert office.ask(RETIRE).version == 2


def test_a_person_is_found_by_the_key_another_system_has(office: Office) -> None:
    office.ask(OpenRegion(region_id="emea", name="Europe"))
    hire = HireEmployee(
        external_key=ExternalKey(system="crm", key="Ann Archer"),
        name="Ann Archer",
        region_id="emea",
        roles=("sales_rep",),
    )
    first, again = office.ask(hire), office.ask(hire)
    assert again.stream == first.stream
    assert again.events == ()
    assert "Ann" not in first.stream


def test_a_batch_answer_that_does_not_follow_is_not_folded(office: Office) -> None:
    """A store that ran a batch again may answer with the receipt of an earlier call."""

    @dataclass(slots=True)
    class Echo:
        inner: MemoryEventStore

        async def facts(self, stream: str, after: int = 0) -> Sequence[Recorded[Event]]:
            return await self.inner.facts(stream, after)

        async def submit(self, proposal: Proposal) -> Outcome:
            await self.inner.submit(proposal)
            outcome = await self.inner.submit(proposal)
            if isinstance(outcome, Conflict):
                return outcome
            assert isinstance(outcome, Receipt)
            return Receipt(
                command_id=outcome.command_id,
                stream=outcome.stream,
                version=outcome.version + 1,
                position=outcome.position,
                events=outcome.events,
            )

    echo = Office(Echo(MemoryEventStore()))
    echo.ask(LIST)
    assert GTX not in echo.desk.memory.known


def test_carrying_out_needs_nothing_but_a_desk(office: Office) -> None:
    """The running commands of a desk are forgotten when they end, whatever their end."""
    with pytest.raises(NotFound):
        asyncio.run(carry_out(office.desk, RETIRE, context()))
    assert office.desk.running == {}
