"""What waits to be told outside, and what became of it: the table ``webhook_delivery``."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from psycopg.rows import args_row

from api.ports import Pool
from readmodels.reading import reading
from readmodels.scope import COMPANY
from readmodels.webhooks import Receiver, receivers

EACH: Final = 4
"""How many messages are sent to one receiver at a time."""

ATTEMPTS_MAX: Final = 10
"""How often a message is sent before it is given up."""

KEPT: Final = timedelta(days=30)
"""How long it is known what has arrived."""

_FIRST_S, _FACTOR, _LONGEST_S = 5.0, 4.0, 86_400.0

_PUT: Final = """
    INSERT INTO webhook_delivery (webhook_id, message_id, kind, body, queued_at, next_at)
    SELECT webhook_id, %(message)s, %(kind)s, %(body)s, %(now)s, %(now)s
    FROM unnest(%(webhooks)s::text[]) AS webhook_id ON CONFLICT DO NOTHING"""
_FORGET: Final = """
    DELETE FROM webhook_delivery WHERE webhook_id = ANY (%(webhooks)s::text[])
        AND state = 'delivered' AND last_at < %(now)s - %(kept)s"""
_TAKE: Final = """
    WITH receiver AS (
        SELECT DISTINCT webhook_id FROM webhook_delivery
        WHERE state = 'waiting' AND next_at <= %(now)s AND webhook_id <> ALL (%(but)s::text[])),
    due AS MATERIALIZED (
        SELECT one.* FROM receiver CROSS JOIN LATERAL (
            SELECT webhook_id, message_id FROM webhook_delivery AS waiting
            WHERE waiting.webhook_id = receiver.webhook_id AND state = 'waiting'
                AND next_at <= %(now)s
            ORDER BY number LIMIT %(each)s FOR UPDATE SKIP LOCKED) AS one)
    UPDATE webhook_delivery SET next_at = %(lost_at)s FROM due
    WHERE (webhook_delivery.webhook_id, webhook_delivery.message_id)
        = (due.webhook_id, due.message_id)
    RETURNING webhook_delivery.webhook_id, webhook_delivery.message_id, body, attempts"""
_NOTE: Final = """
    UPDATE webhook_delivery SET state = %(state)s, attempts = %(attempts)s, next_at = %(next_at)s,
        last_at = %(now)s, last_status = %(status)s, last_error = %(error)s
    WHERE webhook_id = %(webhook)s AND message_id = %(message)s AND state = 'waiting'"""
_AGAIN: Final = """
    UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = %(now)s
    WHERE webhook_id = %(webhook)s AND message_id = %(message)s"""


class Message(NamedTuple):
    """Something to be told, the same to whoever is told."""

    message_id: str
    kind: str
    body: str


class Taken(NamedTuple):
    """A message that is to be sent now."""

    webhook_id: str
    message_id: str
    body: str
    attempts: int
    """How often it was sent before."""


class Outcome(NamedTuple):
    """What became of sending: a status, or why there is none."""

    status: int | None
    error: str | None = None

    @property
    def arrived(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def hopeless(self) -> bool:
        """Whether sending it again is no use: the receiver is gone for good."""
        return self.status == 410 or self.error == RETIRED


RETIRED: Final = "retired"
"""Why nothing is sent to a webhook that was retired meanwhile."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The messages of a ledger, for any number of processes at a time."""

    pool: Pool

    def put(self, webhook_ids: Sequence[str], message: Message, now: datetime) -> None:
        """Have ``message`` sent to these webhooks; nothing for those that have it already.

        What has arrived there is forgotten once it is older than ``KEPT``.
        """
        values = {
            "webhooks": list(webhook_ids),
            "message": message.message_id,
            "kind": message.kind,
            "body": message.body,
            "now": now,
        }
        with self.pool.connection() as connection:
            connection.execute(_PUT, values)
            connection.execute(_FORGET, values | {"kept": KEPT})

    def take(
        self, now: datetime, lost_after: timedelta, but: Collection[str] = ()
    ) -> Mapping[str, Sequence[Taken]]:
        """What is due, a few messages for each webhook, but for some webhooks.

        Nobody else takes them until ``lost_after`` has passed: then they are sent again.
        """
        values = {"now": now, "lost_at": now + lost_after, "but": list(but), "each": EACH}
        with (
            self.pool.connection() as connection,
            connection.cursor(row_factory=args_row(Taken)) as cursor,
        ):
            found = sorted(cursor.execute(_TAKE, values))
        return {of: list(taken) for of, taken in groupby(found, key=lambda one: one.webhook_id)}

    def receivers(self, webhook_ids: Collection[str]) -> Mapping[str, Receiver]:
        """Where to, and with which secrets, as far as the read model knows."""
        with self.pool.connection() as connection, reading(connection, COMPANY):
            return receivers(connection, webhook_ids)

    def note(self, taken: Taken, outcome: Outcome, now: datetime, pause: timedelta) -> None:
        """Note what became of it: it has arrived, is sent again after ``pause``, or is given up."""
        attempts = taken.attempts + 1
        dead = outcome.hopeless or attempts >= ATTEMPTS_MAX
        values = {
            "state": "delivered" if outcome.arrived else "dead" if dead else "waiting",
            "attempts": attempts,
            "next_at": now + pause,
            "now": now,
            "status": outcome.status,
            "error": outcome.error,
            "webhook": taken.webhook_id,
            "message": taken.message_id,
        }
        with self.pool.connection() as connection:
            connection.execute(_NOTE, values)

    def retry(self, webhook_id: str, message_id: str, now: datetime) -> bool:
        """Have it sent again from now on, as if it had never been; whether there is such a one."""
        values = {"webhook": webhook_id, "message": message_id, "now": now}
        with self.pool.connection() as connection:
            return bool(connection.execute(_AGAIN, values).rowcount)


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: four times as long each time, up to a day.

    ``chance``, from 0 to 1, makes it a fifth shorter to a fifth longer, so that those that failed
    together do not come back together.
    """
    whole_s = min(_FIRST_S * _FACTOR ** (attempts - 1), _LONGEST_S)
    return timedelta(seconds=whole_s * (0.8 + 0.4 * chance))
