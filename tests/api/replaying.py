"""Replays over HTTP, for tests: asking for them, and carrying them out."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import httpx
import structlog

from runtime.composition import clock
from runtime.replays.queue import Queue, queue_connection
from runtime.replays.worker import CarryOut, Worker
from tests.api.conftest import House

QUESTION: Final[dict[str, Any]] = {
    "policies": [{"name": "new", "version": 1}],
    "first": "2026-01-01",
    "last": "2026-01-31",
}


@contextmanager
def queue(house: House) -> Iterator[Queue]:
    """The queue of the house."""
    parts = house.system
    with queue_connection(parts.database_url, parts.settings.ledger) as connection:
        yield Queue(connection, clock, timedelta(days=1))


def work(house: House, carry_out: CarryOut) -> bool:
    """Carry out the first replay that waits, if one does."""
    with queue(house) as waiting:
        journal = structlog.get_logger("replays")
        worker = Worker(waiting, house.system.settings.replays, carry_out, journal)
        return worker.carry_out_next(threading.Event())


def posted(
    house: House,
    body: Any = QUESTION,
    *,
    to: str = "/v1/replays",
    idempotency_key: str | None = "r1",
    api_key: str | None = None,
    **headers: str,
) -> httpx.Response:
    """The answer to a POST."""
    given = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def send() -> httpx.Response:
        async with house.client(api_key) as client:
            return await client.post(to, content=content, headers={**given, **headers})

    return asyncio.run(send())


def replay(house: House, body: Any = QUESTION, **more: Any) -> str:
    """The path of one that has just been asked for."""
    answer = posted(house, body, **more)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["Location"])
