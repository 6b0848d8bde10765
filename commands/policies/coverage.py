"""What can be asked of coverage policies."""

from datetime import date
from typing import Annotated

from pydantic import Field

from aggregates.policies import coverage
from aggregates.policies.coverage import COVERAGE_POLICY
from commands.command import Command, Day
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.coverage import CoveragePolicy
from events.values import Id


class DraftCoveragePolicy(Command):
    """Write down the next version of whom we must know at a customer; nothing follows it yet."""

    region_id: Id
    document: CoveragePolicy


class ActivateCoveragePolicy(Command):
    """Put a version in force from a day on, for the region and all below it."""

    region_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_coverage_policy(command: DraftCoveragePolicy, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        COVERAGE_POLICY,
        command.region_id,
        coverage.draft,
        region_id=command.region_id,
        document=command.document,
    )


def activate_coverage_policy(command: ActivateCoveragePolicy, look: Look) -> Decided:
    """Activate it; it may tighten what the regions above have in force, never weaken it."""
    _, *above = regions_from(look, command.region_id, field="region_id")
    return look.decide(
        COVERAGE_POLICY,
        command.region_id,
        coverage.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
        above=tuple(_in_force(look, above, command.effective_on)),
    )


def _in_force(look: Look, regions: list[str], on: date) -> list[CoveragePolicy]:
    found = (look(COVERAGE_POLICY, region_id).in_force(on) for region_id in regions)
    return [in_force[1] for in_force in found if in_force is not None]
