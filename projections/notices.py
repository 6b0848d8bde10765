"""What each of our people is to know: each notice, at every time."""

from datetime import datetime
from typing import Final, NamedTuple, assert_never, get_args

from events.recorded import Recorded
from events.work.notice import NoticeEvent, NoticeRead, NoticeSent
from projections.history import begin, interval, row_before, succeed
from projections.projection import ByEmployee, Key, Projection, Rows, Table


class NoticeRow(NamedTuple):
    """One notice as it was from ``valid_from`` (inclusive) to ``valid_to`` (exclusive)."""

    notice_id: str
    version: int
    employee_id: str
    account_id: str
    subject_kind: str
    subject_id: str
    read: bool
    sent_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None


NOTICE: Final = Table(
    "notice",
    NoticeRow,
    guard=ByEmployee(),
    key=("notice_id", "version"),
    indexes=(("employee_id",), ("account_id",)),
)


def keys(recorded: Recorded[NoticeEvent]) -> tuple[Key, ...]:
    """The row of the version before."""
    return row_before(NOTICE, recorded.event.notice_id, recorded)


def evolve(rows: Rows, recorded: Recorded[NoticeEvent]) -> Rows:
    """The notice as it was, closed, and as it is from now on."""
    event = recorded.event
    match event:
        case NoticeSent():
            row = NoticeRow(
                event.notice_id,
                recorded.envelope.version,
                event.employee_id,
                event.account_id,
                event.subject_kind,
                event.subject_id,
                False,
                recorded.envelope.occurred_at,
                *interval(recorded),
            )
            return begin(NOTICE, row)
        case NoticeRead():
            return succeed(rows, recorded, {"read": True})
        case unknown:
            assert_never(unknown)


NOTICES: Final = Projection(
    name="notices",
    version=1,
    tables=(NOTICE,),
    subscribes=frozenset(get_args(NoticeEvent)),
    keys=keys,
    evolve=evolve,
)
