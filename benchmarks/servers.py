"""The servers a run of benchmarks needs, started when the first one asks for them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from runtime.log.broker import Broker, BrokerUnavailable
from runtime.store.postgres import EmbeddedPostgres
from tests.kills.parts import Parts


@dataclass(slots=True)
class Servers:
    """A PostgreSQL and a Kafka of this run, empty at its beginning."""

    folder: Path
    held: ExitStack
    _urls: dict[str, str] = field(default_factory=dict)

    @property
    def database_url(self) -> str:
        """PostgreSQL."""
        if "postgres" not in self._urls:
            postgres = EmbeddedPostgres(self.folder / "postgres")
            self._urls["postgres"] = postgres.start()
            self.held.callback(postgres.stop)
        return self._urls["postgres"]

    @property
    def broker(self) -> Broker:
        """Kafka's directory and process, whether it runs or not."""
        cache = os.environ.get("KEYLEDGER_CACHE")
        return Broker(self.folder / "kafka", cache=Path(cache) if cache else None)

    @property
    def bootstrap(self) -> str | None:
        """Kafka; ``None`` where none can be had."""
        if "kafka" not in self._urls:
            try:
                self._urls["kafka"] = self.broker.start()
            except BrokerUnavailable:
                return None
            self.held.callback(self.broker.stop)
        return self._urls["kafka"]

    @contextmanager
    def parts(self, ledger: str, *names: str, bootstrap: str | None = None) -> Iterator[Parts]:
        """The parts of a new ledger, each a process that runs as it does in earnest."""
        folder = self.folder / ledger
        folder.mkdir()
        parts = Parts(self.database_url, ledger, folder, bootstrap, log_level="info")
        try:
            for name in names:
                parts.start(name)
                if name.startswith("serve"):
                    parts.wait_until_answering(name)
            yield parts
        finally:
            parts.close()


@contextmanager
def servers() -> Iterator[Servers]:
    """Servers in a folder of their own; all is gone afterwards."""
    with TemporaryDirectory(prefix="keyledger-bench-") as folder, ExitStack() as held:
        yield Servers(Path(folder), held)
