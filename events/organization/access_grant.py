"""Facts about grants: what somebody may see beyond their own, and until when."""

from datetime import date
from typing import ClassVar, Literal

from events.event import Event
from events.values import Id, PersonId, Reason

Level = Literal["read", "write"]
"""``read``: to see it. ``write``: to issue commands about it as well, as far as one's role goes."""


class AccessGranted(Event):
    """An employee may see a region with all below it, or an account, up to a day."""

    NAME: ClassVar[str] = "access.granted"

    grant_id: Id
    employee_id: PersonId
    region_id: Id | None
    account_id: Id | None
    """Either this or the region is told."""
    level: Level
    until_on: date
    """The last day."""
    reason: Reason


class AccessRevoked(Event):
    """A grant is worth nothing from now on."""

    NAME: ClassVar[str] = "access.revoked"

    grant_id: Id
    reason: Reason


AccessGrantEvent = AccessGranted | AccessRevoked
