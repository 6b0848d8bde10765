"""Facts about notices: what somebody is to know, and that they have read it."""

from typing import ClassVar

from events.event import Event
from events.values import Id, PersonId


class NoticeSent(Event):
    """An employee is to know of something; it waits for them until they have read it."""

    NAME: ClassVar[str] = "notice.sent"

    notice_id: Id
    employee_id: PersonId
    account_id: Id
    subject_kind: Id
    """What it is about, such as ``alert``."""
    subject_id: Id


class NoticeRead(Event):
    """They have read it."""

    NAME: ClassVar[str] = "notice.read"

    notice_id: Id
    employee_id: PersonId


NoticeEvent = NoticeSent | NoticeRead
"""One notice for one employee."""
