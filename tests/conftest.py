"""Real servers for the tests, started by the tests."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from runtime.store.postgres import EmbeddedPostgres

_ledgers = count(1)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of this test run; each test makes a ledger of its own in it."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data")
    yield server.start()
    server.stop()


@pytest.fixture
def ledger() -> str:
    """A ledger name nobody else uses in this run."""
    return f"ledger_{next(_ledgers)}"


@pytest.fixture
def shared() -> Path:
    """The folder beside the repository that holds golden cases and real data."""
    return Path(__file__).parents[2] / "shared"
