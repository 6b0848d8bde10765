"""The whole API on a real ledger, in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from api.app import create_app
from runtime.composition import System, clock, doors, system
from runtime.credentials import ensure_admin_key
from runtime.settings import settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class House:
    """A ledger with its doors, and the first administrator's key."""

    system: System
    app: Any
    key: str

    @asynccontextmanager
    async def client(self, key: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """A client with the administrator's key, or another one."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url="http://ledger",
            headers={"Authorization": f"Bearer {key or self.key}"},
        ) as client:
            yield client

    def ask(self, question: Callable[[httpx.AsyncClient], Coroutine[Any, Any, T]]) -> T:
        """What ``question`` brings back."""

        async def run() -> T:
            async with self.client() as client:
                return await question(client)

        return asyncio.run(run())


@contextmanager
def opened(database_url: str, ledger: str, folder: Path) -> Iterator[House]:
    """A new ledger of that name and its doors, which keeps its files in ``folder``."""
    given = settings({"KEYLEDGER_DATA": str(folder), "KEYLEDGER_LEDGER": ledger})
    file = folder / "admin-key"
    with system(given, database_url) as parts:
        asyncio.run(
            ensure_admin_key(parts.desk, ledger=ledger, zone=given.zone, file=file, now=clock())
        )
        yield House(parts, create_app(doors(parts)), file.read_text().strip())


@pytest.fixture
def house(database_url: str, ledger: str, tmp_path: Path) -> Iterator[House]:
    """A new ledger and its doors."""
    with opened(database_url, ledger, tmp_path) as found:
        yield found


async def issue(
    client: httpx.AsyncClient, command: str, key: str, /, **fields: Any
) -> httpx.Response:
    """One command through its own door."""
    return await client.post(
        f"/v1/commands/{command}", json=fields, headers={"Idempotency-Key": key}
    )
