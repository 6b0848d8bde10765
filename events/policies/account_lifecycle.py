"""Facts about account lifecycles: the stages a relationship goes through, per region."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.values import Id, Name


class LifecycleStage(BaseModel):
    """One stage of a relationship, and what is found out before an account goes on from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    stage_id: Id
    name: Name
    checks: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    """What is recorded on the account before a later stage may be entered from this one."""


class AccountLifecycle(BaseModel):
    """The policy document: stages in order, such as identification, penetration, lock_in."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    stages: Annotated[tuple[LifecycleStage, ...], Field(min_length=1, max_length=50)]


class AccountLifecycleDrafted(Event):
    """A new version of a region's account lifecycle is written down; nothing follows it yet."""

    NAME: ClassVar[str] = "account_lifecycle.drafted"

    region_id: Id
    version: int = Field(ge=1)
    document: AccountLifecycle


class AccountLifecycleActivated(Event):
    """A version is in force for accounts from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "account_lifecycle.activated"

    region_id: Id
    version: int = Field(ge=1)
    effective_on: date


AccountLifecycleEvent = AccountLifecycleDrafted | AccountLifecycleActivated
