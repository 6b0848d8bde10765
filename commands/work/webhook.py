"""What can be asked of webhooks."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from aggregates.work import webhook
from aggregates.work.webhook import WEBHOOK
from commands.command import Command
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.values import Id, Name, Reason
from events.work.webhook import MessageKind, WebhookRegistered, WebhookUrl


class RegisterWebhook(Command):
    """Have a URL told of alerts or notices, in the form of Standard Webhooks.

    Its secret is made here and never recorded: administrators ask for it.
    """

    webhook_id: Id
    label: Name
    url: WebhookUrl
    kinds: Annotated[tuple[MessageKind, ...], Field(min_length=1, max_length=2)] = (
        "alert.raised",
        "notice.sent",
    )
    causes: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    region_ids: Annotated[tuple[Id, ...], Field(max_length=100)] = ()


class RotateWebhookSecret(Command):
    """Have the next secret sign, beside the one before it for some hours."""

    webhook_id: Id
    secret: Annotated[int, Field(ge=2, lt=2**31)]
    """The number of the next one."""
    keep_hours: Annotated[int, Field(ge=0, le=720)] = 24


class RetireWebhook(Command):
    """Have it told no more, for good; what still waits is not sent."""

    webhook_id: Id
    reason: Reason


def register_webhook(command: RegisterWebhook, look: Look) -> Decided:
    """Register it; the regions must exist."""
    for region_id in command.region_ids:
        regions_from(look, region_id, field="region_ids")
    fact = WebhookRegistered.model_validate(dict(command))
    return look.begin(WEBHOOK, command.webhook_id, webhook.register, fact=fact)


def rotate_webhook_secret(command: RotateWebhookSecret, look: Look) -> Decided:
    """Rotate it, from now on."""
    return look.decide(
        WEBHOOK,
        command.webhook_id,
        webhook.rotate_secret,
        webhook_id=command.webhook_id,
        secret=command.secret,
        previous_until=look.context.now + timedelta(hours=command.keep_hours),
    )


def retire_webhook(command: RetireWebhook, look: Look) -> Decided:
    """Retire it."""
    return look.decide(
        WEBHOOK,
        command.webhook_id,
        webhook.retire,
        webhook_id=command.webhook_id,
        reason=command.reason,
    )
