"""The doors of webhooks: who outside is told, what signs it, and what became of each message."""

from datetime import datetime
from typing import Any, Final

from pydantic import Field
from starlette.responses import Response

from api.access.reader import Reader, ReaderOf
from api.answers import Answer, Body, Page
from api.openapi import of_list, of_one, problem_responses
from api.pages import as_json, as_page
from api.problems import Problem
from api.questions import AskedOfList, AskedOfOne, Asking, Question, asking, questions
from events.values import Id
from readmodels import webhooks
from readmodels.webhooks import DeliveryState, Receiver, Webhook

ROUTER: Final = questions()

_ROLE: Final = "administrator"


def _of_administrators(answer: type[Body]) -> dict[str, Any]:
    """What a door for administrators says of itself."""
    told = of_one(answer)
    return {
        **told,
        "responses": told["responses"] | problem_responses("not-allowed", "wrong-state"),
    }


class WebhookItem(Body):
    """One webhook as it was."""

    webhook_id: str
    version: int
    label: str
    url: str
    kinds: list[str]
    causes: list[str] = Field(description="Only of these kinds of cause; none: of all.")
    region_ids: list[str] = Field(description="Only of these regions and below; none: of all.")
    secret: int = Field(description="The number of the secret that signs.")
    previous_until: datetime | None = Field(
        description="When the secret before it signs no more; null: there was none."
    )
    retired: bool
    reason: str | None
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


class WebhooksPage(Page):
    """Webhooks in order of their ids."""

    items: list[WebhookItem]


class WebhookAnswer(Answer):
    """One webhook."""

    item: WebhookItem


class SecretPart(Body):
    """A secret that signs."""

    number: int
    secret: str
    until: datetime | None = Field(description="When it signs no more; null: not yet known.")


class WebhookSecretsAnswer(Answer):
    """The secrets of a webhook that sign now, the newest first."""

    webhook_id: str
    secrets: list[SecretPart]


class DeliveryItem(Body):
    """What became of a message, as it stands now."""

    message_id: str
    kind: str
    state: str
    attempts: int
    queued_at: datetime
    next_at: datetime | None = Field(description="When it is sent next; null: it is not.")
    last_at: datetime | None
    last_status: int | None
    last_error: str | None = Field(description="Why there was no answer.")


class DeliveriesPage(Page):
    """Messages to a webhook, the last one first."""

    items: list[DeliveryItem]


class MessageWaiting(Body):
    """A message that is sent from now on."""

    webhook_id: str
    message_id: str


@ROUTER.get("/webhooks", **of_list(WebhooksPage))
def get_webhooks(*, retired: bool | None = None, question: AskedOfList) -> Response:
    """Who outside is told of alerts and notices, as it was."""
    with asking(question, webhooks.READS) as asked:
        rows = webhooks.webhooks(
            asked.connection,
            asked.moment,
            retired=retired,
            after=question.after,
            limit=question.limit,
        )
    following = question.following(rows, lambda row: row.webhook_id)
    return as_page(WebhooksPage, [_item(row) for row in rows], asked, question, following=following)


@ROUTER.get("/webhooks/{webhook_id}", **of_one(WebhookAnswer))
def get_webhook(webhook_id: Id, question: AskedOfOne) -> Response:
    """One webhook as it was."""
    with asking(question, webhooks.READS) as asked:
        row = _existing(asked, webhook_id)
    answer = WebhookAnswer(**asked.freshness, item=_item(row))
    return as_json(answer, asked, version=row.version)


@ROUTER.get("/webhooks/{webhook_id}/secret", **_of_administrators(WebhookSecretsAnswer))
def get_webhook_secret(webhook_id: Id, reader: ReaderOf) -> Response:
    """The secrets with which messages are signed now; for administrators."""
    _expect_administrator(reader)
    now = reader.doors.clock()
    with asking(Question(reader=reader), webhooks.READS) as asked:
        row = _existing(asked, webhook_id)
    receiver = Receiver(row.webhook_id, row.url, row.secret, row.previous_until, row.retired)
    found = [
        SecretPart(
            number=number,
            secret=reader.doors.webhooks.secret(webhook_id, number),
            until=None if number == row.secret else row.previous_until,
        )
        for number in receiver.signing(now)
    ]
    answer = WebhookSecretsAnswer(**asked.freshness, webhook_id=webhook_id, secrets=found)
    response = as_json(answer, asked, version=row.version)
    response.headers["Cache-Control"] = "no-store"
    return response


@ROUTER.get("/webhooks/{webhook_id}/deliveries", **of_list(DeliveriesPage, "not-found"))
def get_deliveries(
    webhook_id: Id, *, state: DeliveryState | None = None, question: AskedOfList
) -> Response:
    """What became of each message to a webhook, as it stands now, whatever the day asked for."""
    with asking(question, webhooks.READS) as asked:
        _existing(asked, webhook_id)
        rows = webhooks.deliveries(
            asked.connection, webhook_id, state=state, skip=question.skip, limit=question.limit
        )
    items = [DeliveryItem(**row._asdict()) for row in rows]
    return as_page(DeliveriesPage, items, asked, question, following=question.further(rows))


@ROUTER.post(
    "/webhooks/{webhook_id}/deliveries/{message_id}/retry", **_of_administrators(MessageWaiting)
)
def retry_delivery(webhook_id: Id, message_id: Id, reader: ReaderOf) -> MessageWaiting:
    """Have a message sent again from now on, under the same id; for administrators."""
    _expect_told(reader, webhook_id)
    if not reader.doors.webhooks.retry(webhook_id, message_id, reader.doors.clock()):
        raise Problem("not-found", "unknown-delivery", "there is no such message to this webhook")
    return MessageWaiting(webhook_id=webhook_id, message_id=message_id)


@ROUTER.post("/webhooks/{webhook_id}/test", **_of_administrators(MessageWaiting))
def try_webhook(webhook_id: Id, reader: ReaderOf) -> MessageWaiting:
    """Have a message of the type ``webhook.test`` sent, a new one each time; for administrators."""
    _expect_told(reader, webhook_id)
    message_id = reader.doors.webhooks.test(webhook_id, reader.doors.clock())
    return MessageWaiting(webhook_id=webhook_id, message_id=message_id)


def _expect_administrator(reader: Reader) -> None:
    if _ROLE not in reader.principal.key.roles:
        raise Problem("not-allowed", "role-missing", f"this is for {_ROLE}")


def _expect_told(reader: Reader, webhook_id: str) -> None:
    """That who asks may have something sent, and that the webhook is not retired."""
    _expect_administrator(reader)
    with asking(Question(reader=reader), webhooks.READS) as asked:
        row = _existing(asked, webhook_id)
    if row.retired:
        raise Problem("wrong-state", "webhook-retired", "this webhook was retired")


def _existing(asked: Asking, webhook_id: str) -> Webhook:
    row = webhooks.webhook(asked.connection, asked.moment, webhook_id)
    if row is None:
        raise Problem("not-found", "unknown-webhook", "there is no such webhook")
    return row


def _item(row: Webhook) -> WebhookItem:
    return WebhookItem(**row._asdict())
