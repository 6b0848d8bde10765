"""What can be asked of account lifecycles, and which one holds where."""

from typing import Annotated

from pydantic import Field

from aggregates.policies import account_lifecycle
from aggregates.policies.account_lifecycle import ACCOUNT_LIFECYCLE
from aggregates.refusals import WrongState
from commands.command import Command, Day
from commands.inherited import nearest
from commands.look import Decided, Look
from commands.organization.region import regions_from
from events.policies.account_lifecycle import AccountLifecycle
from events.values import Id


class DraftAccountLifecycle(Command):
    """Write down the next version of a region's account lifecycle; nothing follows it yet."""

    region_id: Id
    document: AccountLifecycle


class ActivateAccountLifecycle(Command):
    """Put a version in force from a day on, for the region and all below that have none."""

    region_id: Id
    version: Annotated[int, Field(ge=1, lt=2**31)]
    effective_on: Day


def draft_account_lifecycle(command: DraftAccountLifecycle, look: Look) -> Decided:
    """Draft it; the region must exist."""
    regions_from(look, command.region_id, field="region_id")
    return look.decide(
        ACCOUNT_LIFECYCLE,
        command.region_id,
        account_lifecycle.draft,
        region_id=command.region_id,
        document=command.document,
    )


def activate_account_lifecycle(command: ActivateAccountLifecycle, look: Look) -> Decided:
    """Activate it; it may tighten what the regions above have in force, never weaken it."""
    _, *above = regions_from(look, command.region_id, field="region_id")
    inherited = nearest(look, ACCOUNT_LIFECYCLE, above, command.effective_on)
    return look.decide(
        ACCOUNT_LIFECYCLE,
        command.region_id,
        account_lifecycle.activate,
        region_id=command.region_id,
        version=command.version,
        effective_on=command.effective_on,
        above=None if inherited is None else inherited[2],
    )


def lifecycle_for(look: Look, region_id: str) -> AccountLifecycle:
    """The lifecycle in force for ``region_id`` on the business date: its own or the nearest above.

    Raises:
        NotFound: ``unknown-region``.
        WrongState: ``no-account-lifecycle``, where neither it nor a region above has one.
    """
    regions = regions_from(look, region_id, field="region_id")
    found = nearest(look, ACCOUNT_LIFECYCLE, regions, look.context.business_date)
    if found is None:
        raise WrongState(
            "no-account-lifecycle",
            f"neither {region_id} nor a region above it has an account lifecycle in force",
            field="account_id",
        )
    region, version, document = found
    look.under(ACCOUNT_LIFECYCLE.stream(region), version)
    return document
