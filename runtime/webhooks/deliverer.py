"""Sends what waits to the receivers outside, each at its own pace, until it has arrived."""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx

from readmodels.webhooks import Receiver
from runtime.webhooks.deliveries import RETIRED, Deliveries, Outcome, Taken, pause
from runtime.webhooks.guarded_transport import AddressRefused, GuardedTransport
from runtime.webhooks.signing import WebhookSecrets, signed

TIMEOUT_S: Final = 15.0
"""How long a receiver may take to answer."""

_LOST_AFTER: Final = timedelta(seconds=4 * TIMEOUT_S)
"""When a message whose outcome nobody has noted is sent again."""

_LOOK_S: Final = 0.5
"""How often it is looked for what is due."""

_AGENT: Final = "keyledger"


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends each message at least once, always under the same id, in no order.

    A receiver has a few messages on their way at a time, and those of others do not wait for it.
    Killed between sending and noting, it sends again.
    """

    deliveries: Deliveries
    secrets: WebhookSecrets
    inside: bool
    """Whether private addresses are sent to."""
    clock: Callable[[], datetime]
    timeout_s: float = TIMEOUT_S

    def run(self, stop: threading.Event) -> None:
        """Send what is due until ``stop``; what is on its way then is sent again."""
        asyncio.run(self._run(stop))

    async def send_due(self) -> int:
        """Send what is due now, a few messages for each receiver; returns how many."""
        async with self._client() as client:
            taken = await asyncio.to_thread(self._take, ())
            await asyncio.gather(*(self._send(client, *one) for one in taken))
        return sum(len(batch) for batch, _ in taken)

    async def _run(self, stop: threading.Event) -> None:
        async with self._client() as client, asyncio.TaskGroup() as group:
            sending: dict[str, asyncio.Task[None]] = {}
            while not stop.is_set():
                sending = {of: one for of, one in sending.items() if not one.done()}
                for batch, receiver in await asyncio.to_thread(self._take, tuple(sending)):
                    sending[batch[0].webhook_id] = group.create_task(
                        self._send(client, batch, receiver)
                    )
                await asyncio.sleep(_LOOK_S)
            for one in sending.values():
                one.cancel()

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=GuardedTransport(self.inside),
            timeout=self.timeout_s,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": _AGENT, "Content-Type": "application/json"},
        )

    def _take(self, but: Sequence[str]) -> list[tuple[Sequence[Taken], Receiver]]:
        """What is due; a read model that is being built anew may not know its receiver yet."""
        found = self.deliveries.take(self.clock(), _LOST_AFTER, but)
        known = self.deliveries.receivers(found) if found else {}
        return [(batch, known[of]) for of, batch in found.items() if of in known]

    async def _send(
        self, client: httpx.AsyncClient, batch: Sequence[Taken], receiver: Receiver
    ) -> None:
        await asyncio.gather(*(self._deliver(client, one, receiver) for one in batch))

    async def _deliver(self, client: httpx.AsyncClient, taken: Taken, receiver: Receiver) -> None:
        outcome = Outcome(None, RETIRED)
        if not receiver.retired:
            outcome = await self._posted(client, taken, receiver)
        # Nothing hangs on its being guessed.
        wait = pause(taken.attempts + 1, random.random())  # noqa: S311
        await asyncio.to_thread(self.deliveries.note, taken, outcome, self.clock(), wait)

    async def _posted(self, client: httpx.AsyncClient, taken: Taken, receiver: Receiver) -> Outcome:
        """What became of posting it; the answer's body is not read."""
        now, body = self.clock(), taken.body.encode()
        numbers = receiver.signing(now)
        keys = [self.secrets.secret(taken.webhook_id, number) for number in numbers]
        headers = signed(taken.message_id, body, now, keys)
        try:
            async with (
                asyncio.timeout(self.timeout_s),
                client.stream("POST", receiver.url, content=body, headers=headers) as answer,
            ):
                return Outcome(answer.status_code)
        except AddressRefused:
            return Outcome(None, "private-address")
        except (TimeoutError, httpx.TimeoutException):
            return Outcome(None, "timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as failed:
            return Outcome(None, type(failed).__name__)
