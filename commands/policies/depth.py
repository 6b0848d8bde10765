"""What can be asked of depth policies."""

from typing import Annotated

from pydantic import Field

from aggregates.policies import depth
from aggregates.policies.depth import DEPTH_POLICY
from commands.command import Command, Day
from commands.inherited import nearest
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.depth import DepthPolicy
from events.values import Id


class DraftDepthPolicy(Command):
    """Write down the next version of what makes a relationship deep; nothing follows it yet."""

    region_id: Id
    document: DepthPolicy


class ActivateDepthPolicy(Command):
    """Put a version in force from a day on, for the region and all below that have none."""

    region_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_depth_policy(command: DraftDepthPolicy, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        DEPTH_POLICY,
        command.region_id,
        depth.draft,
        region_id=command.region_id,
        document=command.document,
    )


def activate_depth_policy(command: ActivateDepthPolicy, look: Look) -> Decided:
    """Activate it; it may count less as effective than the regions above, never more."""
    _, *above = regions_from(look, command.region_id, field="region_id")
    inherited = nearest(look, DEPTH_POLICY, above, command.effective_on)
    return look.decide(
        DEPTH_POLICY,
        command.region_id,
        depth.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
        above=None if inherited is None else inherited[2],
    )
