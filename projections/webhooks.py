"""Who outside is told of what, and which secrets sign: each webhook, at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.recorded import Recorded
from events.work.webhook import (
    WebhookEvent,
    WebhookRegistered,
    WebhookRetired,
    WebhookSecretRotated,
)
from projections.history import begin, interval, row_before, succeed
from projections.projection import CompanyWide, Key, Projection, Rows, Table


class WebhookRow(NamedTuple):
    """One webhook as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    webhook_id: str
    version: int
    label: str
    url: str
    kinds: tuple[str, ...]
    causes: tuple[str, ...]
    """None: all."""
    region_ids: tuple[str, ...]
    """None: all."""
    secret: int
    """The number of the secret that signs."""
    previous_until: datetime | None
    """When the one before it signs no more; ``None``: there was none."""
    retired: bool
    reason: str | None
    """Why it was retired."""
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


WEBHOOK: Final = Table("webhook", WebhookRow, guard=CompanyWide(), key=("webhook_id", "version"))


def keys(recorded: Recorded[WebhookEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(WEBHOOK, recorded.event.webhook_id, recorded)


def evolve(rows: Rows, recorded: Recorded[WebhookEvent]) -> Rows:
    """The webhook as it was, closed, and as it is from now on."""
    event = recorded.event
    match event:
        case WebhookRegistered():
            row = WebhookRow(
                event.webhook_id,
                recorded.envelope.version,
                event.label,
                event.url,
                event.kinds,
                event.causes,
                event.region_ids,
                1,
                None,
                False,
                None,
                *interval(recorded),
            )
            return begin(WEBHOOK, row)
        case WebhookSecretRotated(secret=secret, previous_until=until):
            return succeed(rows, recorded, {"secret": secret, "previous_until": until})
        case WebhookRetired(reason=reason):
            return succeed(rows, recorded, {"retired": True, "reason": reason})
        case unknown:
            assert_never(unknown)


WEBHOOKS: Final = Projection(
    name="webhooks",
    version=1,
    tables=(WEBHOOK,),
    subscribes=frozenset(get_args(WebhookEvent)),
    keys=keys,
    evolve=evolve,
)
"""What each of our receivers outside is told."""
