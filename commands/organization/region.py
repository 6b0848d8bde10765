"""What can be asked of regions."""

from aggregates.organization import region
from aggregates.organization.region import REGION, mode_of
from commands.ancestry import ancestors
from commands.command import Command
from commands.look import Decided, Look
from events.organization.region import Mode
from events.values import Id, Name


class OpenRegion(Command):
    """Open a region under a parent, or as a root."""

    region_id: Id
    name: Name
    parent_id: Id | None = None


class MoveRegion(Command):
    """Put a region, with all below it, under another parent, or make it a root."""

    region_id: Id
    parent_id: Id | None


class SetRegionMode(Command):
    """Have a region sell directly or through a channel, with all below it that have no own mode.

    Without a mode it does as the region above it; where none above has one, it sells directly.
    """

    region_id: Id
    mode: Mode | None


def open_region(command: OpenRegion, look: Look) -> Decided:
    """Open it; its parent must exist."""
    if command.parent_id not in {None, command.region_id}:
        regions_from(look, command.parent_id, field="parent_id")
    return look.begin(
        REGION,
        command.region_id,
        region.open_region,
        region_id=command.region_id,
        name=command.name,
        parent_id=command.parent_id,
    )


def move_region(command: MoveRegion, look: Look) -> Decided:
    """Move it; its new parent must exist and not lie below it."""
    return look.decide(
        REGION,
        command.region_id,
        region.move,
        region_id=command.region_id,
        parent_id=command.parent_id,
        above=regions_from(look, command.parent_id, field="parent_id"),
    )


def set_region_mode(command: SetRegionMode, look: Look) -> Decided:
    """Set it."""
    return look.decide(
        REGION,
        command.region_id,
        region.set_mode,
        region_id=command.region_id,
        mode=command.mode,
    )


def region_mode(look: Look, region_id: str) -> Mode:
    """How a region sells by now: its own mode, or the nearest above.

    Raises:
        NotFound: ``unknown-region``.
    """
    regions = regions_from(look, region_id, field="region_id")
    return mode_of(look(REGION, one) for one in regions)


def regions_from(look: Look, region_id: str | None, *, field: str) -> tuple[str, ...]:
    """``region_id`` and the regions above it, nearest first; empty for ``None``.

    Raises:
        NotFound: ``unknown-region``; ``field`` named it.
    """
    return ancestors(
        look, REGION, region_id, lambda found: region.existing(found, field=field).parent_id
    )
