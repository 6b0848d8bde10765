"""One notice for one employee: sent once, read once."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import NotAllowed, NotFound
from events.work.notice import NoticeEvent, NoticeRead, NoticeSent

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unsent:
    """There is no such notice."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It waits for an employee, or was read by them."""

    employee_id: str
    read: bool = False


Notice = Unsent | Sent

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(notice: Notice, event: NoticeEvent) -> Notice:
    """The notice after ``event``."""
    match event:
        case NoticeSent(employee_id=employee_id):
            return Sent(employee_id)
        case NoticeRead():
            assert isinstance(notice, Sent)
            return replace(notice, read=True)
        case unknown:
            assert_never(unknown)


NOTICE: Final[Decider[Notice, NoticeEvent]] = Decider("notice", Unsent(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def send(notice: Notice, *, fact: NoticeSent) -> tuple[NoticeEvent, ...]:
    """Send it; nothing when it was sent."""
    return () if isinstance(notice, Sent) else (fact,)


def read(notice: Notice, *, notice_id: str, employee_id: str) -> tuple[NoticeEvent, ...]:
    """Record that they have read it; nothing if they had.

    Raises:
        NotFound: ``unknown-notice``.
        NotAllowed: ``notice-of-another``: it is for somebody else.
    """
    if isinstance(notice, Unsent):
        raise NotFound("unknown-notice", "there is no such notice", field="notice_id")
    if notice.employee_id != employee_id:
        raise NotAllowed("notice-of-another", "it is for somebody else", field="notice_id")
    if notice.read:
        return ()
    return (NoticeRead(notice_id=notice_id, employee_id=employee_id),)
