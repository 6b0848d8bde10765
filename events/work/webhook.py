"""Facts about webhooks: who outside is told of alerts and notices, and which secret signs."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from events.event import Event
from events.values import Id, Name, Reason

MessageKind = Literal["alert.raised", "notice.sent"]
"""What a message tells: the fact of that name."""

WebhookUrl = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[!-~]+$")]
"""Where messages are posted to, in ASCII as a URL has it."""


class WebhookRegistered(Event):
    """Somebody outside is told from now on. The log holds no secret, only its number: 1."""

    NAME: ClassVar[str] = "webhook.registered"

    webhook_id: Id
    label: Name
    url: WebhookUrl
    kinds: Annotated[tuple[MessageKind, ...], Field(min_length=1, max_length=2)]
    causes: Annotated[tuple[Id, ...], Field(max_length=50)]
    """Only of alerts with one of these kinds of cause; none: of all."""
    region_ids: Annotated[tuple[Id, ...], Field(max_length=100)]
    """Only of accounts in one of these regions or below; none: of all."""


class WebhookSecretRotated(Event):
    """Another secret signs, beside the one before it until that ends."""

    NAME: ClassVar[str] = "webhook.secret_rotated"

    webhook_id: Id
    secret: int = Field(ge=2)
    """Its number."""
    previous_until: AwareDatetime
    """The first instant at which the one before signs no more; aware UTC."""


class WebhookRetired(Event):
    """They are told no more."""

    NAME: ClassVar[str] = "webhook.retired"

    webhook_id: Id
    reason: Reason


WebhookEvent = WebhookRegistered | WebhookSecretRotated | WebhookRetired
"""One webhook: registered, its secret changed from time to time, retired for good."""
