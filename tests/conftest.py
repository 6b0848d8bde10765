"""Real servers for the tests, started by the tests."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest

from runtime.log.broker import Broker, BrokerUnavailable
from runtime.store.postgres import EmbeddedPostgres

_ledgers = count(1)
_TEMPORARY = "PYTEST_DEBUG_TEMPROOT"


def pytest_configure() -> None:
    """Give this run a temporary folder that no other run knows.

    Below the usual one, each new run of the same user takes back from everybody else the right
    to pass through, and PostgreSQL, which never runs as root, loses its data in the middle of this.
    """
    os.environ.setdefault(_TEMPORARY, mkdtemp(prefix="keyledger-tests-"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Leave nothing behind, except what helps to see why a test failed.

    Who only runs tests for another process leaves that to it: the folder is shared.
    """
    folder = Path(os.environ[_TEMPORARY])
    alone = not hasattr(session.config, "workerinput")
    if alone and exitstatus == 0 and folder.name.startswith("keyledger-tests-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of this test run; each test makes a ledger of its own in it."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data")
    yield server.start()
    server.stop()


def _started(data: Path) -> Broker:
    """A broker that answers; without one only a run on the build machine fails."""
    named = os.environ.get("KEYLEDGER_CACHE")
    broker = Broker(data, cache=Path(named) if named else None)
    try:
        broker.start()
    except BrokerUnavailable as unavailable:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no broker: {unavailable}. `make kafka` fetches what is needed, once.")
    return broker


@pytest.fixture(scope="session")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker of this test run; whoever stops it starts it again."""
    broker = _started(tmp_path_factory.mktemp("kafka"))
    yield broker
    broker.stop()


@pytest.fixture
def kafka(shared_broker: Broker) -> str:
    """The bootstrap of a real Apache Kafka; each test has a topic of its own in it."""
    return shared_broker.start()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker of the test's own, to be set up otherwise."""
    broker = _started(tmp_path / "kafka")
    yield broker
    broker.stop()


@pytest.fixture
def ledger() -> str:
    """A ledger name nobody else uses in this run."""
    return f"ledger_{next(_ledgers)}"


@pytest.fixture
def shared() -> Path:
    """The folder beside the repository that holds golden cases and real data."""
    return Path(__file__).parents[2] / "shared"
