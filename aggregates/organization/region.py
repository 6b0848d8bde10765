"""The tree of regions: opened once, moved within the tree, never into itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.refusals import Invalid, NotFound, WrongState
from events.organization.region import (
    Mode,
    RegionEvent,
    RegionModeSet,
    RegionMoved,
    RegionOpened,
)

# --- state: only what a later decision needs ---------------------------------


@dataclass(frozen=True, slots=True)
class Unopened:
    """There is no such region."""


@dataclass(frozen=True, slots=True)
class Open:
    """A region of the tree."""

    opened: RegionOpened
    parent_id: str | None
    mode: Mode | None = None
    """How it sells, where it does not do as the region above."""


Region = Unopened | Open

# --- evolve: what each fact did; decides nothing -----------------------------


def evolve(region: Region, event: RegionEvent) -> Region:
    """The region after ``event``."""
    match event:
        case RegionOpened():
            return Open(event, event.parent_id)
        case RegionMoved():
            return replace(_open(region), parent_id=event.parent_id)
        case RegionModeSet():
            return replace(_open(region), mode=event.mode)
        case unknown:
            assert_never(unknown)


def _open(region: Region) -> Open:
    assert isinstance(region, Open)
    return region


REGION: Final[Decider[Region, RegionEvent]] = Decider("region", Unopened(), evolve)

# --- decisions: one verb each; facts or a refusal ----------------------------


def existing(region: Region, *, field: str) -> Open:
    """The region, which must have been opened.

    Raises:
        NotFound: ``unknown-region``; ``field`` named it.
    """
    if not isinstance(region, Open):
        raise NotFound("unknown-region", "there is no such region", field=field)
    return region


def open_region(
    region: Region, *, region_id: str, name: str, parent_id: str | None
) -> tuple[RegionEvent, ...]:
    """Open it under ``parent_id`` or as a root; nothing when it is open just so.

    Raises:
        WrongState: ``region-already-open``, otherwise than asked for.
        Invalid: ``region-cycle``, when it is its own parent.
    """
    opened = RegionOpened(region_id=region_id, name=name, parent_id=parent_id)
    if isinstance(region, Open):
        if region.opened == opened:
            return ()
        raise WrongState("region-already-open", "this region id is taken", field="region_id")
    if parent_id == region_id:
        raise Invalid("region-cycle", "a region cannot lie below itself", field="parent_id")
    return (opened,)


def move(
    region: Region, *, region_id: str, parent_id: str | None, above: tuple[str, ...]
) -> tuple[RegionEvent, ...]:
    """Put it under ``parent_id``, of which ``above`` are the regions above; nothing if it is there.

    Raises:
        NotFound: ``unknown-region``.
        Invalid: ``region-cycle``, when the new parent is the region itself or lies below it.
    """
    found = existing(region, field="region_id")
    if found.parent_id == parent_id:
        return ()
    if region_id in (parent_id, *above):
        raise Invalid("region-cycle", "a region cannot lie below itself", field="parent_id")
    return (RegionMoved(region_id=region_id, parent_id=parent_id),)


def set_mode(region: Region, *, region_id: str, mode: Mode | None) -> tuple[RegionEvent, ...]:
    """Have it sell this way, or with ``None`` as the region above; nothing if it does.

    Raises:
        NotFound: ``unknown-region``.
    """
    if existing(region, field="region_id").mode == mode:
        return ()
    return (RegionModeSet(region_id=region_id, mode=mode),)


def mode_of(regions: Iterable[Region]) -> Mode:
    """How the first of ``regions`` sells, those above it after it: directly unless one says so."""
    modes = (one.mode for one in regions if isinstance(one, Open) and one.mode is not None)
    return next(modes, "direct")
