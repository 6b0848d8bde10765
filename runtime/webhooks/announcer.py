"""What follows from alerts and notices: messages to whoever outside is told of them."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from psycopg_pool import ConnectionPool

from events.recorded import Recorded, instant
from events.work.alert import AlertRaised
from events.work.notice import NoticeSent
from projections.alerts import AlertRow
from readmodels.alerts import alert
from readmodels.moment import EVER, Moment
from readmodels.reading import reading
from readmodels.scope import COMPANY
from readmodels.webhooks import TOLD_READS, told_of
from replay.ports import LogSource
from runtime.reaction import Cursor, follow, read_models_reach
from runtime.webhooks.deliveries import Deliveries, Message

ANNOUNCER: Final = "when_an_alert_is_raised_tell_webhooks"
_READS: Final = ("alerts", *TOLD_READS)
_TOLD: Final = (
    "alert_id",
    "account_id",
    "region_id",
    "cause",
    "caused_on",
    "rule_id",
    "rule_version",
    "severity",
    "events",
    "owner_id",
    "due_on",
)
"""What is told of an alert. What its condition saw is not: that may be money."""


@dataclass(frozen=True, slots=True)
class Announcer:
    """Puts a message for each webhook that is told of an alert or of a notice.

    It begins at the head of the log, and passes over what was imported. Seen again, a fact gives
    the same messages, which are there already.
    """

    pool: ConnectionPool[Any]
    source: LogSource
    deliveries: Deliveries
    clock: Callable[[], datetime]

    def run(self, stop: threading.Event) -> None:
        """Follow the log until ``stop``; the cursor moves only after the messages are there."""
        cursor = Cursor(self.pool, ANNOUNCER)
        follow(self.source, cursor, cursor.begin_at_head(), partial(self._looked_at, stop), stop)

    def react_to(self, recorded: Recorded[Any]) -> int:
        """Put the messages that follow from a fact; returns to how many webhooks.

        The read models it asks have folded the fact.
        """
        if not _matters(recorded):
            return 0
        moment = Moment(EVER, recorded.envelope.recorded_at)
        with self.pool.connection() as connection, reading(connection, COMPANY):
            found = alert(connection, moment, _alert_id(recorded.event))
            assert found is not None, "a notice of an alert comes with it"
            webhook_ids = told_of(
                connection,
                moment,
                kind=recorded.event.NAME,
                cause=found.cause,
                region_id=found.region_id,
            )
        if webhook_ids:
            self.deliveries.put(webhook_ids, _message(recorded, found), self.clock())
        return len(webhook_ids)

    def _looked_at(self, stop: threading.Event, recorded: Recorded[Any]) -> bool:
        """Whether the fact has been reacted to, and not ``stop`` come before it could be."""
        if _matters(recorded):
            if not read_models_reach(self.pool, _READS, recorded.envelope.position, stop):
                return False
            self.react_to(recorded)
        return True


def message(message_id: str, kind: str, at: datetime, data: Mapping[str, Any]) -> Message:
    """A message in the form of Standard Webhooks: ``type``, ``timestamp`` and ``data``."""
    body = {"type": kind, "timestamp": instant(at), "data": data}
    return Message(message_id, kind, json.dumps(body, separators=(",", ":")))


def _matters(recorded: Recorded[Any]) -> bool:
    match recorded.event:
        case AlertRaised() | NoticeSent(subject_kind="alert"):
            return not recorded.envelope.imported
        case _:
            return False


def _alert_id(event: AlertRaised | NoticeSent) -> str:
    return event.alert_id if isinstance(event, AlertRaised) else event.subject_id


def _message(recorded: Recorded[Any], found: AlertRow) -> Message:
    event, row = recorded.event, found._asdict()
    told = {name: row[name] for name in _TOLD} | found.actions
    notice = None
    message_id = found.alert_id
    if isinstance(event, NoticeSent):
        message_id = event.notice_id
        notice = {"notice_id": event.notice_id, "employee_id": event.employee_id}
    data = {"alert": told, "notice": notice}
    return message(message_id, event.NAME, recorded.envelope.recorded_at, data)
