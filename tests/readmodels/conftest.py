"""A ledger in which a small company sells, folded into its read models."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from events.event import Event
from events.recorded import envelope_of
from projections.catalogue import PROJECTIONS
from readmodels.builds import begin, current, fold_into
from readmodels.reading import Stand, reading
from readmodels.scope import COMPANY, Scope
from runtime.log.store_source import StoreSource
from runtime.store.entry import Draft, Entry
from tests.runtime.store.ledgers import Ledger

Fact = tuple[str, str, Event]
"""When it occurred (a day or an instant), its stream, and what happened."""


@dataclass(slots=True)
class Told:
    """A ledger that facts are told to, each recorded a moment after the one before."""

    store: Ledger

    def tell(self, *facts: Fact) -> None:
        """Record ``facts`` in order, and fold them."""
        with self.store.connect() as connection:
            for when, stream, event in facts:
                outcome = self.store.recorder.record(
                    connection, [_entry(self._version(stream), when, stream, event)]
                )
                assert "Receipt" in str(outcome)
        self._fold()

    @contextmanager
    def asked(self, scope: Scope = COMPANY) -> Iterator[tuple[psycopg.Connection[Any], Stand]]:
        """A look at the read models with the eyes of ``scope``."""
        with psycopg.connect(self.store.url, autocommit=True) as connection:
            connection.execute(SQL("SET search_path TO {}").format(Identifier(self.store.name)))
            with reading(connection, scope) as stand:
                yield connection, stand

    def recorded_at(self, position: int) -> datetime:
        """When the fact at ``position`` was recorded."""
        return envelope_of(self.store.events()[position - 1].leaf).recorded_at

    def _version(self, stream: str) -> int:
        return sum(event.stream == stream for event in self.store.events()) + 1

    def _fold(self) -> None:
        with (
            psycopg.connect(self.store.url, autocommit=True) as connection,
            StoreSource(self.store.url, self.store.name) as source,
        ):
            connection.execute(SQL("SET search_path TO {}").format(Identifier(self.store.name)))
            for projection in PROJECTIONS:
                build = current(connection, projection) or begin(connection, projection, "current")
                facts = source.read(build.position, 1_000, 0)
                # Delivered twice: the second time nothing may change.
                for _ in range(2):
                    with connection.transaction():
                        (build,) = fold_into(connection, [build], facts)


def _entry(version: int, when: str, stream: str, event: Event) -> Entry:
    return Entry(
        command_id=str(uuid4()),
        digest=b"d" * 32,
        stream=stream,
        reads={stream: version - 1},
        drafts=[
            Draft(
                stream=stream,
                version=version,
                name=event.NAME,
                schema=event.VERSION,
                payload=event.model_dump_json().encode(),
            )
        ],
        occurred_at=datetime.fromisoformat(when).replace(tzinfo=UTC),
        correlation_id="test",
        actor="employee-ann",
    )


@pytest.fixture
def tell(database_url: str, ledger: str) -> Told:
    return Told(Ledger(database_url, ledger))
