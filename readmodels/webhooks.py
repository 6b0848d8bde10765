"""Who outside is told of what, and what became of each message."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row
from psycopg.sql import SQL

from projections.webhooks import WebhookRow
from readmodels.moment import REGION_TREE, VALID, Moment
from readmodels.reading import bounded

READS: Final = ("webhooks",)
"""The read model it rests on."""

TOLD_READS: Final = ("organization", *READS)
"""The read models that it rests on who is told."""

Webhook = WebhookRow
"""One webhook as it was."""

DeliveryState = Literal["waiting", "delivered", "dead"]
"""``dead``: it was given up."""

_PAGE: Final = SQL(
    "SELECT * FROM webhook WHERE {valid} AND webhook_id > %(after)s"
    " AND (%(retired)s::boolean IS NULL OR retired = %(retired)s)"
    " ORDER BY webhook_id LIMIT %(limit)s"
).format(valid=VALID)
_ONE: Final = SQL("SELECT * FROM webhook WHERE webhook_id = %(id)s AND {}").format(VALID)
_RECEIVERS: Final = SQL(
    "SELECT webhook_id, url, secret, previous_until, retired FROM webhook"
    " WHERE {} AND webhook_id = ANY(%(ids)s::text[])"
).format(VALID)
_TOLD: Final = SQL(
    """
    WITH RECURSIVE {tree}
    SELECT webhook_id FROM webhook
    WHERE {valid} AND NOT retired AND %(kind)s = ANY(kinds)
        AND (causes = '{{}}' OR %(cause)s = ANY(causes))
        AND (region_ids = '{{}}' OR EXISTS (SELECT FROM within
            WHERE within.region_id = %(region)s AND ancestor_id = ANY(region_ids)))
    ORDER BY webhook_id"""
).format(tree=REGION_TREE, valid=VALID)
_DELIVERIES: Final = """
    SELECT message_id, kind, state, attempts, queued_at,
        CASE state WHEN 'waiting' THEN next_at END, last_at, last_status, last_error
    FROM webhook_delivery
    WHERE webhook_id = %(id)s AND (%(state)s::text IS NULL OR state = %(state)s)
    ORDER BY number DESC OFFSET %(skip)s LIMIT %(limit)s"""


class Receiver(NamedTuple):
    """Where the messages of a webhook go, and which of its secrets sign."""

    webhook_id: str
    url: str
    secret: int
    previous_until: datetime | None
    retired: bool

    def signing(self, now: datetime) -> tuple[int, ...]:
        """The numbers of the secrets that sign at ``now``, the newest first."""
        before = self.previous_until is not None and now < self.previous_until
        return (self.secret, self.secret - 1) if before else (self.secret,)


class Delivery(NamedTuple):
    """What became of a message to a webhook."""

    message_id: str
    kind: str
    state: DeliveryState
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    """When it is sent next; ``None``: it is not."""
    last_at: datetime | None
    last_status: int | None
    last_error: str | None
    """Why there was no answer."""


def webhooks(
    connection: Connection[Any],
    moment: Moment,
    *,
    retired: bool | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[WebhookRow, ...]:
    """Up to ``limit`` webhooks as of ``moment``, in order of their ids, from after ``after``.

    Often empty; asked for inside :func:`readmodels.reading.reading`.
    """
    values = {**moment.parameters, "retired": retired, "after": after, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(WebhookRow)) as cursor:
        return tuple(cursor.execute(_PAGE, values))


def webhook(connection: Connection[Any], moment: Moment, webhook_id: str) -> WebhookRow | None:
    """The webhook as of ``moment``; ``None`` when there was none."""
    with connection.cursor(row_factory=args_row(WebhookRow)) as cursor:
        return cursor.execute(_ONE, {**moment.parameters, "id": webhook_id}).fetchone()


def receivers(connection: Connection[Any], webhook_ids: Collection[str]) -> Mapping[str, Receiver]:
    """Those of ``webhook_ids`` that are known, by id."""
    values = {**Moment().parameters, "ids": list(webhook_ids)}
    with connection.cursor(row_factory=args_row(Receiver)) as cursor:
        return {one.webhook_id: one for one in cursor.execute(_RECEIVERS, values)}


def told_of(
    connection: Connection[Any], moment: Moment, *, kind: str, cause: str, region_id: str | None
) -> tuple[str, ...]:
    """The webhooks that are told of this, in order of their ids; often none."""
    values = {**moment.parameters, "kind": kind, "cause": cause, "region": region_id}
    return tuple(one for (one,) in connection.execute(_TOLD, values))


def deliveries(
    connection: Connection[Any],
    webhook_id: str,
    *,
    state: DeliveryState | None = None,
    skip: int = 0,
    limit: int = 100,
) -> tuple[Delivery, ...]:
    """Up to ``limit`` messages to the webhook, the last one first, from after ``skip`` of them.

    As they stand now: what becomes of messages is not part of the log.
    """
    values = {"id": webhook_id, "state": state, "skip": skip, "limit": bounded(limit)}
    with connection.cursor(row_factory=args_row(Delivery)) as cursor:
        return tuple(cursor.execute(_DELIVERIES, values))
