"""What can be asked of white space policies."""

from typing import Annotated

from pydantic import Field

from aggregates.pipeline.product import PRODUCT, sold
from aggregates.policies import white_space
from aggregates.policies.white_space import WHITE_SPACE_POLICY
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.white_space import WhiteSpacePolicy
from events.values import Id


class DraftWhiteSpacePolicy(Command):
    """Write down the next version of what to offer customers; nothing follows it yet."""

    region_id: Id
    document: WhiteSpacePolicy


class ActivateWhiteSpacePolicy(Command):
    """Put a version in force from a day on, for the region and all below it without their own."""

    region_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_white_space_policy(command: DraftWhiteSpacePolicy, look: Look) -> Decided:
    """Draft it; the region must exist, and each product be on the list."""
    regions_from(look, command.region_id, field="region_id")
    for one in command.document.recommendations:
        sold(look(PRODUCT, one.product_id), field="document.recommendations")
    return look.decide(
        WHITE_SPACE_POLICY,
        command.region_id,
        white_space.draft,
        region_id=command.region_id,
        document=command.document,
    )


def activate_white_space_policy(command: ActivateWhiteSpacePolicy, look: Look) -> Decided:
    """Activate it."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        WHITE_SPACE_POLICY,
        command.region_id,
        white_space.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
    )
