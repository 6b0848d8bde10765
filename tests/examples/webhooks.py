"""A receiver outside: registered, given another secret, retired."""

from datetime import UTC, datetime
from typing import Final

from events.work.webhook import WebhookRegistered, WebhookRetired, WebhookSecretRotated

REGISTERED: Final = WebhookRegistered(
    webhook_id="desk",
    label="Service desk",
    url="https://desk.example/keyledger?team=1",
    kinds=("alert.raised", "notice.sent"),
    causes=("contact_left", "health_low"),
    region_ids=("emea",),
)
ROTATED: Final = WebhookSecretRotated(
    webhook_id="desk", secret=2, previous_until=datetime(2026, 3, 2, 12, tzinfo=UTC)
)
RETIRED: Final = WebhookRetired(webhook_id="desk", reason="the desk has moved")
