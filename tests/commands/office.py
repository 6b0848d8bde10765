"""Where commands are carried out in these tests: one process, and others on the same store."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from commands.carry_out import Desk, Memory, carry_out
from commands.catalogue import HANDLERS
from commands.command import Command
from commands.permissions import permit
from commands.ports import EventStore, Portfolio, Receipt, Replayed
from events.event import Event
from events.organization.employee import EmployeeHired, EmployeeMoved
from tests.commands.asking import context
from tests.commands.holdings import held
from tests.commands.memory_store import MemoryEventStore


@dataclass(slots=True)
class MemoryPeople:
    """The commands' `People` in a dictionary, and in the facts of a store."""

    store: EventStore
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    async def person(self, system: str, key: str) -> str:
        """The person's id: the one given out before, else the next."""
        return self.known.setdefault((system, key), str(UUID(int=0xA0 + len(self.known))))

    async def ever_in(self, region_id: str) -> Sequence[str]:
        """Everybody who was ever hired for the region or moved to it, in order of their ids."""
        assert isinstance(self.store, MemoryEventStore)
        found = {
            event.employee_id
            for _, event in self.store.told()
            if isinstance(event, EmployeeHired | EmployeeMoved) and event.region_id == region_id
        }
        return sorted(found)


@dataclass(slots=True)
class MemoryPortfolios:
    """The commands' `Portfolios`, by folding all there is."""

    store: EventStore

    async def held_by(self, employee_id: str) -> Portfolio:
        """All the employee looks after."""
        assert isinstance(self.store, MemoryEventStore)
        return held(self.store.told(), employee_id)


@dataclass(slots=True)
class MemoryDryRuns:
    """The commands' `DryRuns` in a dictionary."""

    known: dict[str, Replayed] = field(default_factory=dict)

    async def replayed(self, replay_id: str) -> Replayed | None:
        """The replay; ``None``: there is none."""
        return self.known.get(replay_id)


@dataclass(slots=True)
class Office:
    """One process: its memory is its own, its store may be shared."""

    store: EventStore = field(default_factory=MemoryEventStore)
    dry_runs: MemoryDryRuns = field(default_factory=MemoryDryRuns)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        memory = Memory(self.store)
        portfolios = MemoryPortfolios(self.store)
        people = MemoryPeople(self.store)
        self.desk = Desk(HANDLERS, permit, self.store, memory, people, portfolios, self.dry_runs)

    def neighbour(self) -> "Office":
        """Another process on the same store."""
        return Office(self.store)

    async def carry(self, command: Command, **asked: Any) -> Receipt:
        """Carry it out in a context that `context` makes of ``asked``."""
        return await carry_out(self.desk, command, context(**asked))

    def ask(self, command: Command, **asked: Any) -> Receipt:
        """Carry it out, now."""
        return asyncio.run(self.carry(command, **asked))

    def ask_all(self, *commands: Command) -> None:
        """Carry them out one after the other."""
        for command in commands:
            self.ask(command)

    def facts(self, stream: str) -> list[Event]:
        """What is recorded on ``stream``."""

        async def read() -> list[Event]:
            return [recorded.event for recorded in await self.store.facts(stream)]

        return asyncio.run(read())

    def policies(self, stream: str) -> dict[str, int]:
        """The policies the last fact of ``stream`` was decided under."""

        async def read() -> dict[str, int]:
            *_, last = await self.store.facts(stream)
            return dict(last.envelope.policies)

        return asyncio.run(read())
