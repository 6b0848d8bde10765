"""What can be asked of planning policies, and which one holds where."""

from typing import Annotated

from pydantic import Field

from aggregates.policies import planning_policy
from aggregates.policies.planning_policy import PLANNING_POLICY
from aggregates.refusals import WrongState
from commands.command import Command, Day
from commands.inherited import nearest
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.planning_policy import PlanningPolicy
from events.values import Id


class DraftPlanningPolicy(Command):
    """Write down the next version of a region's planning policy; nothing follows it yet."""

    region_id: Id
    document: PlanningPolicy


class ActivatePlanningPolicy(Command):
    """Put a version in force from a day on, for the region and all below that have none."""

    region_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_planning_policy(command: DraftPlanningPolicy, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        PLANNING_POLICY,
        command.region_id,
        planning_policy.draft,
        region_id=command.region_id,
        document=command.document,
    )


def activate_planning_policy(command: ActivatePlanningPolicy, look: Look) -> Decided:
    """Activate it; it may demand more than the regions above have in force, never less."""
    _, *above = regions_from(look, command.region_id, field="region_id")
    inherited = nearest(look, PLANNING_POLICY, above, command.effective_on)
    return look.decide(
        PLANNING_POLICY,
        command.region_id,
        planning_policy.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
        above=None if inherited is None else inherited[2],
    )


def planning_policy_for(look: Look, region_id: str) -> PlanningPolicy:
    """The policy in force for ``region_id`` on the business date: its own or the nearest above.

    Raises:
        NotFound: ``unknown-region``.
        WrongState: ``no-planning-policy``, where neither it nor a region above has one.
    """
    regions = regions_from(look, region_id, field="region_id")
    found = nearest(look, PLANNING_POLICY, regions, look.context.business_date)
    if found is None:
        raise WrongState(
            "no-planning-policy",
            f"neither {region_id} nor a region above it has a planning policy in force",
            field="region_id",
        )
    owner, version, document = found
    look.under(PLANNING_POLICY.stream(owner), version)
    return document
