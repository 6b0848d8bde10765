"""Facts about sales processes: the stages an opportunity goes through, per region."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.event import Event
from events.values import Id, Name


class Stage(BaseModel):
    """One stage of a sales process."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    stage_id: Id
    name: Name
    engaged: bool = False
    """Whether the sales cycle counts from the day this stage is reached."""


class SalesProcess(BaseModel):
    """The policy document: stages in order, and what may be done with them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=50)]
    may_skip: bool
    """Whether stages may be passed over."""
    loss_reasons: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]


class SalesProcessDrafted(Event):
    """A new version of a region's sales process has been written down; nothing follows it yet."""

    NAME: ClassVar[str] = "sales_process.drafted"

    region_id: Id
    version: int = Field(ge=1)
    document: SalesProcess


class SalesProcessActivated(Event):
    """A version is in force for opportunities from ``effective_on`` (inclusive) on."""

    NAME: ClassVar[str] = "sales_process.activated"

    region_id: Id
    version: int = Field(ge=1)
    effective_on: date


SalesProcessEvent = SalesProcessDrafted | SalesProcessActivated
