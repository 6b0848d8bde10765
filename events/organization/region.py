"""Facts about regions: the tree along which the company is organized."""

from typing import ClassVar, Literal

from events.event import Event
from events.values import Id, Name

Mode = Literal["direct", "channel"]
"""How a region sells: itself, or through partners."""


class RegionOpened(Event):
    """A region exists from now on, under its parent or as a root."""

    NAME: ClassVar[str] = "region.opened"

    region_id: Id
    name: Name
    parent_id: Id | None


class RegionMoved(Event):
    """A region, with all below it, lies under another parent from now on."""

    NAME: ClassVar[str] = "region.moved"

    region_id: Id
    parent_id: Id | None


class RegionModeSet(Event):
    """A region, with all below it that have no mode of their own, sells this way from now on."""

    NAME: ClassVar[str] = "region.mode_set"

    region_id: Id
    mode: Mode | None
    """``None``: as the region above does."""


RegionEvent = RegionOpened | RegionMoved | RegionModeSet
