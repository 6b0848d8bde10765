"""Facts about regions: the tree along which the company is organized."""

from typing import ClassVar

from events.event import Event
from events.values import Id, Name


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


RegionEvent = RegionOpened | RegionMoved
