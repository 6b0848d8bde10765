"""Facts about how deep we stand with an account: what was checked, and the stage it is at."""

from typing import ClassVar

from events.event import Event
from events.values import Id, Reason, Uri


class AccountCheckRecorded(Event):
    """Something the account lifecycle asks for has been found out; the newest result counts."""

    NAME: ClassVar[str] = "account.check_recorded"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    check_id: Id
    """One of the checks of the lifecycle, such as ``background_check``."""
    result: Reason
    evidence: Uri | None
    """Where what it rests on is kept."""


class AccountStageMoved(Event):
    """The relationship with an account is at another stage of the lifecycle."""

    NAME: ClassVar[str] = "account.stage_moved"
    PARTITION: ClassVar[str | None] = "account_id"

    account_id: Id
    from_stage: Id
    to_stage: Id
    reason: Reason | None
    """Why a stage was passed over, or why it went back; else what there is to say."""


AccountStageEvent = AccountCheckRecorded | AccountStageMoved
