"""Who ever worked for a region, asked of the real store and of the one in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from commands.ports import EventStore, Proposal, Write
from events.event import Event
from runtime.store.ledger_pool import LedgerPool
from runtime.store.postgres import connection_pool
from runtime.store.staff import ever_in
from tests.commands.asking import context
from tests.commands.memory_store import MemoryEventStore
from tests.commands.office import MemoryPeople
from tests.examples.cast import ANN, BEA, CARL
from tests.examples.histories import HIRED, LEFT, OPENED, RELOCATED
from tests.runtime.contracts.event_stores import postgres_event_store

Asking = Callable[[str], Awaitable[Sequence[str]]]


def hired(employee_id: str, region_id: str) -> Event:
    return HIRED.model_copy(update={"employee_id": employee_id, "region_id": region_id})


HAPPENED: Final[tuple[tuple[str, Event], ...]] = (
    ("region-emea", OPENED),
    (f"employee-{CARL}", hired(CARL, "dach")),
    (f"employee-{ANN}", hired(ANN, "emea")),
    (f"employee-{BEA}", hired(BEA, "apac")),
    (f"employee-{ANN}", RELOCATED),
    (f"employee-{ANN}", LEFT),
)
"""Ann has moved from emea to dach and left; Carl works for dach, Bea for apac."""


async def _record(store: EventStore) -> None:
    versions: dict[str, int] = {}
    for stream, event in HAPPENED:
        before = versions.get(stream, 0)
        await store.submit(
            Proposal(
                context=context(),
                stream=stream,
                reads={stream: before},
                writes=(Write(stream, event),),
            )
        )
        versions[stream] = before + 1


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def asking(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asking]:
    if request.param == "memory":
        memory = MemoryEventStore()
        asyncio.run(_record(memory))
        yield MemoryPeople(memory).ever_in
        return
    url, name = request.getfixturevalue("database_url"), request.getfixturevalue("ledger")
    with postgres_event_store(url, name, tmp_path) as store, connection_pool(url, name) as pool:
        asyncio.run(_record(store))

        async def asked(region_id: str) -> Sequence[str]:
            return ever_in(LedgerPool(pool), region_id)

        yield asked


def test_everybody_who_was_hired_for_a_region_or_moved_to_it_is_listed_once(
    asking: Asking,
) -> None:
    """Whoever has left it since is for the asker to tell."""

    async def listed() -> list[list[str]]:
        return [list(await asking(region)) for region in ("dach", "emea", "apac", "none")]

    assert asyncio.run(listed()) == [[ANN, CARL], [ANN], [BEA], []]
