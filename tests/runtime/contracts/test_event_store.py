"""What every event store promises to those who carry out commands, asked of each of them."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest

from commands.ports import (
    Conflict,
    Context,
    EventStore,
    KeyReused,
    Outcome,
    Proposal,
    Receipt,
    Write,
)
from events.codec import UnknownEvent
from events.event import Event
from events.personal import Sealed
from tests.commands.asking import context, new_id
from tests.commands.memory_store import MemoryEventStore
from tests.examples.cast import ANN
from tests.examples.histories import HIRED, LISTED, OPENED, REPRICED, RETIRED
from tests.runtime.contracts.event_stores import postgres_event_store

GTX: Final = "product-gtx-pro"
EMEA: Final = "region-emea"


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventStore]:
    if request.param == "memory":
        yield MemoryEventStore()
        return
    url, name = request.getfixturevalue("database_url"), request.getfixturevalue("ledger")
    with postgres_event_store(url, name, tmp_path) as found:
        yield found


def proposal(
    *facts: Event,
    stream: str = GTX,
    at: int = 0,
    reads: dict[str, int] | None = None,
    asked: Context | None = None,
    keep_receipt: bool = True,
) -> Proposal:
    """``facts`` to be recorded on ``stream``, which was seen at version ``at``."""
    return Proposal(
        context=asked or context(),
        stream=stream,
        reads={stream: at} | (reads or {}),
        writes=[Write(stream, fact) for fact in facts],
        policies={"sales_process-emea": 3},
        keep_receipt=keep_receipt,
    )


def submit(store: EventStore, *proposals: Proposal) -> list[Outcome]:
    """The outcomes of ``proposals``, one after the other."""

    async def run() -> list[Outcome]:
        return [await store.submit(each) for each in proposals]

    return asyncio.run(run())


def receipt(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Receipt)
    return outcome


def facts(store: EventStore, stream: str = GTX, after: int = 0) -> list[Event]:
    """The facts of ``stream``."""
    return [recorded.event for recorded in asyncio.run(_facts(store, stream, after))]


async def _facts(store: EventStore, stream: str, after: int) -> Any:
    return await store.facts(stream, after)


def test_a_stream_nobody_wrote_to_has_no_facts(store: EventStore) -> None:
    assert facts(store) == []


def test_what_was_recorded_is_read_in_order_from_any_version_on(store: EventStore) -> None:
    submit(store, proposal(LISTED, REPRICED), proposal(RETIRED, at=2))
    assert facts(store) == [LISTED, REPRICED, RETIRED]
    assert facts(store, after=1) == [REPRICED, RETIRED]
    assert facts(store, after=3) == []


def test_many_streams_are_read_at_once_each_with_its_own_facts(store: EventStore) -> None:
    submit(store, proposal(LISTED, REPRICED), proposal(OPENED, stream=EMEA))
    wanted = [(GTX, 0), (EMEA, 0), ("region-none", 0), (GTX, 1), (GTX, 0), (EMEA, 1)]

    async def read() -> list[list[Event]]:
        found = await asyncio.gather(*(store.facts(*each) for each in wanted))
        return [[recorded.event for recorded in each] for each in found]

    both = [LISTED, REPRICED]
    assert asyncio.run(read()) == [both, [OPENED], [], [REPRICED], both, []]


def test_a_fact_of_a_later_release_is_the_trouble_of_its_own_stream_alone(
    store: EventStore,
) -> None:
    class Repainted(Event):
        """A fact this release does not know."""

        NAME: ClassVar[str] = "product.repainted"

        product_id: str

    submit(store, proposal(Repainted(product_id="gtx-pro")), proposal(OPENED, stream=EMEA))

    async def read() -> Sequence[Any]:
        both = (store.facts(GTX), store.facts(EMEA))
        return await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), timeout=30)

    unknown, (known,) = asyncio.run(read())
    assert isinstance(unknown, UnknownEvent)
    assert known.event == OPENED


def test_a_receipt_says_where_each_fact_stands(store: EventStore) -> None:
    submit(store, proposal(OPENED, stream=EMEA))
    asked = context()
    (outcome,) = submit(store, proposal(LISTED, REPRICED, asked=asked))
    found = receipt(outcome)
    assert (found.command_id, found.stream, found.version) == (asked.command_id, GTX, 2)
    assert (found.position, found.repeated) == (3, False)
    assert [(ref.name, ref.event_id, ref.position) for ref in found.events] == [
        ("product.listed", f"{GTX}/1", 2),
        ("product.repriced", f"{GTX}/2", 3),
    ]


def test_the_envelope_holds_what_the_command_came_with(store: EventStore) -> None:
    asked = context(occurred_at=datetime(2017, 6, 30, 12, tzinfo=UTC))
    submit(store, proposal(LISTED, asked=asked))
    (recorded,) = asyncio.run(_facts(store, GTX, 0))
    envelope = recorded.envelope
    assert (envelope.stream, envelope.version, envelope.position) == (GTX, 1, 1)
    assert (envelope.name, envelope.schema) == ("product.listed", 1)
    assert envelope.occurred_at == asked.occurred_at
    assert envelope.recorded_at.tzinfo is not None
    assert (envelope.actor, envelope.command_id) == (asked.actor, asked.command_id)
    assert (envelope.correlation_id, envelope.causation_id) == ("test", None)
    assert envelope.policies == {"sales_process-emea": 3}
    assert not envelope.imported


@pytest.mark.parametrize("seen", [0, 2])
def test_a_stale_stream_is_a_conflict_and_nothing_is_recorded(store: EventStore, seen: int) -> None:
    submit(store, proposal(LISTED))
    assert submit(store, proposal(RETIRED, at=seen)) == [Conflict((GTX,))]
    assert facts(store) == [LISTED]


def test_a_stream_that_was_only_read_is_confirmed_too(store: EventStore) -> None:
    submit(store, proposal(OPENED, stream=EMEA))
    stale, fresh = submit(
        store, proposal(LISTED, reads={EMEA: 0}), proposal(LISTED, reads={EMEA: 1})
    )
    assert stale == Conflict((EMEA,))
    assert receipt(fresh).version == 1


def test_every_stale_stream_is_named(store: EventStore) -> None:
    submit(store, proposal(LISTED), proposal(OPENED, stream=EMEA))
    (outcome,) = submit(store, proposal(LISTED, reads={EMEA: 0}))
    assert isinstance(outcome, Conflict)
    assert set(outcome.streams) == {GTX, EMEA}


def test_nothing_to_record_is_confirmed_and_has_a_receipt(store: EventStore) -> None:
    asked = context()
    submit(store, proposal(OPENED, stream=EMEA), proposal(LISTED))
    first, again, stale = submit(
        store, proposal(at=1, asked=asked), proposal(at=1, asked=asked), proposal(at=0)
    )
    assert (receipt(first).version, receipt(first).position) == (1, 2)
    assert receipt(first).events == ()
    assert receipt(again).repeated
    assert stale == Conflict((GTX,))


def test_a_refusal_is_confirmed_and_leaves_nothing(store: EventStore) -> None:
    asked = context()
    first, again, stale = submit(
        store,
        proposal(asked=asked, keep_receipt=False),
        proposal(asked=asked, keep_receipt=False),
        proposal(at=1, asked=asked, keep_receipt=False),
    )
    assert not receipt(first).repeated
    assert not receipt(again).repeated
    assert stale == Conflict((GTX,))


def test_a_refusal_does_not_take_the_command_id(store: EventStore) -> None:
    asked = context(content="first")
    other = context(command_id=asked.command_id, content="other")
    _, outcome = submit(
        store, proposal(asked=asked, keep_receipt=False), proposal(LISTED, asked=other)
    )
    assert receipt(outcome).version == 1


def test_a_refusal_of_no_stream_is_confirmed(store: EventStore) -> None:
    """Where nothing could be decided, there is no stream it is about."""
    nothing = Proposal(context=context(), stream="", reads={GTX: 0}, keep_receipt=False)
    (outcome,) = submit(store, nothing)
    assert receipt(outcome).version == 0


def test_a_repeated_command_gets_its_first_answer_before_anything_is_looked_at(
    store: EventStore,
) -> None:
    asked = context()
    first, _, again = submit(
        store,
        proposal(LISTED, REPRICED, asked=asked),
        proposal(RETIRED, at=2),
        proposal(RETIRED, at=7, asked=asked),
    )
    assert receipt(again).repeated
    assert (receipt(again).stream, receipt(again).version, receipt(again).position) == (GTX, 2, 2)
    assert receipt(again).events == receipt(first).events
    assert facts(store) == [LISTED, REPRICED, RETIRED]


def test_a_repeat_is_recognized_even_when_it_is_refused_by_now(store: EventStore) -> None:
    asked = context()
    _, again = submit(
        store, proposal(LISTED, asked=asked), proposal(at=1, asked=asked, keep_receipt=False)
    )
    assert receipt(again).repeated


def test_a_command_id_belongs_to_one_request(store: EventStore) -> None:
    asked = context(content="first")
    other = context(command_id=asked.command_id, content="other")
    _, reused = submit(store, proposal(LISTED, asked=asked), proposal(REPRICED, at=1, asked=other))
    assert reused == KeyReused()
    assert facts(store) == [LISTED]


def test_facts_on_several_streams_are_recorded_at_once_or_not_at_all(store: EventStore) -> None:
    both = [Write(EMEA, OPENED), Write(GTX, LISTED)]
    late, found = submit(
        store,
        Proposal(context=context(), stream=GTX, reads={GTX: 0, EMEA: 1}, writes=both),
        Proposal(context=context(), stream=GTX, reads={GTX: 0, EMEA: 0}, writes=both),
    )
    assert late == Conflict((EMEA,))
    assert (receipt(found).version, receipt(found).position) == (1, 2)
    assert facts(store, EMEA) == [OPENED]
    assert facts(store, GTX) == [LISTED]


def test_a_personal_value_comes_back_sealed(store: EventStore) -> None:
    stream = f"employee-{ANN}"
    submit(store, proposal(HIRED, stream=stream))
    (found,) = facts(store, stream)
    (name,) = (value for field, value in found if field == "name")
    assert isinstance(name, Sealed)
    assert (name.event, name.path, name.subject) == (f"{stream}/1", "name", ANN)
    assert found == HIRED.model_copy(update={"name": name})


def test_of_many_at_once_one_is_recorded(store: EventStore) -> None:
    async def race() -> list[Outcome]:
        return await asyncio.gather(*(store.submit(proposal(LISTED)) for _ in range(20)))

    outcomes = asyncio.run(race())
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert outcomes.count(Conflict((GTX,))) == 19
    assert facts(store) == [LISTED]


def test_of_many_repeats_at_once_one_is_the_first(store: EventStore) -> None:
    asked = context()

    async def race() -> list[Outcome]:
        return await asyncio.gather(
            *(store.submit(proposal(LISTED, asked=asked)) for _ in range(20))
        )

    found = [receipt(outcome) for outcome in asyncio.run(race())]
    assert sum(not each.repeated for each in found) == 1
    assert {(each.version, each.position) for each in found} == {(1, 1)}


def test_what_is_recorded_later_was_not_recorded_earlier(store: EventStore) -> None:
    """``recorded_at`` never falls, so a time known is a position."""
    submit(store, *(proposal(LISTED, stream=f"product-{new_id()}") for _ in range(3)))
    submit(store, proposal(LISTED), proposal(REPRICED, at=1), proposal(RETIRED, at=2))
    times = [found.envelope.recorded_at for found in asyncio.run(_facts(store, GTX, 0))]
    assert times == sorted(times)
