"""The doors' `Webhooks`: secrets as they are made, messages as they wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from runtime.webhooks.announcer import message
from runtime.webhooks.deliveries import Deliveries
from runtime.webhooks.signing import WebhookSecrets

TEST: Final = "webhook.test"
"""The type of a message that tells nothing."""


@dataclass(frozen=True, slots=True)
class Messages:
    """What administrators have sent, and what they tell a receiver."""

    deliveries: Deliveries
    secrets: WebhookSecrets

    def secret(self, webhook_id: str, number: int) -> str:
        """See `Webhooks.secret`."""
        return self.secrets.secret(webhook_id, number)

    def test(self, webhook_id: str, now: datetime) -> str:
        """See `Webhooks.test`."""
        told = message(str(uuid4()), TEST, now, {"webhook_id": webhook_id})
        self.deliveries.put([webhook_id], told, now)
        return told.message_id

    def retry(self, webhook_id: str, message_id: str, now: datetime) -> bool:
        """See `Webhooks.retry`."""
        return self.deliveries.retry(webhook_id, message_id, now)
